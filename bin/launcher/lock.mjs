import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

// Invariants:
// 1. Who made the lock folder holds the lock (mkdir is atomic).
// 2. A lock counts as left behind only when none of the processes written in it lives any more; helpers are written in it
//    too, so that a killed launcher whose `npm ci` is still running keeps others out.
// 3. Left-behind locks are removed under a second folder, by one process at a time, after looking again.

const POLL_MS = 200
/** Between making the folder and writing the owner passes less than this. */
const WRITE_MS_MAX = 10_000

/**
 * @typedef {object} Owner
 * @property {number[]} pids
 * @property {string[]} starts when each process started, in the kernel's count; tells a process from a later one with its id
 */

/**
 * @typedef {object} Lock
 * @property {(pid: number) => void} addHelper
 * @property {() => void} release
 */

/**
 * Waits for the lock and takes it.
 * @param {string} folder
 * @param {(pid: number) => void} onWait is called once if another process holds it
 * @returns {Promise<Lock>}
 */
export async function takeLock(folder, onWait) {
  mkdirSync(dirname(folder), { recursive: true })
  for (let told = false; ; await new Promise((resolve) => setTimeout(resolve, POLL_MS))) {
    if (makeFolder(folder)) return hold(folder)
    if (isLeftBehind(folder)) removeLeftBehind(folder)
    else if (!told) {
      told = true
      onWait(readOwner(folder)?.pids[0] ?? 0)
    }
  }
}

/**
 * @param {string} folder
 * @returns {Lock}
 */
function hold(folder) {
  const pids = [process.pid]
  const write = () => {
    const file = join(folder, 'owner.json')
    writeFileSync(`${file}.new`, JSON.stringify({ pids, starts: pids.map(startOf) }))
    renameSync(`${file}.new`, file)
  }
  write()
  return {
    addHelper(pid) {
      pids.push(pid)
      write()
    },
    release: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** @param {string} folder */
function makeFolder(folder) {
  try {
    mkdirSync(folder)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
}

/**
 * @param {string} folder
 * @returns {Owner | undefined}
 */
function readOwner(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'))
  } catch {
    return undefined
  }
}

/** @param {string} folder */
function isLeftBehind(folder) {
  const owner = readOwner(folder)
  if (owner === undefined) return ageMs(folder) > WRITE_MS_MAX
  return !owner.pids.some((pid, index) => lives(pid) && startOf(pid) === owner.starts[index])
}

/** @param {string} folder */
function removeLeftBehind(folder) {
  const guard = `${folder}.removing`
  if (!makeFolder(guard)) {
    if (ageMs(guard) > WRITE_MS_MAX) rmSync(guard, { recursive: true, force: true })
    return
  }
  try {
    if (isLeftBehind(folder)) rmSync(folder, { recursive: true, force: true })
  } finally {
    rmSync(guard, { recursive: true, force: true })
  }
}

/** @param {string} path @returns {number} 0 when it is gone */
function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch {
    return 0
  }
}

/** @param {number} pid */
function lives(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/** @param {number} pid @returns {string} start time in clock ticks since boot; empty where the system does not tell */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
