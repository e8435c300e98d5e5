import { existsSync, lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { onPath } from './machine.mjs'
import { run } from './processes.mjs'
import { showOutput } from './progress.mjs'
import { Refused } from './refused.mjs'
import { fileDigest, forget, readJson, writeJson } from './stamp.mjs'

const NPM_FLAGS = ['--include=dev', '--include=optional']
const ONLINE_FLAGS = ['--prefer-offline', '--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=8000']
/** Without a network npm would try hundreds of packages again and again; this asks for one, once, the way npm would. */
const ASK_FLAGS = ['view', 'zod', 'version', '--prefer-offline', '--fetch-retries=0', '--fetch-timeout=15000']
const NETWORK_FAILURE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network request|ENOTCACHED)\b/

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules/.cache/vultus/dependencies.json')

/**
 * Whether node_modules holds what package-lock.json names. A tree that somebody else installed is compared with the lock
 * that npm left inside it, and adopted when it fits.
 * @param {string} root
 * @param {import('./machine.mjs').Machine} machine
 */
export function dependenciesAreCurrent(root, machine) {
  const lockFile = join(root, 'package-lock.json')
  if (!existsSync(lockFile) || isLink(join(root, 'node_modules'))) return existsSync(join(root, 'node_modules'))
  const wanted = { lock: fileDigest(lockFile), system: `${machine.platform}-${machine.arch}` }
  const stamp = readJson(stampFile(root))
  if (stamp?.lock === wanted.lock && stamp.system === wanted.system) return existsSync(join(root, 'node_modules/.package-lock.json'))
  const installed = readJson(join(root, 'node_modules/.package-lock.json'))
  if (stamp !== undefined && stamp.system !== wanted.system) return false
  if (installed === undefined || !lockFits(readJson(lockFile)?.packages ?? {}, installed.packages ?? {}, machine)) return false
  writeJson(stampFile(root), wanted)
  return true
}

/** A linked node_modules belongs to another folder; it is used as it is, never installed into. @param {string} path */
function isLink(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
}

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 */

/**
 * Whether every package of the lock is installed. Optional ones may be missing unless they are made for just this machine.
 * @param {Record<string, LockedPackage>} wanted
 * @param {Record<string, LockedPackage>} installed
 * @param {import('./machine.mjs').Machine} machine
 */
export function lockFits(wanted, installed, machine) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const found = installed[path]
    if (found === undefined) return entry.optional === true && !isMadeFor(path, machine)
    return found.version === entry.version && found.integrity === entry.integrity
  })
}

/**
 * The one optional package that the station cannot do without is its Node.
 * @param {string} path
 * @param {import('./machine.mjs').Machine} machine
 */
function isMadeFor(path, machine) {
  return path === `node_modules/${nodePackageOf(machine)}`
}

/** @param {import('./machine.mjs').Machine} machine @returns {string} name of the npm package that brings Node 24 for this machine */
export function nodePackageOf(machine) {
  return `node-${machine.platform === 'win32' ? 'win' : machine.platform}-${machine.arch}`
}

/**
 * @param {string} root
 * @param {import('./machine.mjs').Machine} machine
 * @param {(pid: number) => void} onPid
 */
export async function installDependencies(root, machine, onPid) {
  forget(stampFile(root))
  const [file, ...first] = npmCommand(machine)
  const options = { cwd: root, env: machine.env, quiet: true, onPid }
  const asked = await run(file, [...first, ...ASK_FLAGS], options)
  // What is in npm's cache is enough even so; what is not is named at once.
  const reach = asked.code !== 0 && NETWORK_FAILURE.test(asked.output) ? ['--offline'] : ONLINE_FLAGS
  const finished = await run(file, [...first, 'ci', ...NPM_FLAGS, ...reach], options)
  if (finished.code !== 0) {
    showOutput(finished.output)
    if (finished.code === 127) throw new Refused('setup.failed', 'npm was not found; it comes with Node.js')
    throw new Refused(NETWORK_FAILURE.test(finished.output) ? 'setup.offline' : 'setup.failed', 'npm ci')
  }
  writeJson(stampFile(root), { lock: fileDigest(join(root, 'package-lock.json')), system: `${machine.platform}-${machine.arch}` })
}

/**
 * How to call npm without a shell: its script under the running Node where that can be found.
 * @param {import('./machine.mjs').Machine} machine
 * @returns {[string, ...string[]]}
 */
export function npmCommand(machine) {
  const beside = dirname(machine.execPath)
  const scripts = [
    machine.env.npm_execpath?.endsWith('npm-cli.js') ? machine.env.npm_execpath : '',
    join(beside, 'node_modules/npm/bin/npm-cli.js'),
    join(beside, '../lib/node_modules/npm/bin/npm-cli.js'),
  ]
  const script = scripts.find((path) => path !== '' && path !== undefined && machine.isFile(path))
  return script === undefined ? [onPath(machine, 'npm') ?? 'npm'] : [machine.execPath, script]
}
