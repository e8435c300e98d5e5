/** The enrolment desk over the stand-in: the language of the subject, consent, exemptions, and the receipt. */
import { expect, type Locator, type Page, test } from '@playwright/test'
import decodeQR from 'qr/decode.js'
import sharp from 'sharp'
import { ar } from '../../src/renderer/locale/ar.ts'
import { de } from '../../src/renderer/locale/de.ts'
import { en } from '../../src/renderer/locale/en.ts'
import type { FakePlan } from '../support/fakePlan.ts'
import { calls, openWindow, serveWindow } from './standIn.ts'

serveWindow()

/** What a scanner reads of a picture of the page. */
async function codeIn(place: Locator): Promise<string> {
  const { data, info } = await sharp(await place.screenshot())
    .flatten({ background: '#ffffff' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return decodeQR({ width: info.width, height: info.height, data })
}

async function enrolled(change: Partial<FakePlan> = {}): Promise<Page> {
  const page = await openWindow(change)
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.keyboard.type('R-48211')
  await page.keyboard.press('Space')
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByText(en.enrol.done.title)).toBeVisible()
  return page
}

test('the subject is guided in the language that was chosen, and the next one in that of the desk', async () => {
  const page = await openWindow()
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.getByLabel(en.subjectLanguage.label).selectOption('ar')
  const say = page.locator('.say .t')
  await expect(say).toHaveText(ar.say.hold)
  await expect(say).toHaveAttribute('dir', 'rtl')
  await expect(page.getByRole('heading', { name: en.checks.allGood })).toBeVisible()
  await page.getByLabel(en.enrol.number).fill('R-48211')
  await page.keyboard.press('Space')
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  await page.getByLabel(en.enrol.number).press('Enter')
  await expect(page.locator('.receipt')).toContainText(ar.receipt.yours)
  await page.keyboard.press('Enter')
  await expect(page.locator('.say .t')).toHaveText(en.say.hold)
})

test('the receipt holds the number alone as a code, prints alone, and speaks the language of the subject', async () => {
  const page = await enrolled()
  expect(await codeIn(page.locator('.receipt .code'))).toBe('R-48211')
  await expect(page.locator('.receipt')).not.toContainText('Ada')
  await page.getByLabel(en.subjectLanguage.label).selectOption('de')
  await expect(page.locator('.receipt')).toContainText(de.receipt.codeOnly)
  await expect(page.locator('.receipt')).toHaveAttribute('lang', 'de')
  await page.evaluate(() => {
    Object.assign(window, { printed: 0, print: () => ((window as unknown as { printed: number }).printed += 1) })
  })
  await page.keyboard.press('Control+p')
  await page.getByRole('button', { name: en.receipt.print }).click()
  expect(await page.evaluate(() => (window as unknown as { printed: number }).printed)).toBe(2)
  await page.emulateMedia({ media: 'print' })
  const shown = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).visibility)
  expect([await shown('.nav'), await shown('.done-number'), await shown('.receipt-number')]).toEqual(['hidden', 'hidden', 'visible'])
  expect(await codeIn(page.locator('.receipt .code'))).toBe('R-48211')
  const pdf = await page.pdf({ format: 'A6' })
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
  await page.emulateMedia({ media: 'screen' })
  await page.keyboard.press('F9')
  await expect(page.locator('.receipt')).toHaveCount(0)
})

const consent = {
  version: 4,
  createdAt: '2026-06-09T09:30:00.000Z',
  texts: { en: 'May we take pictures of you?\n\nYou can say no.', de: 'Dürfen wir Bilder von Ihnen machen?' },
}

test('consent is asked for before the camera in the language of the subject, and recorded with its version', async () => {
  const page = await openWindow({ consent })
  await expect(page.getByText('May we take pictures of you?')).toBeVisible()
  await expect(page.getByText(en.say.hold)).toHaveCount(0)
  await page.getByLabel(en.subjectLanguage.label).selectOption('de')
  await expect(page.getByText('Dürfen wir Bilder')).toBeVisible()
  await expect(page.getByRole('button', { name: de.consent.yes })).toBeVisible()
  const [yes, no] = [
    await page.getByRole('button', { name: de.consent.yes }).boundingBox(),
    await page.getByRole('button', { name: de.consent.no }).boundingBox(),
  ]
  expect([yes?.width, yes?.height]).toEqual([no?.width, no?.height])
  await page.locator('h2').first().click()
  await page.keyboard.press('y')
  await expect(page.locator('.say .t')).toHaveText(de.say.hold)
  await page.getByLabel(en.enrol.number).fill('R-48211')
  await page.keyboard.press('Space')
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  await page.getByLabel(en.enrol.number).press('Enter')
  await expect(page.getByText(en.enrol.done.title)).toBeVisible()
  expect(await calls(page, 'subject.enrol')).toMatchObject([{ consentVersion: 4, consentLanguage: 'de' }])
  await page.keyboard.press('Enter')
  await expect(page.getByText('May we take pictures of you?')).toBeVisible()
})

