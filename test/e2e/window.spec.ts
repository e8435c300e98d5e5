/** The main job in the real window: a new vault, a drawn subject before the camera, enrolled, verified, identified and found again. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import { expect, type StationPlace, test } from './fixture.ts'
import { filesBelow, filesHolding, processesWith } from './machine.ts'
import { createVaultWithoutAccounts, passphrase } from './newVault.ts'

const name = 'Quirinus Zyxwvut'
const number = 'E2E-4711'

const button = (page: Page, words: string) => page.getByRole('button', { name: new RegExp(`^${words}`) })
const area = async (page: Page, words: string) =>
  await page.getByRole('navigation', { name: en.areas.navigation }).getByRole('button', { name: words }).click()

/** Takes the picture once the live checks say that it can be one. */
async function enrolAtCamera(page: Page): Promise<void> {
  await area(page, en.areas.enrol)
  await page.getByLabel(en.enrol.number).fill(number)
  await page.getByLabel(en.enrol.name).fill(name)
  await expect(page.getByText(en.checks.allGood)).toBeVisible()
  await button(page, en.enrol.capture).click()
  await page
    .getByRole('complementary', { name: en.enrol.details })
    .getByRole('button', { name: new RegExp(`^${en.enrol.enrol}`) })
    .click()
  await expect(page.getByText(en.enrol.done.title)).toBeVisible()
  await expect(page.getByText(en.enrol.done.sources.camera, { exact: true })).toBeVisible()
}

async function verifyAtCamera(page: Page): Promise<void> {
  await area(page, en.areas.verify)
  await page.getByLabel(en.verify.number).fill('E2E-NOBODY')
  await page.getByLabel(en.verify.number).press('Enter')
  await expect(page.getByText(en.verify.unknown)).toBeVisible()
  await page.getByLabel(en.verify.number).fill(number)
  await page.getByLabel(en.verify.number).press('Enter')
  await expect(page.getByText(name)).toBeVisible()
  await button(page, en.verify.compare).click()
  await expect(page.locator('[data-verdict]')).toHaveAttribute('data-verdict', 'match')
}

async function identifyAtCamera(page: Page): Promise<void> {
  await area(page, en.areas.identify)
  await expect(page.getByText(en.checks.allGood)).toBeVisible()
  await button(page, en.identify.search).click()
  await expect(page.locator('[data-subject]')).toHaveCount(1)
  await expect(page.locator('[data-subject]')).toHaveAttribute('data-subject', number)
  await expect(page.getByText(name)).toBeVisible()
}

/** Nothing of what was typed or captured stands in clear in any file of the station, its browser or its temporary folder. */
function expectNothingInClear({ folder }: StationPlace): void {
  for (const secret of [name, number, passphrase]) expect(filesHolding(folder, secret), secret).toEqual([])
}

/** The reporter of the browser's crashes leads a group of its own; it may take a moment longer. */
async function expectNoProcess({ folder }: StationPlace): Promise<void> {
  if (process.platform !== 'linux') return
  await expect.poll(() => processesWith(folder).map(({ command }) => command), { timeout: 2000 }).toEqual([])
}

test('a drawn subject is enrolled, verified, identified, and found again after a reload', async ({ station }) => {
  const window = await station.open()
  const { page } = window
  await createVaultWithoutAccounts(page)
  await enrolAtCamera(page)
  await verifyAtCamera(page)
  await identifyAtCamera(page)
  await page.reload()
  await identifyAtCamera(page)
  expectNothingInClear(station)

  const data = statSync(station.dataFolder)
  expect(data.mode & 0o777).toBe(0o700)
  if (process.platform === 'linux') {
    const running = processesWith(station.folder)
    expect(running.length).toBeGreaterThan(2)
    // The key of a connection is 43 characters; none stands on a command line.
    expect(running.filter(({ command }) => /key[.=]/.test(command))).toEqual([])
  }

  expect(await window.close(), window.output()).toBe(0)
  await expectNoProcess(station)
  expect(filesBelow(station.dataFolder).filter((file) => !/^(vault[^/]*|logs\/station\.log)$/.test(file))).toEqual([])
  expect(existsSync(join(station.dataFolder, 'window'))).toBe(false)
  expect(filesBelow(station.home)).toEqual([])
  expect(filesBelow(station.temporary)).toEqual([])
  expectNothingInClear(station)

  const again = await station.open()
  await again.page.getByLabel(en.setup.passphraseLabel, { exact: true }).fill(passphrase)
  await button(again.page, en.unlock.button).click()
  await identifyAtCamera(again.page)
  expect(await again.signal('SIGTERM'), again.output()).toBe(0)
  await expectNoProcess(station)
})

test('the window of the demo fills before your eyes, is marked, and leaves nothing', async ({ station }) => {
  const window = await station.open({ args: ['--demo'] })
  await expect(window.page.getByText(en.demoMark).first()).toBeVisible()
  await expect(window.page.getByText(en.title.vaultDemo)).toBeVisible()
  await expect.poll(() => window.output(), { timeout: 60_000 }).toContain('all came out right')
  await area(window.page, en.areas.identify)
  await expect(window.page.getByText(en.checks.allGood)).toBeVisible()
  await button(window.page, en.identify.search).click()
  await expect(window.page.locator('[data-subject]')).toHaveCount(1)
  expect(await window.close(), window.output()).toBe(0)
  expect(filesBelow(station.temporary)).toEqual([])
  await expectNoProcess(station)
})

test('a drawn subject is pictured by itself, and does the movements that are asked for', async ({ station }) => {
  const window = await station.open({ args: ['--demo'] })
  const { page } = window
  await expect.poll(() => window.output(), { timeout: 60_000 }).toContain('all came out right')
  await area(page, en.areas.enrol)
  await expect(page.getByText('1 of 3 done')).toBeVisible({ timeout: 30_000 })
  await button(page, en.liveness.start).click()
  await expect(page.locator('[data-liveness]')).toHaveAttribute('data-liveness', 'passed', { timeout: 60_000 })
  await expect(page.getByText(en.liveness.passed)).toBeVisible()
  await page.locator('.more summary').click()
  await page.getByRole('switch', { name: en.camera.auto }).click()
  await expect(page.getByRole('switch', { name: en.camera.auto })).not.toBeChecked()
  await page.screenshot({ path: join(test.info().outputPath(), 'enrol.png') })
  expect(await window.close(), window.output()).toBe(0)
})

test('a crashed browser is opened once more, and the station goes on', async ({ station }) => {
  test.skip(station.shell === 'electron' || process.platform !== 'linux', 'only where the browser is a process of its own')
  const window = await station.open()
  await expect(window.page.getByText(en.setup.create)).toBeVisible()
  const browser = () =>
    processesWith(station.folder).find(({ command }) => command.includes('--remote-debugging-pipe') && !command.includes('--type='))
  const first = browser()?.pid
  if (first === undefined) throw new Error('the browser was not found')
  process.kill(first, 'SIGKILL')
  await expect.poll(() => window.output()).toContain('opened again')
  await expect.poll(() => [first, undefined].includes(browser()?.pid)).toBe(false)
  expect(await window.signal('SIGINT'), window.output()).toBe(0)
  await expectNoProcess(station)
  expect(readFileSync(join(station.dataFolder, 'logs/station.log'), 'utf8')).toContain('crashed')
})
