/** The station's window in a local Chromium: started, guarded over its pipe, and ended with everything it started. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { VultusError } from '../../contract/errors.ts'
import { browserArguments, browserEnvironment } from './browserCommand.ts'
import { DevtoolsPipe } from './devtoolsPipe.ts'
import { guardPage } from './pageGuard.ts'
import { endGroup, killGroup } from './processGroup.ts'
import type { Profile } from './profile.ts'

export interface ChromiumWindowOptions {
  /** Path of the browser. */
  readonly browser: string
  readonly profile: Profile
  /** Origin of the station's page. */
  readonly origin: string
  /** A fresh token for each connection that the page asks for. */
  readonly mintToken: () => Promise<string> | string
  readonly log: (line: string) => void
}

export interface ChromiumWindow {
  /** closed: somebody closed the window; crashed: the browser ended by itself. */
  readonly ended: Promise<'closed' | 'crashed'>
  /** Closes the window and ends every process of the browser. */
  close(): Promise<void>
}

const startTimeoutMs = 30_000
const closeTimeoutMs = 5000

/** Opens the window. @throws VultusError browser.missing where the browser does not start */
export async function openChromiumWindow(options: ChromiumWindowOptions): Promise<ChromiumWindow> {
  const { browser, profile, log } = options
  const child = spawn(browser, browserArguments(profile.folder, process.getuid?.() === 0), {
    env: browserEnvironment(process.env, profile, process.platform),
    // A group of its own: an interrupt of the terminal ends the station, which then ends the browser in order.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  const exited = exitOf(child)
  const pipe = new DevtoolsPipe(child.stdio[3] as Writable, child.stdio[4] as Readable)
  const { pid } = child
  const killAtExit = () => {
    if (pid !== undefined) killGroup(pid)
  }
  process.once('exit', killAtExit)
  const end = async () => {
    if (pid !== undefined) await endGroup(pid)
    await exited
    process.off('exit', killAtExit)
  }
  const close = async () => {
    void pipe.call('Browser.close').catch(() => undefined)
    await inTime(exited, closeTimeoutMs)
    await end()
  }
  try {
    const died = exited.then(() => Promise.reject(new Error('it ended at once')))
    const started = await inTime(Promise.race([guardPage({ ...options, pipe }), died]), startTimeoutMs)
    if (!started) throw new Error('it took too long')
  } catch (error) {
    log(`window: the browser did not start: ${error instanceof Error ? error.message : ''}`)
    await end()
    throw new VultusError('browser.missing', browser, { cause: error })
  }
  return { ended: exited.then((code) => (code === 0 ? 'closed' : 'crashed')), close }
}

/** Resolves with the exit code, or null for a signal or a program that could not be started. */
function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.once('error', () => resolve(null))
  })
}

/** Waits for a promise, but not for ever. @returns whether it was settled in time */
async function inTime(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs)
  })
  try {
    return await Promise.race([promise.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
