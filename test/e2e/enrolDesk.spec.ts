/** The enrolment desk over the stand-in: the language of the subject, consent, exemptions, and the receipt. */
import { expect, type Locator, type Page, test } from '@playwright/test'
import decodeQR from 'qr/decode.js'
import sharp from 'sharp'
import { ar } from '../../src/renderer/locale/ar.ts'
import { de } from '../../src/renderer/locale/de.ts'
import { en } from '../../src/renderer/locale/en.ts'
import type { FakePlan } from '../support/fakeBridge.ts'
import { openWindow, serveWindow } from './standIn.ts'

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
