/** Ways through the desk with the keyboard alone, and what goes wrong on them: the camera that is pulled out, a second window. */
import { expect, type Page, test } from '@playwright/test'
import { ar } from '../../src/renderer/locale/ar.ts'
import { en } from '../../src/renderer/locale/en.ts'
import { catalogues } from '../../src/renderer/locale/text.ts'
import type { FakePlan } from '../support/fakePlan.ts'
import { consent } from './screenWalk.ts'
import { calls, candidate, openWindow, serveWindow } from './standIn.ts'

serveWindow()

/** No pointer may be used: whatever presses one fails the test. */
async function openByKeyboard(change: Partial<FakePlan> = {}): Promise<Page> {
  const page = await openWindow(change, async (one) => {
    await one.addInitScript(() => {
      Object.assign(window, { pointers: 0 })
      addEventListener('pointerdown', () => ((window as unknown as { pointers: number }).pointers += 1), true)
    })
  })
  await expect(page.getByRole('navigation')).toBeVisible()
  return page
}
const pointers = (page: Page) => page.evaluate(() => (window as unknown as { pointers: number }).pointers)

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, what: ReturnType<Page['locator']>): Promise<void> {
  for (let press = 0; press < 60; press++) {
    if (await what.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the focus does not come to ${what}`)
}

test('by keyboard alone a stranger is enrolled with consent, and the receipt printed', async () => {
  const page = await openByKeyboard({ numbers: 'station', consent, look: { receipts: true } })
  await page.evaluate(() => Object.assign(window, { printed: 0, print: () => ((window as unknown as { printed: number }).printed += 1) }))
  await expect(page.locator('.consent-words')).toBeVisible()
  await page.keyboard.press('y')
  await expect(page.getByLabel(en.enrol.name)).toBeFocused()
  await expect(page.getByLabel(en.enrol.number)).toHaveValue(/^\w{5}-\w{5}$/)
  await page.keyboard.type('Adam Example')
  const number = await page.getByLabel(en.enrol.number).inputValue()
  await tabTo(page, page.getByRole('button', { name: en.enrol.capture }))
  await page.keyboard.press('Space')
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  await tabTo(page, page.getByLabel(en.enrol.number))
  await page.keyboard.press('Enter')
  await expect(page.locator('.receipt')).toContainText(number)
  await page.keyboard.press('Enter')
  await expect(page.locator('.consent-words')).toBeVisible()
  expect(await page.evaluate(() => (window as unknown as { printed: number }).printed)).toBe(1)
  expect(await calls(page, 'subject.enrol')).toMatchObject([{ id: number, name: 'Adam Example', consentVersion: 4 }])
  expect(await pointers(page)).toBe(0)
})

test('by keyboard alone what is seldom wanted is reached, used and left', async () => {
  const page = await openByKeyboard()
  await expect(page.getByText(en.say.hold)).toBeVisible()
  const more = page.locator('.more summary')
  await tabTo(page, more)
  await page.keyboard.press('Enter')
  const mesh = page.getByRole('switch', { name: en.camera.mesh })
  await expect(mesh).toBeVisible()
  await tabTo(page, mesh)
  await expect(mesh).toBeChecked()
  await page.keyboard.press('Space')
  await expect(mesh).not.toBeChecked()
  await page.keyboard.press('Escape')
  await expect(mesh).toBeHidden()
  await expect(more).toBeFocused()
})

test('by keyboard alone a possible duplicate is decided, as another person', async () => {
  const page = await openByKeyboard({ duplicates: [candidate] })
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.keyboard.type('R-48211')
  await page.keyboard.press('Space')
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByText(en.enrol.review.banner)).toBeVisible()
  // Nothing is chosen before somebody has looked.
  await expect(page.getByRole('radio', { checked: true })).toHaveCount(0)
  await expect(page.getByRole('button', { name: en.decision.record })).toBeDisabled()
  await page.keyboard.press('2')
  const reason = page.getByLabel(en.decision.reason, { exact: true })
  await tabTo(page, reason)
  await page.keyboard.press('ArrowDown')
  await expect(reason).not.toHaveValue('')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.receipt')).toContainText('R-48211')
  expect(await calls(page, 'subject.enrol')).toMatchObject([{ allowDuplicate: false }])
  expect(await pointers(page)).toBe(0)
})

test('by keyboard alone somebody is verified: a match, and one who is not', async () => {
  for (const decision of ['match', 'nonMatch'] as const) {
    const page = await openByKeyboard({ decision, fmr: decision === 'match' ? 2e-5 : 0.2 })
    await page.keyboard.press('Alt+2')
    await page.keyboard.type('R-20477')
    await page.keyboard.press('Enter')
    await expect(page.getByText('Adam Example')).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(page.locator(`[data-verdict=${decision}]`)).toBeVisible()
    await page.keyboard.press('n')
    await expect(page.getByLabel(en.verify.number)).toBeFocused()
    await expect(page.getByLabel(en.verify.number)).toHaveValue('')
    expect(await pointers(page)).toBe(0)
    await page.context().close()
  }
})

test('who presses Compare before the stored picture is there is not held up', async () => {
  const page = await openByKeyboard()
  await page.keyboard.press('Alt+2')
  await page.evaluate(() => {
    const { vultusBridge } = window as unknown as { vultusBridge: { run: (name: string, input: unknown) => Promise<unknown> } }
    const { run } = vultusBridge
    vultusBridge.run = (name, input) => (name === 'subject.picture' ? new Promise(() => undefined) : run(name, input))
  })
  await page.keyboard.type('R-20477')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Adam Example')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-verdict=match]')).toBeVisible()
})

test('by keyboard alone somebody is identified', async () => {
  const page = await openByKeyboard()
  await page.keyboard.press('Alt+3')
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.keyboard.press('Space')
  await expect(page.locator('[data-subject]')).toHaveCount(1)
  await expect(page.locator('[data-subject]')).toHaveAttribute('data-subject', candidate.id)
  expect(await calls(page, 'gallery.identify')).toHaveLength(1)
  expect(await pointers(page)).toBe(0)
})

test('by keyboard alone a subject is found, an older version put back in use, and that undone', async () => {
  const page = await openByKeyboard({ role: 'supervisor' })
  await page.keyboard.press('Alt+4')
  await page.keyboard.type('Ada')
  await expect(page.getByRole('option')).toHaveCount(1)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Version 3')).toBeVisible()
  for (const version of [2, 3]) {
    const line = page.locator('li.work').filter({ hasText: `Version ${version}` })
    await tabTo(page, line.getByRole('button', { name: en.subjects.rollBack }))
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await expect(page.getByText(`Version ${version} is in use again.`)).toBeVisible()
    await expect(line).toContainText(en.subjects.active)
  }
  expect(await calls(page, 'reference.rollBack')).toEqual([
    { id: 'R-20477', toVersion: 2 },
    { id: 'R-20477', toVersion: 3 },
  ])
  expect(await pointers(page)).toBe(0)
})

/** Ends the stream of the camera as a cable that is pulled out does, and lets it come back. */
async function unplug(page: Page): Promise<void> {
  // Who is pulled out was there before: the camera of a screen takes a moment.
  await expect.poll(() => page.evaluate(() => document.querySelector<HTMLVideoElement>('.cam video')?.srcObject !== null)).toBe(true)
  await page.evaluate(() => {
    const devices = navigator.mediaDevices
    const { getUserMedia } = devices
    const state = { gone: true }
    Object.assign(window, { plugIn: () => (state.gone = false) })
    devices.getUserMedia = (wanted) =>
      state.gone ? Promise.reject(new DOMException('gone', 'NotFoundError')) : getUserMedia.call(devices, wanted)
    for (const track of (document.querySelector('.cam video') as HTMLVideoElement & { srcObject: MediaStream }).srcObject.getTracks()) {
      track.stop()
      // A page that stops a track itself is not told of it.
      track.dispatchEvent(new Event('ended'))
    }
  })
}

test('a camera that is pulled out in the middle of an enrolment comes back by itself, and nothing is lost', async () => {
  const page = await openWindow({ consent })
  await expect(page.locator('.consent-words')).toBeVisible()
  await page.keyboard.press('y')
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.getByLabel(en.enrol.number).fill('R-48211')
  await page.getByLabel(en.enrol.name).fill('Adam Example')
  await page.getByRole('button', { name: en.enrol.capture }).click()
  await expect(page.getByText('1 of 3 done')).toBeVisible()

  await unplug(page)
  await expect(page.getByText(en.camera.unplugged.title)).toBeVisible()
  await expect(page.locator('.say .t')).toHaveText(en.camera.waits)
  await expect(page.getByRole('button', { name: en.enrol.capture })).toBeDisabled()
  // It does not give up while there is none.
  await page.waitForTimeout(4500)
  await expect(page.locator('.cam-trouble')).toBeVisible()
  await page.evaluate(() => (window as unknown as { plugIn(): void }).plugIn())
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  await expect(page.getByLabel(en.enrol.number)).toHaveValue('R-48211')
  await expect(page.getByLabel(en.enrol.name)).toHaveValue('Adam Example')
  await page.getByRole('button', { name: en.enrol.capture }).click()
  await expect(page.getByText('2 of 3 done')).toBeVisible()
  await page.locator('button[type=submit]').click()
  await expect(page.getByText(en.enrol.done.title)).toBeVisible()
  expect((await calls(page, 'subject.enrol'))[0]).toMatchObject({ id: 'R-48211', consentVersion: 4, captureIds: { length: 2 } })
})

test('a camera that is pulled out before a comparison keeps the claim', async () => {
  const page = await openWindow()
  await expect(page.getByRole('navigation')).toBeVisible()
  await page.keyboard.press('Alt+2')
  await page.keyboard.type('R-20477')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Adam Example')).toBeVisible()
  await unplug(page)
  await expect(page.getByText(en.camera.unplugged.title)).toBeVisible()
  await page.evaluate(() => (window as unknown as { plugIn(): void }).plugIn())
  await expect(page.locator('.cam-trouble')).toHaveCount(0)
  await expect(page.getByText('Adam Example')).toBeVisible()
  await page.getByRole('button', { name: en.verify.compare }).click()
  await expect(page.locator('[data-verdict=match]')).toBeVisible()
})

test('every instruction that guidance may give is there in each language, and read from the side of its script', async () => {
  for (const { say, liveness } of Object.values(catalogues)) {
    const words = [...Object.values(say), ...Object.values(liveness.steps), liveness.straight]
    for (const sentence of words) expect(sentence.trim()).not.toBe('')
  }
  const page = await openWindow({ consent: { ...consent, texts: { ...consent.texts, ar: 'هل تسمح لنا بالتقاط صور لوجهك؟' } } })
  await expect(page.locator('.consent-words')).toBeVisible()
  await page.getByLabel(en.subjectLanguage.label).selectOption('ar')
  await expect(page.locator('.consent')).toHaveAttribute('dir', 'rtl')
  await page.getByRole('button', { name: ar.consent.yes }).click()
  const say = page.locator('.say .t')
  await expect(say).toHaveText(ar.say.hold)
  await expect(say).toHaveAttribute('lang', 'ar')
  // The desk stays in its own language.
  await expect(page.getByRole('heading', { name: en.checks.allGood })).toBeVisible()
  await page.evaluate(() => {
    ;(window as unknown as { fakeStation: { state: { face: null } } }).fakeStation.state.face = null
  })
  await expect(say).toHaveText(ar.say.look)
})
