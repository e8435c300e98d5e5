/** A verification desk: a code before the camera, no hands, and verdicts that are heard. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { verdictTones } from '../../src/renderer/features/verify/verdictSound.ts'
import { en } from '../../src/renderer/locale/en.ts'
import { makeCodeCameraFile } from './camera.ts'
import { calls, openWindow, serveWindow } from './standIn.ts'

const folder = mkdtempSync(join(tmpdir(), 'vultus-code-'))
serveWindow(async () => [`--use-file-for-fake-video-capture=${await makeCodeCameraFile(folder, 'R-20477')}`])
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Notes what the page asks its audio to play. */
async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const heard: number[] = []
    Object.assign(window, { heard })
    const { createOscillator } = AudioContext.prototype
    AudioContext.prototype.createOscillator = function () {
      const oscillator = createOscillator.call(this)
      const { start } = oscillator
      oscillator.start = (when) => {
        heard.push(oscillator.frequency.value)
        start.call(oscillator, when)
      }
      return oscillator
    }
  })
}
const heard = (page: Page) => page.evaluate(() => (window as unknown as { heard: number[] }).heard)
const asked = async (page: Page, name: string) => (await calls(page, name)).length

async function toVerify(page: Page): Promise<void> {
  await expect(page.getByRole('navigation')).toBeVisible()
  await page.keyboard.press('Alt+2')
}

test('a code before the camera makes the claim, once', async () => {
  const page = await openWindow()
  await toVerify(page)
  await expect(page.getByText('Adam Example')).toBeVisible()
  await expect(page.getByLabel(en.verify.number)).toHaveValue('R-20477')
  expect(await asked(page, 'subject.verify')).toBe(0)
  // It stays in view: whoever clears the claim is not given it again.
  await page.keyboard.press('Escape')
  await expect(page.getByLabel(en.verify.number)).toHaveValue('')
  await page.waitForTimeout(1000)
  await expect(page.getByLabel(en.verify.number)).toHaveValue('')
})

test('hands free: from the code to the verdict and to the next person without a key, and a match can be held', async () => {
  const page = await openWindow({}, listen)
  await toVerify(page)
  await page.keyboard.press('Escape')
  await page.getByRole('switch', { name: en.verify.handsFree }).click()
  await page.getByLabel(en.verify.number).fill('R-20477')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-verdict=match]')).toBeVisible()
  expect(await asked(page, 'subject.verify')).toBe(1)
  const hold = page.getByRole('button', { name: /Next person in/ })
  await hold.click()
  await expect(page.getByRole('button', { name: en.verify.held })).toBeVisible()
  await page.waitForTimeout(6000)
  await expect(page.locator('[data-verdict=match]')).toBeVisible()
  await page.getByRole('button', { name: en.verify.held }).click()
  await expect(page.locator('[data-verdict]')).toHaveCount(0, { timeout: 8000 })
  await expect(page.getByLabel(en.verify.number)).toHaveValue('')
  expect(await heard(page)).toEqual(verdictTones.match.map(({ hertz }) => hertz))
})

test('hands free: what is no match waits for the operator', async () => {
  const page = await openWindow({ decision: 'nonMatch', fmr: 0.2 }, listen)
  await toVerify(page)
  await page.getByRole('switch', { name: en.verify.handsFree }).click()
  await expect(page.locator('[data-verdict=nonMatch]')).toBeVisible()
  await page.waitForTimeout(6500)
  await expect(page.locator('[data-verdict=nonMatch]')).toBeVisible()
  expect(await heard(page)).toEqual(verdictTones.nonMatch.map(({ hertz }) => hertz))
})

test('with details covered every verdict sounds the same, and sounds can be switched off', async () => {
  for (const [decision, look, tones] of [
    ['match', {}, verdictTones.covered],
    ['nonMatch', {}, verdictTones.covered],
    ['match', { sounds: false }, []],
  ] as const) {
    const page = await openWindow({ decision, look }, listen)
    await toVerify(page)
    await expect(page.getByText('Adam Example')).toBeVisible()
    await page.keyboard.press('F9')
    await page.keyboard.press('Space')
    await expect(page.locator('[data-verdict=covered]')).toBeVisible()
    expect(await heard(page)).toEqual(tones.map(({ hertz }) => hertz))
    await page.context().close()
  }
})

test('the live picture is turned as in a mirror, or not, and the vault keeps which', async () => {
  const page = await openWindow({ role: 'administrator' })
  await toVerify(page)
  const turned = () => page.locator('.cam video').evaluate((video) => getComputedStyle(video).transform)
  await expect.poll(turned).toBe('matrix(-1, 0, 0, 1, 0, 0)')
  await page.keyboard.press('Alt+9')
  await page.getByLabel(en.settings.mirrored).uncheck()
  await expect.poll(turned).toBe('none')
  expect((await calls(page, 'desk.change'))[0]).toEqual({ mirrored: false })
  await expect(page.getByRole('img', { name: en.camera.viewPlain })).toBeVisible()
})
