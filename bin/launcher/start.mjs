import { findBrowser } from './browsers.mjs'
import { askYes, canInstallPackages, installPackages } from './debian.mjs'
import { electronOrNothing, rememberFailure } from './electron.mjs'
import { hasDisplay } from './machine.mjs'
import { nodeFlags } from './nodeFlags.mjs'
import { say } from './progress.mjs'

/** An Electron that is gone this soon by a signal never showed its window. */
const CRASH_MS_MAX = 5000

/**
 * What choosing a shell needs from outside; tests pass made-up ones.
 * @typedef {object} Means
 * @property {() => Promise<string | undefined>} electron
 * @property {() => string | undefined} browser
 * @property {() => boolean} canInstall
 * @property {(question: string) => Promise<boolean>} ask
 * @property {() => Promise<boolean>} installChromium
 */

/**
 * @typedef {{ kind: 'electron', path: string } | { kind: 'browser', path: string } | { kind: 'headless', why: string }} Shell
 */

/** Options that only a station without a window has: it ends by itself, or answers on stdout. */
const windowless = ['--exit', '--json']

/**
 * @param {import('./machine.mjs').Machine} machine
 * @param {Means} means
 * @param {readonly string[]} [args] of `start`
 * @returns {Promise<Shell>}
 */
export async function chooseShell(machine, means, args = []) {
  const option = windowless.find((name) => args.includes(name))
  if (option !== undefined) return { kind: 'headless', why: `${option} goes without one` }
  if (!hasDisplay(machine)) return { kind: 'headless', why: 'there is no display' }
  const electron = await means.electron()
  if (electron !== undefined) return { kind: 'electron', path: electron }
  return await chooseBrowser(machine, means)
}

/**
 * @param {import('./machine.mjs').Machine} machine
 * @param {Means} means
 * @returns {Promise<Shell>}
 */
export async function chooseBrowser(machine, means) {
  const browser = means.browser()
  if (browser !== undefined) return { kind: 'browser', path: browser }
  const remedy = 'install Chromium, Chrome or Edge to get the window'
  if (!means.canInstall()) return { kind: 'headless', why: `there is no browser; ${remedy}` }
  if (!machine.terminal) return { kind: 'headless', why: 'there is no browser; get the window with: apt-get install chromium' }
  if (!(await means.ask('There is no browser for the window. Install chromium with apt-get now?')))
    return { kind: 'headless', why: `there is no browser; ${remedy}` }
  const installed = (await means.installChromium()) ? means.browser() : undefined
  return installed === undefined
    ? { kind: 'headless', why: `chromium could not be installed; ${remedy}` }
    : { kind: 'browser', path: installed }
}

/**
 * The program and arguments of a shell.
 * @param {Shell} shell
 * @param {{ node: string, root: boolean, platform: string, args: readonly string[], entry: (name: string) => string }} place
 * @returns {{ file: string, args: string[] }}
 */
export function commandOf(shell, { node, root, platform, args, entry }) {
  if (shell.kind === 'headless') return { file: node, args: [...nodeFlags, entry('headless'), 'start', ...args] }
  if (shell.kind === 'browser') return { file: node, args: [...nodeFlags, entry('browser'), '--browser', shell.path, ...args] }
  // Chromium refuses to run its sandbox for the superuser of Linux; for anybody else the flag must never stand here.
  const sandbox = root && platform === 'linux' ? ['--no-sandbox'] : []
  return { file: shell.path, args: [...sandbox, entry('electron'), ...args] }
}

/**
 * @typedef {object} StartPlace
 * @property {string} root
 * @property {import('./machine.mjs').Machine} machine
 * @property {string} node
 * @property {readonly string[]} args
 * @property {(name: string) => string} entry
 * @property {(file: string, args: readonly string[]) => Promise<import('./processes.mjs').Finished>} runEntry
 */

/**
 * Opens the station in the best shell that the machine has.
 * @param {StartPlace} place
 * @returns {Promise<number>} exit code
 */
export async function start(place) {
  const { root, machine, node } = place
  const means = {
    electron: () => electronOrNothing({ root, machine, node }, Date.now()),
    browser: () => findBrowser(machine),
    canInstall: () => canInstallPackages(machine),
    ask: askYes,
    installChromium: () => installPackages(machine, root, ['chromium']),
  }
  const first = await chooseShell(machine, means, place.args)
  const startedMs = performance.now()
  const finished = await open(first, place)
  if (first.kind !== 'electron' || !crashed(finished, performance.now() - startedMs)) return finished.code
  rememberFailure(root, `it ended by ${finished.signal ?? `code ${finished.code}`} at once`, Date.now())
  say('Electron ended at once; trying the browser window')
  return (await open(await chooseBrowser(machine, means), place)).code
}

/**
 * @param {import('./processes.mjs').Finished} finished
 * @param {number} elapsedMs
 */
export function crashed(finished, elapsedMs) {
  const byFault = ['SIGTRAP', 'SIGABRT', 'SIGSEGV', 'SIGILL', 'SIGBUS'].includes(finished.signal ?? '')
  return elapsedMs < CRASH_MS_MAX && (byFault || finished.code === 127)
}

/**
 * @param {Shell} shell
 * @param {StartPlace} place
 */
function open(shell, { machine, node, args, entry, runEntry }) {
  if (shell.kind === 'headless') say(`serving without a window: ${shell.why}`)
  else say(`opening the station in ${shell.kind === 'electron' ? 'Electron' : shell.path}`)
  const command = commandOf(shell, { node, root: machine.root, platform: machine.platform, args, entry })
  return runEntry(command.file, command.args)
}
