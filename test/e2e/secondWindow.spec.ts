/** Two windows on one station: each has its own picture and its own work, and both see the same vault. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import { makeCameraFile } from './camera.ts'
import { expect, test } from './fixture.ts'
import { findBrowser } from './machine.ts'

const entry = join(resolve(import.meta.dirname, '../..'), 'out/main/headless.js')

test('a second window works beside the first, sees what that enrolled, and outlives it', async () => {
  const executablePath = findBrowser()
  test.skip(executablePath === undefined, 'there is no Chromium, Chrome or Edge')
  const folder = mkdtempSync(join(tmpdir(), 'vt-'))
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  const env = { ...process.env, VULTUS_PASSPHRASE: 'four unrelated words here' }
  const run = (...argv: string[]) => spawn(process.execPath, [entry, ...argv, '--data', data], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  const init = run('init', '--key', 'passphrase')
  // It tells the recovery key, which is nobody's business here.
  init.stdout.resume()
  await new Promise((done) => init.once('close', done))
  let output = ''
  const start = () => {
    const child = run('start')
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    return child
  }
  const addresses = () => [...output.matchAll(/http:\/\/127\.0\.0\.1:\d+\/#key=[\w-]{43}/g)].map(([address]) => address)
  const station = start()
  const exited = new Promise((done) => station.once('exit', done))
  const camera = await makeCameraFile(join(folder, 'camera'), 0)
  const browser = await chromium.launch({
    executablePath: executablePath ?? '',
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${camera}`],
  })
  const openNext = async (count: number): Promise<Page> => {
    await expect.poll(() => addresses().length).toBe(count)
    const page = await browser.newPage()
    await page.goto(addresses()[count - 1] ?? '')
    await expect(page.getByRole('navigation', { name: en.areas.navigation })).toBeVisible()
    return page
  }
  try {
    const first = await openNext(1)
    start()
    const second = await openNext(2)
    for (const page of [first, second]) await expect(page.getByText(en.checks.allGood)).toBeVisible({ timeout: 30_000 })
    // What is typed here is not there.
    await first.getByLabel(en.enrol.number).fill('E2E-1')
    await second.getByLabel(en.enrol.number).fill('E2E-2')
    await expect(first.locator('.shot img').first()).toBeVisible({ timeout: 30_000 })
    await first.locator('button[type=submit]').click()
    await expect(first.locator('.receipt')).toContainText('E2E-1')
    await expect(second.getByLabel(en.enrol.number)).toHaveValue('E2E-2')

    // The other window sees it, and finds the same person in the way of a second enrolment.
    await expect(second.locator('.shot img').first()).toBeVisible({ timeout: 30_000 })
    await second.locator('button[type=submit]').click()
    await expect(second.getByText(en.enrol.review.banner)).toBeVisible()
    await first.close()
    await second.keyboard.press('Alt+2')
    await second.keyboard.type('E2E-1')
    await second.keyboard.press('Enter')
    await expect(second.locator('.claim dl')).toBeVisible()
    await second.keyboard.press('Enter')
    await expect(second.locator('[data-verdict=match]')).toBeVisible({ timeout: 20_000 })
  } finally {
    await browser.close()
    station.kill('SIGTERM')
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
})
