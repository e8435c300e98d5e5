/**
 * The screens alone, over a stand-in for the station: what cannot be brought about with a drawn subject at will (a possible duplicate,
 * no match, a refused file, a failed part, an unplugged camera, covered details), by keyboard.
 */

import { expect, type Page, test } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import { errorRemedy, reasonWords } from '../../src/renderer/locale/errors/words.ts'
import { candidate, openWindow, serveWindow } from './standIn.ts'

serveWindow()

async function enrolByKeyboard(page: Page): Promise<void> {
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.keyboard.type('R-48211')
  await page.keyboard.press('Space')
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  await page.keyboard.press('Enter')
}

/** Goes to an area by its key, once the desk is there to hear it. */
async function goTo(page: Page, chord: string): Promise<void> {
  await expect(page.getByRole('navigation', { name: en.areas.navigation })).toBeVisible()
  await page.keyboard.press(chord)
}

async function verifyByKeyboard(page: Page): Promise<void> {
  await goTo(page, 'Alt+2')
  await expect(page.getByText(en.verify.first)).toBeVisible()
  await expect(page.getByLabel(en.verify.number)).toBeFocused()
  await page.keyboard.type('R-20477')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: en.verify.compare })).toBeFocused()
  await page.keyboard.press('Enter')
}

test('a possible duplicate preselects nothing, shows its strength, and enrols only when it is told that they differ', async () => {
  const page = await openWindow({ duplicates: [candidate] })
  await enrolByKeyboard(page)
  await expect(page.getByText(en.enrol.review.banner)).toBeVisible()
  await expect(page.getByText('1 in 12,000')).toBeVisible()
  await expect(page.getByText('Bo Sample')).toBeVisible()
  await expect(page.getByRole('radio', { checked: true })).toHaveCount(0)
  const record = page.getByRole('button', { name: en.decision.record })
  await expect(record).toBeDisabled()
  await page.keyboard.press('2')
  await expect(record).toBeDisabled()
  await page.getByLabel(en.decision.reason, { exact: true }).selectOption('relatives')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(en.enrol.done.title)).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByLabel(en.enrol.number)).toHaveValue('')
})

test('a duplicate that is the same person is added to that subject', async () => {
  const page = await openWindow({ duplicates: [candidate] })
  await enrolByKeyboard(page)
  await expect(page.getByText(en.enrol.review.banner)).toBeVisible()
  await page.keyboard.press('1')
  await page.getByLabel(en.decision.reason, { exact: true }).selectOption('samePerson')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(en.outcome.added)).toBeVisible()
  await expect(page.locator('.done-number')).toHaveText(candidate.id)
})

for (const [decision, fmr, evidence] of [
  ['match', 2e-5, '1 in 50,000'],
  ['match', 1e-5, 'fewer than 1 in 100,000'],
  ['nonMatch', 0.3, en.verify.below],
  ['inconclusive', 1e-5, 'fewer than 1 in 100,000'],
] as const) {
  test(`the verdict ${decision} is told by word with "${evidence}" and never with a plain score`, async () => {
    const page = await openWindow({ decision, fmr })
    await verifyByKeyboard(page)
    await expect(page.getByRole('alert').getByText(en.verify[decision].word, { exact: true })).toBeVisible()
    await expect(page.getByText(evidence, { exact: true })).toBeVisible()
    expect(await page.locator('body').textContent()).not.toMatch(/0[.,]9\d/)
  })
}

test('covered details hide number, name, stored picture and verdict', async () => {
  const page = await openWindow({ decision: 'nonMatch' })
  await verifyByKeyboard(page)
  await expect(page.getByText(en.verify.nonMatch.word, { exact: true })).toBeVisible()
  await page.keyboard.press('F9')
  await expect(page.getByText(en.verify.hiddenText)).toBeVisible()
  await expect(page.getByText(en.verify.nonMatch.word, { exact: true })).toHaveCount(0)
  await expect(page.getByText('Adam Example')).toHaveCount(0)
  await expect(page.getByRole('img', { name: /R-20477/ })).toHaveCount(0)
  await page.keyboard.press('F9')
  await expect(page.getByText(en.verify.nonMatch.word, { exact: true })).toBeVisible()
})

test('nobody above the threshold is said honestly', async () => {
  const page = await openWindow({ candidates: [] })
  await goTo(page, 'Alt+3')
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.keyboard.press('Space')
  await expect(page.getByText(en.identify.none)).toBeVisible()
  await expect(page.getByText(en.identify.meansLead)).toBeVisible()
})

test('a file that is no picture is refused with what to do, and the shots stay', async () => {
  const page = await openWindow({ pictureRefusal: 'picture.unsupported' })
  // Asked for early: the browser takes a moment to hand its dialogs to the test, and one opened before that is cancelled.
  const chosen = page.waitForEvent('filechooser')
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.keyboard.press('Space')
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  await page.keyboard.press('Control+o')
  const chooser = await chosen
  await chooser.setFiles({ name: 'drawing.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') })
  await expect(page.getByText(reasonWords('picture.unsupported'))).toBeVisible()
  await expect(page.getByText('1 of 3 done')).toBeVisible()
})

