import { join } from 'node:path'
import { run } from './processes.mjs'
import { say, step } from './progress.mjs'
import { forget, readJson, writeJson } from './stamp.mjs'

/** How long a start waits for Electron's binary to arrive. */
const ARRIVAL_MS_MAX = 20_000
/** After this long a failed download is tried again. */
const FAILURE_MEMORY_MS = 7 * 24 * 3600 * 1000
const PROBE_MS_MAX = 10_000

/** @type {Record<string, string>} */
const programs = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron', linux: 'electron' }

/**
 * @typedef {object} ElectronPlace
 * @property {string} root
 * @property {import('./machine.mjs').Machine} machine
 * @property {string} node the Node that runs the installer
 */

/** @param {string} root */
const memoryFile = (root) => join(root, 'node_modules/.cache/vultus/electron.json')

/**
 * Where Electron's binary is, asking the disk alone: the npm package itself would start a download.
 * @param {ElectronPlace} place
 * @returns {string | undefined}
 */
export function findElectron({ root, machine }) {
  const program = programs[machine.platform]
  if (program === undefined) return undefined
  const override = machine.env.ELECTRON_OVERRIDE_DIST_PATH
  const folder = override ?? join(root, 'node_modules/electron/dist')
  const path = join(folder, program)
  if (!machine.isFile(path)) return undefined
  // The installer writes path.txt last: without it the folder is half unpacked.
  if (override === undefined && !machine.isFile(join(root, 'node_modules/electron/path.txt'))) return undefined
  return path
}

/** @param {string} root */
function electronVersion(root) {
  return readJson(join(root, 'node_modules/electron/package.json'))?.version
}

/**
 * Whether Electron failed here not long ago. The memory holds for one version and one week.
 * @param {string} root
 * @param {number} nowMs
 */
export function failedLately(root, nowMs) {
  const memory = readJson(memoryFile(root))
  return memory?.version === electronVersion(root) && nowMs - memory.failedAtMs < FAILURE_MEMORY_MS && nowMs >= memory.failedAtMs
}

/**
 * @param {string} root
 * @param {string} reason
 * @param {number} nowMs
 */
export function rememberFailure(root, reason, nowMs) {
  writeJson(memoryFile(root), { version: electronVersion(root), failedAtMs: nowMs, reason })
}

/**
 * Finds Electron, or lets its installer fetch it for a limited time.
 * @param {ElectronPlace} place
 * @param {number} nowMs
 * @param {number} [limitMs]
 * @returns {Promise<string | undefined>} undefined when there is none; a failure is remembered
 */
export async function electronOrNothing(place, nowMs, limitMs = ARRIVAL_MS_MAX) {
  const { root, machine } = place
  if (failedLately(root, nowMs)) return undefined
  if (findElectron(place) === undefined) {
    const installer = join(root, 'node_modules/electron/install.js')
    if (!machine.isFile(installer)) return undefined
    try {
      await step('fetching Electron (at most 20 s)', () => fetchElectron(place, installer, limitMs))
    } catch (error) {
      rememberFailure(root, error instanceof Error ? error.message : String(error), nowMs)
      say('going on without Electron; this is remembered for a week')
      return undefined
    }
  }
  const path = findElectron(place)
  if (path === undefined || !(await loads(path, place))) return undefined
  forget(memoryFile(root))
  return path
}

/**
 * @param {ElectronPlace} place
 * @param {string} installer
 * @param {number} limitMs
 */
async function fetchElectron(place, installer, limitMs) {
  const { root, machine, node } = place
  const finished = await run(node, [installer], { cwd: root, env: machine.env, quiet: true, timeoutMs: limitMs })
  if (finished.timedOut) throw new Error('it did not arrive in time')
  if (finished.code !== 0 || findElectron(place) === undefined) throw new Error(lastLine(finished.output))
}

/** @param {string} output */
function lastLine(output) {
  return output.trim().split('\n').at(-1)?.slice(0, 200) ?? ''
}

/**
 * Whether the binary can be loaded at all: on a lean Linux its shared libraries are often missing.
 * @param {string} path
 * @param {ElectronPlace} place
 */
async function loads(path, { root, machine }) {
  const env = { ...machine.env, ELECTRON_RUN_AS_NODE: '1' }
  const finished = await run(path, ['--eval', '0'], { cwd: root, env, quiet: true, timeoutMs: PROBE_MS_MAX })
  if (finished.code !== 0) say(`Electron does not start here (${lastLine(finished.output)})`)
  return finished.code === 0
}
