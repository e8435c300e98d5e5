/**
 * The station in its real window: Electron where its program is there, else the local Chromium as browser.js starts it.
 * In Chromium nothing of the product is changed for the test: the browser it is given is a script that starts the real one
 * with a fake camera and a port of its own for the test beside the product's pipe.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, test as base, chromium, _electron as electron, type Page } from '@playwright/test'
import { makeCameraFile } from './camera.ts'
import { findBrowser } from './machine.ts'
import { cameraFlags, electronArguments, electronProgram, type Shell, shellOf } from './shell.ts'

const root = resolve(import.meta.dirname, '../..')

export interface OpenWindow {
  readonly page: Page
  /** What the station wrote to its terminal. */
  readonly output: () => string
  /** Closes the window as a person does. @returns the exit code of the station */
  close(): Promise<number | null>
  /** Sends the station a signal. @returns its exit code */
  signal(name: NodeJS.Signals): Promise<number | null>
}

export interface StationPlace {
  readonly shell: Shell
  /** A folder of this test alone; its name is in the environment of every process of the station. */
  readonly folder: string
  readonly dataFolder: string
  readonly home: string
  readonly temporary: string
  /** Opens the station's window. */
  open(options?: { subject?: number; args?: readonly string[] }): Promise<OpenWindow>
}

/** Waits for something to be there. @throws Error that names it when it takes too long */
async function waitFor<T>(what: string, look: () => T | undefined, timeoutMs = 30_000): Promise<T> {
  for (const endMs = performance.now() + timeoutMs; performance.now() < endMs; ) {
    const found = look()
    if (found !== undefined) return found
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error(`${what} did not come`)
}

/** A program that starts the real browser with a fake camera, and lets the test look in. */
function browserWithCamera(folder: string, camera: string): string {
  const browser = findBrowser()
  if (browser === undefined) throw new Error('there is no Chromium, Chrome or Edge')
  const script = join(folder, 'browser.sh')
  const flags = [...cameraFlags(camera), '--remote-debugging-port=0'].map((flag) => `'${flag}'`).join(' ')
  writeFileSync(script, `#!/bin/sh\nexec '${browser}' "$@" ${flags}\n`, { mode: 0o700 })
  return script
}

function startBrowserEntry(place: Omit<StationPlace, 'open'>, camera: string, args: readonly string[]): ChildProcess {
  const entry = join(root, 'out/main/browser.js')
  const { VULTUS_PASSPHRASE: _secret, ...kept } = process.env
  return spawn(
    process.execPath,
    [
      entry,
      '--browser',
      browserWithCamera(place.folder, camera),
      ...(args.includes('--demo') ? [] : ['--data', place.dataFolder]),
      ...args,
    ],
    { env: { ...kept, HOME: place.home, TMPDIR: place.temporary, XDG_RUNTIME_DIR: place.temporary }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
}

/** Where the browser of a station has its profile: below the data folder, or below that of a demo. */
function findPort(place: Omit<StationPlace, 'open'>, pid: number): string | undefined {
  const file = `window/${pid}/profile/DevToolsActivePort`
  const folders = [place.dataFolder, ...readdirSync(place.temporary).map((name) => join(place.temporary, name))]
  const found = folders.map((folder) => join(folder, file)).find((path) => existsSync(path))
  const port = found === undefined ? '' : readFileSync(found, 'utf8').split('\n')[0]
  return port === '' ? undefined : port
}

/** What a station writes and how it ends, with the window that belongs to it. */
function follow(station: ChildProcess) {
  let text = ''
  for (const stream of [station.stdout, station.stderr]) stream?.setEncoding('utf8').on('data', (more: string) => (text += more))
  const output = () => text
  const exited = new Promise<number | null>((done) => station.once('exit', (code) => done(code)))
  const windowOf = (page: Page): OpenWindow => ({
    page,
    output,
    close: async () => {
      await page.close()
      return await exited
    },
    signal: async (name) => {
      station.kill(name)
      return await exited
    },
  })
  return { output, exited, windowOf }
}

async function openChromium(place: Omit<StationPlace, 'open'>, camera: string, args: readonly string[]): Promise<OpenWindow> {
  const station = startBrowserEntry(place, camera, args)
  const { exited, output, windowOf } = follow(station)
  const early = exited.then((code) => Promise.reject(new Error(`the station ended with ${code}: ${output()}`)))
  early.catch(() => undefined)
  const port = await Promise.race([waitFor('the window', () => findPort(place, station.pid ?? 0)), early])
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
  return windowOf(await waitFor('the page', () => pageOf(browser)))
}

const pageOf = (browser: Browser) =>
  browser
    .contexts()
    .flatMap((context) => context.pages())
    .find((page) => page.url().startsWith('http://127.0.0.1:'))

async function openElectron(place: Omit<StationPlace, 'open'>, camera: string, args: readonly string[]): Promise<OpenWindow> {
  const { VULTUS_PASSPHRASE: _secret, ...kept } = process.env as Record<string, string>
  const app = await electron.launch({
    executablePath: electronProgram(process.env) ?? '',
    args: electronArguments(place.dataFolder, camera, args),
    env: { ...kept, HOME: place.home, TMPDIR: place.temporary },
    chromiumSandbox: process.getuid?.() !== 0,
  })
  const { windowOf } = follow(app.process())
  return windowOf(await app.firstWindow())
}

interface WorkerFixtures {
  readonly shell: Shell
  readonly cameras: (subject: number) => Promise<string>
}

export const test = base.extend<{ station: StationPlace }, WorkerFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameters' names
  shell: [async ({}, use) => use(shellOf(process.env)), { scope: 'worker' }],
  cameras: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameters' names
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'vultus-camera-'))
      const made = new Map<number, Promise<string>>()
      await use((subject) => {
        const file = made.get(subject) ?? makeCameraFile(join(folder, String(subject)), subject)
        made.set(subject, file)
        return file
      })
      rmSync(folder, { recursive: true, force: true })
    },
    { scope: 'worker' },
  ],
  station: async ({ shell, cameras }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'vt-'))
    const place = { shell, folder, dataFolder: join(folder, 'data'), home: join(folder, 'home'), temporary: join(folder, 'tmp') }
    for (const path of [place.home, place.temporary]) mkdirSync(path, { mode: 0o700 })
    const opened: OpenWindow[] = []
    await use({
      ...place,
      open: async ({ subject = 0, args = [] } = {}) => {
        const window = await (shell === 'electron' ? openElectron : openChromium)(place, await cameras(subject), args)
        opened.push(window)
        return window
      },
    })
    for (const window of opened) await window.signal('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  },
})

export { expect } from '@playwright/test'
