/** The browser's profile: private, of one window only, gone when it ends, and at the next start at the latest. */
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Profile {
  readonly folder: string
  /** Home of the browser, so that it leaves nothing in the operator's. */
  readonly home: string
  /** For its temporary files: in the profile, or a private folder of its own where that path would be too long for the sockets in it. */
  readonly temporary: string
  remove(): void
}

const temporaryPathBytesMax = 55
const temporaryPrefix = 'vultus-window-'

/** Makes a short private folder in the system's temporary folder, and removes those of processes that are dead. */
function makeShortTemporary(isAlive: (pid: number) => boolean, pid: number): string {
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(new RegExp(`^${temporaryPrefix}(\\d+)-[A-Za-z0-9]{6}$`).exec(name)?.[1])
    const path = join(tmpdir(), name)
    if (Number.isInteger(owner) && !isAlive(owner) && isOwnFolder(path)) removeFolder(path)
  }
  return mkdtempSync(join(tmpdir(), `${temporaryPrefix}${pid}-`))
}

function isOwnFolder(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isDirectory() === true && (process.getuid === undefined || found.uid === process.getuid())
}

/** Makes a profile below <data>/window, and removes those of processes that are dead. */
export function makeProfile(dataFolder: string, isAlive: (pid: number) => boolean, pid: number = process.pid): Profile {
  const parent = join(dataFolder, 'window')
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(parent)) {
    const owner = Number(name)
    if (Number.isInteger(owner) && (owner === pid || !isAlive(owner))) removeFolder(join(parent, name))
  }
  const folder = join(parent, String(pid))
  const home = join(folder, 'home')
  const within = join(folder, 'tmp')
  for (const path of [folder, home, within]) {
    mkdirSync(path, { mode: 0o700 })
    chmodSync(path, 0o700)
  }
  const temporary = Buffer.byteLength(within) <= temporaryPathBytesMax ? within : makeShortTemporary(isAlive, pid)
  const removeFolders = () => {
    removeFolder(folder)
    removeFolder(temporary)
  }
  process.once('exit', removeFolders)
  const remove = () => {
    process.off('exit', removeFolders)
    removeFolders()
    removeWhenEmpty(parent)
  }
  return { folder, home, temporary, remove }
}

/** The browser's last processes may still be writing while they end. */
function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
}

function removeWhenEmpty(path: string): void {
  try {
    rmdirSync(path)
  } catch {
    // Another window is open on the same data folder.
  }
}
