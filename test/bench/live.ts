/**
 * Overlays a second that the real window draws over a fake camera (640x480, 30 frames/s): npm run bench:live [-- --seconds N --json].
 * The station runs without a display and the page in a headless Chromium that draws in software, so a desk with a graphics card is
 * faster. Needs the build, a Chromium and ffmpeg.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Page } from '@playwright/test'
import { makeCameraFile } from '../e2e/camera.ts'
import { findBrowser } from '../e2e/machine.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, seconds: { type: 'string', default: '10' } } })
const seconds = Number(values.seconds)
const entry = join(import.meta.dirname, '../../out/main/headless.js')
const folder = mkdtempSync(join(tmpdir(), 'vultus-bench-'))
const data = join(folder, 'data')
mkdirSync(data, { mode: 0o700 })
const env = { ...process.env, VULTUS_PASSPHRASE: 'a passphrase for the bench' }

const run = (...argv: string[]) => spawn(process.execPath, [entry, ...argv, '--data', data], { env, stdio: ['ignore', 'pipe', 'inherit'] })

async function overlaysDrawn(page: Page): Promise<number> {
  return Number(await page.locator('[data-overlays]').getAttribute('data-overlays'))
}

try {
  await new Promise((done) => run('init', '--key', 'passphrase').once('close', done))
  const station = run('start')
  const address = await new Promise<string>((found) => {
    let text = ''
    station.stdout.on('data', (part) => {
      text += part
      const match = /http:\/\/127\.0\.0\.1:\d+\/#\S+/.exec(text)
      if (match !== null) found(match[0])
    })
  })
  const camera = await makeCameraFile(join(folder, 'camera'), 0)
  const browser = await chromium.launch({
    executablePath: findBrowser() ?? '',
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${camera}`],
  })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(address)
  await page.locator('[data-overlays]').waitFor({ timeout: 30_000 })
  await page.waitForTimeout(4000)
  const before = await overlaysDrawn(page)
  const startMs = performance.now()
  await page.waitForTimeout(seconds * 1000)
  const overlays = (await overlaysDrawn(page)) - before
  const elapsedS = (performance.now() - startMs) / 1000
  await browser.close()
  station.kill('SIGTERM')
  await new Promise((done) => station.once('close', done))
  const result = {
    overlaysPerSecond: Number((overlays / elapsedS).toFixed(1)),
    seconds: Number(elapsedS.toFixed(1)),
    cores: availableParallelism(),
    load: Number(loadavg()[0]?.toFixed(1)),
  }
  process.stdout.write(
    values.json
      ? `${JSON.stringify(result)}\n`
      : `${result.overlaysPerSecond} overlays/s over ${result.seconds} s, ${result.cores} cores, load ${result.load}\n`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
