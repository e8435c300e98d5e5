/** The built station without a display on a folder, and its page in a headless Chromium with a fake camera, for the benches of the window. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { makeCameraFile } from '../../e2e/camera.ts'
import { findBrowser } from '../../e2e/machine.ts'

const entry = join(import.meta.dirname, '../../../out/main/headless.js')
const startMsMax = 10 * 60_000

export interface OpenDesk {
  readonly browser: Browser
  readonly page: Page
  close(): Promise<void>
}

export interface DeskOptions {
  /** The data folder; it may be empty. */
  readonly folder: string
  /** Opens the vault at the start; left out, the window asks. */
  readonly passphrase?: string
  /** Put into the page before its own scripts. */
  readonly before?: (page: Page) => Promise<void>
}

function startStation({ folder, passphrase }: DeskOptions): ChildProcess {
  const { VULTUS_PASSPHRASE: _other, ...kept } = process.env
  const env = passphrase === undefined ? kept : { ...kept, VULTUS_PASSPHRASE: passphrase }
  return spawn(process.execPath, [entry, 'start', '--data', folder], { env, stdio: ['ignore', 'pipe', 'inherit'] })
}

/** The address that the station prints; it works once. */
async function addressOf(station: ChildProcess): Promise<string> {
  return await new Promise((found, failed) => {
    let text = ''
    const timer = setTimeout(() => failed(new Error('the station printed no address')), startMsMax)
    station.once('exit', (code) => failed(new Error(`the station ended with ${code}`)))
    station.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part
      const address = /http:\/\/127\.0\.0\.1:\d+\/#\S+/.exec(text)?.[0]
      if (address === undefined) return
      clearTimeout(timer)
      found(address)
    })
  })
}

/** Opens the window. @throws Error where there is no browser, build or ffmpeg */
export async function openDesk(options: DeskOptions): Promise<OpenDesk> {
  const executablePath = findBrowser()
  if (executablePath === undefined) throw new Error('there is no Chromium, Chrome or Edge')
  const cameraFolder = mkdtempSync(join(tmpdir(), 'vultus-camera-'))
  const station = startStation(options)
  const exited = new Promise((done) => station.once('exit', done))
  const end = async () => {
    station.kill('SIGTERM')
    await exited
    rmSync(cameraFolder, { recursive: true, force: true })
  }
  try {
    const address = await addressOf(station)
    const camera = await makeCameraFile(cameraFolder, 0)
    const browser = await chromium.launch({
      executablePath,
      chromiumSandbox: process.getuid?.() !== 0,
      args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${camera}`],
    })
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await options.before?.(page)
    await page.goto(address)
    return {
      browser,
      page,
      close: async () => {
        await browser.close()
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}