test('a failed part is said above the screen, and the live picture comes back with it', async () => {
  const page = await openWindow()
  await expect(page.getByText(en.say.hold)).toBeVisible()
  const tell = (state: string) =>
    page.evaluate((now) => {
      const { fakeStation } = window as unknown as { fakeStation: { tell(name: string, payload: unknown): void } }
      fakeStation.tell('station.health', { part: 'face', state: now })
    }, state)
  await tell('restarting')
  await expect(page.getByRole('alert').getByText(en.health.parts.face)).toBeVisible()
  await expect(page.getByRole('button', { name: en.enrol.capture })).toBeDisabled()
  await tell('ready')
  await expect(page.getByText(en.health.parts.face)).toHaveCount(0)
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await expect(page.getByRole('button', { name: en.enrol.capture })).toBeEnabled()
})

test('an unplugged camera is said, and comes back by itself with what was typed', async () => {
  const page = await openWindow()
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.keyboard.type('R-5')
  await page.evaluate(() => {
    const stream = document.querySelector('video')?.srcObject as MediaStream | undefined
    stream?.getVideoTracks()[0]?.dispatchEvent(new Event('ended'))
  })
  await expect(page.getByText(en.camera.unplugged.title)).toBeVisible()
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await expect(page.getByLabel(en.enrol.number)).toHaveValue('R-5')
})

test('a missing camera says what to do', async () => {
  const page = await openWindow({}, async (before) => {
    await before.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'))
    })
  })
  await expect(page.getByText(en.camera.none.title)).toBeVisible()
  await expect(page.getByText(en.camera.none.text)).toBeVisible()
})

test('every screen of a demo is marked', async () => {
  const page = await openWindow({ kind: 'demo' })
  for (const chord of ['Alt+1', 'Alt+2', 'Alt+3']) {
    await goTo(page, chord)
    await expect(page.getByText(en.demoMark).first()).toBeVisible()
  }
})

test('a wrong passphrase is refused in plain words and the right one opens the desk', async () => {
  const page = await openWindow({ vault: 'locked' })
  await page.getByLabel(en.setup.passphraseLabel, { exact: true }).fill('something else')
  await page.keyboard.press('Enter')
  await expect(page.getByText(errorRemedy('vault.wrongKey'))).toBeVisible()
  await page.keyboard.type('correct horse battery')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('navigation', { name: en.areas.navigation })).toBeVisible()
})

test('that the vault is open is told by word where there is room, and by name and hint where there is not', async () => {
  const page = await openWindow({ role: 'administrator' })
  const told = page.locator('.s-vault')
  await expect(told).toHaveText(en.title.vaultReal)
  await expect(told).toHaveAttribute('title', en.title.vaultReal)
  const width = () => told.locator('.tx').evaluate((words) => words.getBoundingClientRect().width)
  for (const [size, least, most] of [
    [{ width: 1440, height: 900 }, 40, 200],
    [{ width: 1024, height: 768 }, 0, 1],
  ] as const) {
    await page.setViewportSize(size)
    await expect(told.locator('svg')).toBeVisible()
    expect(await width()).toBeGreaterThanOrEqual(least)
    expect(await width()).toBeLessThanOrEqual(most)
  }
})

test('the recovery key is printed alone, by button and by key', async () => {
  const page = await openWindow({ vault: 'missing' })
  await page.evaluate(() => Object.assign(window, { printed: 0, print: () => ((window as unknown as { printed: number }).printed += 1) }))
  await page.getByRole('button', { name: en.setup.button }).click()
  await expect(page.getByRole('heading', { name: en.recovery.title })).toBeVisible()
  await page.getByRole('button', { name: en.recovery.print }).click()
  await page.keyboard.press('Control+p')
  expect(await page.evaluate(() => (window as unknown as { printed: number }).printed)).toBe(2)
  await page.emulateMedia({ media: 'print' })
  const shown = (selector: string) => page.locator(selector).evaluate((element) => getComputedStyle(element).visibility)
  expect([await shown('.setup-head'), await shown('h1'), await shown('.recovery-key')]).toEqual(['hidden', 'hidden', 'visible'])
  await expect(page.locator('.print-only')).toBeVisible()
  const pdf = await page.pdf({ format: 'A4' })
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
})

test('the first run shows the camera and lets it be chosen before the desk opens', async () => {
  const page = await openWindow({ vault: 'missing' })
  await page.getByRole('button', { name: en.setup.button }).click()
  await page.getByRole('button', { name: en.recovery.written }).click()
  await page.getByRole('button', { name: en.recovery.later }).click()
  await expect(page.getByRole('heading', { name: en.firstAdministrator.title })).toBeVisible()
  const card = page.getByRole('region', { name: en.settings.parts.camera })
  await expect(card.locator('.cam[data-camera=ready]')).toBeVisible()
  await expect.poll(() => card.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0)
  await card.getByLabel(en.settings.resolution).selectOption('480')
  await expect(card.getByText(en.settings.saved)).toBeVisible()
  await page.getByRole('button', { name: en.firstAdministrator.skip }).click()
  await expect(page.getByText(en.say.hold)).toBeVisible()
})
