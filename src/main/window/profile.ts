/** The browser's profile: private, of one window only, gone when it ends, and at the next start at the latest. */
import { chmodSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export interface Profile {
  readonly folder: string
  /** Home of the browser, so that it leaves nothing in the operator's. */
  readonly home: string
  /** For its temporary files; undefined where the path would be too long for the sockets that it puts there. */
  readonly temporary: string | undefined
  remove(): void
}

const temporaryPathBytesMax = 55

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
  const temporary = join(folder, 'tmp')
  for (const path of [folder, home, temporary]) {
    mkdirSync(path, { mode: 0o700 })
    chmodSync(path, 0o700)
  }
  const removeAtExit = () => removeFolder(folder)
  process.once('exit', removeAtExit)
  const remove = () => {
    process.off('exit', removeAtExit)
    removeFolder(folder)
    removeWhenEmpty(parent)
  }
  return { folder, home, temporary: Buffer.byteLength(temporary) <= temporaryPathBytesMax ? temporary : undefined, remove }
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
