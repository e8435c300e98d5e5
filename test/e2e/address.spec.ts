/** The window of a station without a display: a printed address that works once. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import { expect, test } from './fixture.ts'
import { findBrowser } from './machine.ts'

const root = resolve(import.meta.dirname, '../..')

test('a printed address opens the window once; used again it says so and how to get another', async () => {
  const executablePath = findBrowser()
  test.skip(executablePath === undefined, 'there is no Chromium, Chrome or Edge')
  const folder = mkdtempSync(join(tmpdir(), 'vt-'))
  const args = [join(root, 'out/main/headless.js'), 'start', '--data', join(folder, 'data')]
  const station = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise((done) => station.once('exit', done))
  let output = ''
  station.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const browser = await chromium.launch({ executablePath: executablePath ?? '', chromiumSandbox: process.getuid?.() !== 0 })
  try {
    const printed = () => [...output.matchAll(/http:\/\/127\.0\.0\.1:\d+\/#key=[\w-]{43}/g)].map(([address]) => address)
    await expect.poll(() => printed().length).toBe(1)
    const address = printed()[0] ?? ''
    const page = await browser.newPage()
    const failures: string[] = []
    page.on('console', (message) => message.type() === 'error' && failures.push(message.text()))
    page.on('pageerror', (error) => failures.push(String(error)))
    await page.goto(address)
    await expect(page.getByText(en.setup.create)).toBeVisible()
    expect(page.url()).not.toContain('key')
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    expect(await page.context().cookies()).toEqual([])
    expect(failures).toEqual([])

    await page.reload()
    await expect(page.getByText('works once')).toBeVisible()
    await expect(page.getByText('npm start')).toBeVisible()
    const second = await browser.newPage()
    await second.goto(address)
    await expect(second.getByText('works once')).toBeVisible()

    const another = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    another.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    await expect.poll(() => printed().length).toBe(2)
    const third = await browser.newPage()
    await third.goto(printed()[1] ?? '')
    await expect(third.getByText(en.setup.create)).toBeVisible()
  } finally {
    await browser.close()
    station.kill('SIGTERM')
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
})
