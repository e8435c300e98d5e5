/** A real station without a window of its own, prepared by commands, and the local Chromium with a fake camera beside it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import { makeCameraFile } from './camera.ts'
import { expect } from './fixture.ts'
import { findBrowser } from './machine.ts'

const entry = join(resolve(import.meta.dirname, '../..'), 'out/main/headless.js')
const passphrase = 'four unrelated words here'
const address = /http:\/\/127\.0\.0\.1:\d+\/#key=[\w-]{43}/g

export interface RealStation {
  readonly folder: string
  /** The vault's folder. */
  readonly data: string
  /** Runs a command to its end, beside the station or without it. @returns what it wrote to stdout @throws Error with what it wrote */
  command(argv: readonly string[], environment?: NodeJS.ProcessEnv): Promise<string>
  /** A command that goes on until the station ends. */
  going(argv: readonly string[], environment?: NodeJS.ProcessEnv): ChildProcess
  /** Starts the station where it does not run, and opens a window on it. */
  open(): Promise<Page>
  /** Kills the station as a power cut would, with what it spawned. */
  kill(): Promise<void>
  close(): Promise<void>
}

const textOf = (child: ChildProcess) => {
  const text = { out: '', errors: '' }
  child.stdout?.setEncoding('utf8').on('data', (more: string) => (text.out += more))
  child.stderr?.setEncoding('utf8').on('data', (more: string) => (text.errors += more))
  return text
}
const endOf = (child: ChildProcess) => new Promise<number | null>((done) => child.once('close', (code) => done(code)))

/** A station with a new passphrase vault in a folder of its own. */
export async function prepareStation(): Promise<RealStation> {
  const folder = mkdtempSync(join(tmpdir(), 'vt-'))
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  const env = { ...process.env, VULTUS_PASSPHRASE: passphrase, TMPDIR: folder }
  const going: RealStation['going'] = (argv, environment = {}) =>
    spawn(process.execPath, [entry, ...argv, '--data', data], {
      env: { ...env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const command: RealStation['command'] = async (argv, environment) => {
    const child = going(argv, environment)
    const text = textOf(child)
    const code = await endOf(child)
    if (code !== 0) throw new Error(`${argv[0]} ended with ${code}: ${text.out}${text.errors}`)
    return text.out
  }
  // The camera's film takes as long to make as the vault.
  const opening = openBrowser(folder)
  opening.catch(() => undefined)
  await command(['init', '--key', 'passphrase'])
  const starts: { child: ChildProcess; ended: Promise<number | null> }[] = []
  const open = async (): Promise<Page> => {
    const child = going(['start'])
    starts.push({ child, ended: endOf(child) })
    const text = textOf(child)
    await expect.poll(() => text.out + text.errors, { timeout: 30_000 }).toMatch(address)
    const page = await (await opening).newPage()
    page.setDefaultTimeout(15_000)
    await page.goto(text.out.match(address)?.[0] ?? '')
    return page
  }
  const end = async (signal: NodeJS.Signals) => {
    for (const { child, ended } of starts.splice(0)) {
      child.kill(signal)
      await ended
    }
  }
  return {
    folder,
    data,
    command,
    going,
    open,
    kill: () => end('SIGKILL'),
    close: async () => {
      await opening.then(
        (browser) => browser.close(),
        () => undefined,
      )
      await end('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function openBrowser(folder: string): Promise<Browser> {
  const executablePath = findBrowser()
  if (executablePath === undefined) throw new Error('there is no Chromium, Chrome or Edge')
  const camera = await makeCameraFile(join(folder, 'camera'), 0)
  return await chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${camera}`],
  })
}

/** Adds an account; the first one is the administrator, in whose name the others are added. */
export async function addAccount(
  station: RealStation,
  account: { name: string; role: string; password: string },
  by?: { name: string; password: string },
) {
  const { name, role, password } = account
  const as = by === undefined ? [] : ['--as', by.name]
  await station.command(['operators', 'add', '--name', name, '--role', role, ...as], {
    VULTUS_NEW_PASSWORD: password,
    ...(by === undefined ? {} : { VULTUS_PASSWORD: by.password }),
  })
}

export async function signIn(page: Page, { name, password }: { name: string; password: string }): Promise<void> {
  await page.getByLabel(en.signIn.name, { exact: true }).fill(name)
  await page.getByLabel(en.signIn.secret, { exact: true }).fill(password)
  await page.getByLabel(en.signIn.secret, { exact: true }).press('Enter')
  await expect(page.getByRole('navigation', { name: en.areas.navigation })).toBeVisible()
}
