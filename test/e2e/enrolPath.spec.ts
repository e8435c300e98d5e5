/**
 * The way of a stranger through the enrolment, as an operator who never saw the window walks it: what it asks is counted, written
 * to test-results, and held to the limits of docs/desk-path.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import { followEffort } from './effort.ts'
import { expect, test } from './fixture.ts'
import { createVaultWithoutAccounts } from './newVault.ts'

const consent = 'May we take pictures of your face and keep them?\n\nYou can say no.'
const button = (page: Page, words: string) => page.getByRole('button', { name: new RegExp(`^${words}`) })

async function deskThatAsks(page: Page): Promise<void> {
  await createVaultWithoutAccounts(page)
  await page.keyboard.press('Alt+9')
  await page.getByLabel(en.settings.consent.words, { exact: true }).fill(consent)
  await page.getByRole('button', { name: en.settings.consent.save }).click()
  await expect(page.getByText(/^Text 1 of/)).toBeVisible()
  // A site that gives a receipt to everybody says so once.
  await page.getByRole('checkbox', { name: en.settings.receipts }).check()
  await page.evaluate(() => {
    Object.assign(window, { printed: 0, print: () => ((window as unknown as { printed: number }).printed += 1) })
  })
  await page.keyboard.press('Alt+1')
  await expect(page.getByText('May we take pictures')).toBeVisible()
}

/** Of docs/desk-path.md: two thirds of what the way asked before it was made shorter. */
const limits = {
  mouse: { decisions: 4, clicks: 3, keys: 12, words: 118 },
  keyboard: { decisions: 4, clicks: 0, keys: 15, words: 118 },
} as const
/** Of a whole minute, what the window itself may take with a subject who sits still. */
const elapsedMsMax = 30_000

for (const hands of ['mouse', 'keyboard'] as const) {
  test(`a stranger is enrolled with few decisions, ${hands === 'mouse' ? 'clicks' : 'keys'} and words`, async ({ station }) => {
    const { page, close, output } = await station.open()
    await deskThatAsks(page)
    const { see, decide, effort } = await followEffort(page)
    const startMs = performance.now()
    await see()
    decide('does the subject agree')
    if (hands === 'mouse') await button(page, en.consent.yes).click()
    else await page.keyboard.press('y')
    const number = page.getByLabel(en.enrol.number)
    await expect(number).toBeVisible()
    // What is said until the camera is there depends on the machine, and asks nothing of anybody.
    await expect(page.getByText(en.say.hold).or(page.locator('.shot img')).first()).toBeVisible()
    await see()
    await expect(number).toHaveValue(/^\w{5}-\w{5}$/)
    decide('which name')
    const name = page.getByLabel(en.enrol.name)
    const focused = () => name.evaluate((field) => field === document.activeElement)
    while (!(await focused())) await (hands === 'mouse' ? name.click() : page.keyboard.press('Tab'))
    await page.keyboard.type('Ada Example')
    await see()
    // The picture is taken by itself.
    await expect(page.locator('.shot img')).toHaveCount(1, { timeout: 40_000 })
    await see()
    decide('enrol with this picture')
    if (hands === 'mouse') await page.getByRole('complementary', { name: en.enrol.details }).locator('button[type=submit]').click()
    else await page.keyboard.press('Enter')
    await expect(page.getByText(en.enrol.done.title)).toBeVisible()
    await see()
    const elapsedMs = Math.round(performance.now() - startMs)
    const next = page.locator('.enrolled .panel-foot button')
    await expect(next).toContainText(en.receipt.printNext)
    decide('on to the next person')
    if (hands === 'mouse') await next.click()
    else await page.keyboard.press('Enter')
    await expect(page.getByText('May we take pictures')).toBeVisible()
    expect(await page.evaluate(() => (window as unknown as { printed: number }).printed)).toBe(1)

    const made = await effort()
    const folder = test.info().outputPath()
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'effort.json'), `${JSON.stringify({ hands, elapsedMs, ...made }, null, 2)}\n`)
    for (const [what, most] of Object.entries(limits[hands]))
      expect.soft(made[what as keyof (typeof limits)['mouse']], `${what} by ${hands}`).toBeLessThanOrEqual(most)
    expect.soft(elapsedMs).toBeLessThan(elapsedMsMax)
    expect(await close(), output()).toBe(0)
  })
}