test('a no stores nothing, and a text that changed meanwhile is asked for anew with the shots kept', async () => {
  const page = await openWindow({ consent })
  await expect(page.getByText('May we take pictures of you?')).toBeVisible()
  await page.keyboard.press('n')
  await expect(page.getByText(en.consent.nothing)).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByText('May we take pictures of you?')).toBeVisible()
  expect(await calls(page, 'capture.take')).toEqual([])
  await page.keyboard.press('y')
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.getByLabel(en.enrol.number).fill('R-48211')
  await page.keyboard.press('Space')
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  await page.evaluate(() => {
    const { state } = (window as unknown as { fakeStation: { state: { consent: object } } }).fakeStation
    state.consent = { version: 5, createdAt: '2026-06-10T09:30:00.000Z', texts: { en: 'May we still?' } }
  })
  await page.getByLabel(en.enrol.number).press('Enter')
  await expect(page.getByText('May we still?')).toBeVisible()
  await page.keyboard.press('y')
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  await page.getByLabel(en.enrol.number).press('Enter')
  await expect(page.getByText(en.enrol.done.title)).toBeVisible()
  expect((await calls(page, 'subject.enrol')).at(-1)).toMatchObject({ consentVersion: 5, consentLanguage: 'en' })
})

test('a refused quality says the worst and what to do; an exemption needs its reason and lets the enrolment go on', async () => {
  const worst = { component: 'eyesOpen', raw: 0.01, score: 3, verdict: 'refuse', distance: -2, bar: 0, side: 'low' }
  const page = await openWindow({ qualityRefused: worst })
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.keyboard.type('R-48211')
  await page.keyboard.press('Space')
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByText(en.quality.components.eyesOpen.low)).toBeVisible()
  await expect(page.getByText(en.exemption.hint)).toBeVisible()
  await page.getByLabel(en.exemption.label).selectOption('other')
  await expect.poll(() => calls(page, 'capture.guide')).toContainEqual(expect.objectContaining({ exemption: 'other' }))
  await page.getByLabel(en.enrol.number).press('Enter')
  await expect(page.getByText(en.exemption.noteNeeded)).toBeVisible()
  await page.getByLabel(en.exemption.note).fill('holds an infant')
  await page.getByLabel(en.enrol.number).press('Enter')
  await expect(page.getByText(en.enrol.done.title)).toBeVisible()
  expect((await calls(page, 'subject.enrol')).at(-1)).toMatchObject({
    preset: 'enrolment',
    exemption: 'other',
    exemptionNote: 'holds an infant',
  })
})

test('an administrator writes the text, each change is a new version, and a supervisor saves what is stored of a subject', async () => {
  const page = await openWindow({ role: 'administrator' })
  await expect(page.getByRole('navigation')).toBeVisible()
  await page.keyboard.press('Alt+9')
  await page.getByLabel(en.settings.consent.words, { exact: true }).fill('May we?')
  await page.getByLabel(en.settings.consent.language).selectOption('ar')
  await page.getByLabel(en.settings.consent.words, { exact: true }).fill('هل تسمح؟')
  await page.getByRole('button', { name: en.settings.consent.save }).click()
  await expect(page.getByText(/^Text 1 of/)).toBeVisible()
  expect(await calls(page, 'consent.change')).toEqual([{ texts: { en: 'May we?', ar: 'هل تسمح؟' } }])
  await page.keyboard.press('Alt+1')
  await expect(page.getByText('May we?')).toBeVisible()
  await page.keyboard.press('Alt+4')
  await page.getByRole('option').first().click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: en.subjects.export }).click()])
  expect(download.suggestedFilename()).toBe('vultus-subject.json')
  expect(await calls(page, 'subject.export')).toHaveLength(1)
})

test('a picture that is about to be taken by itself is announced, can be stopped by key and button, and comes when it is not', async () => {
  const page = await openWindow()
  await expect(page.getByText(en.say.hold)).toBeVisible()
  const taken = async () => (await calls(page, 'capture.take')).length
  const stop = page.getByRole('button', { name: en.enrol.stop })
  const switchOn = async () => {
    await page.locator('h2').first().click()
    await page.keyboard.press('a')
    await expect(stop).toBeVisible()
  }
  await switchOn()
  await page.keyboard.press('Escape')
  await expect(stop).toHaveCount(0)
  await expect(page.getByText(en.enrol.stopped)).toBeVisible()
  await page.waitForTimeout(1600)
  expect(await taken()).toBe(0)
  expect((await calls(page, 'capture.guide')).at(-1)).toMatchObject({ autoCapture: false })
  await switchOn()
  await stop.click()
  await page.waitForTimeout(1600)
  expect(await taken()).toBe(0)
  await switchOn()
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  expect(await taken()).toBe(1)
  await expect(stop).toHaveCount(0)
})
