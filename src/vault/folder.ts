/**
 * The files of a vault in the data folder.
 *
 * 1. A vault exists from the moment its header stands: init writes the database under a staging name first, publishes the
 *    header, then gives the database its name. Where that last step was cut off, opening carries it out.
 * 2. A header is never replaced by init: publishing fails where one stands.
 * 3. Staging files without a header are leftovers of an interrupted init; the next init that succeeds removes them.
 *    A database under its own name without a header is damage, never a leftover.
 * 4. Nothing here opens vault.db: closing any descriptor of it would drop the locks that SQLite holds in this process.
 *    (pageCheck.ts holds one, and closes it only after the database.)
 */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { VultusError } from '../contract/errors.ts'

const fileMode = 0o600
const folderMode = 0o700
const stagingName = /^vault-[0-9a-f-]{36}\.init(\.json|\.db(-wal|-shm|-journal)?)$/
/** What a change of a vault that stands writes before it counts (a header to come, a copy under a page key to come), and copies that are checked. */
const changeName = /^vault-[0-9a-f-]{36}\.(next\.json|(page|check)-\d+\.db(-wal|-shm|-journal)?)$/

export const headerPath = (folder: string) => join(folder, 'vault.json')
export const databasePath = (folder: string) => join(folder, 'vault.db')
export const stagingDatabasePath = (folder: string, vaultId: string) => join(folder, `vault-${vaultId}.init.db`)

/** The copy of a database under the page key of a generation, until it has taken the database's place. */
export const pageCopyPath = (folder: string, vaultId: string, generation: number) => join(folder, `vault-${vaultId}.page-${generation}.db`)

/** A copy of the database whose pages are checked; it is removed when that is over, at the latest with the next opening. */
export const checkCopyPath = (folder: string, vaultId: string, number: number) => join(folder, `vault-${vaultId}.check-${number}.db`)

/** Size of a file, or undefined where there is none. */
export function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size
}

/** Removes what stands at a path, if anything does; also a folder, which nothing of a vault is. */
export function removeFile(path: string): void {
  rmSync(path, { recursive: true, force: true })
}

/** Makes the folder, or makes it private. */
export function preparePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: folderMode })
  chmodSync(folder, folderMode)
}

/** Makes an empty private file that was not there before. */
export function createPrivateFile(path: string): void {
  closeSync(openSync(path, 'wx', fileMode))
}

/** What file systems say that have nothing to sync of a folder (a network share): its names are the server's. */
const folderNotSynced = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EBADF', 'EISDIR'])

/** Makes names of a folder durable. Windows and some file systems cannot and need not. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!folderNotSynced.has(code)) throw error
  } finally {
    closeSync(descriptor)
  }
}

/** Writes all of the bytes: what fits the disk in part is taken in part, without an error, until the next write has one. */
export function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
}

/** Publishes the header of a new vault: whole and durable, or not at all. @throws vault.exists where a header stands */
export function publishHeader(folder: string, vaultId: string, text: string): void {
  const staging = join(folder, `vault-${vaultId}.init.json`)
  const descriptor = openSync(staging, 'wx', fileMode)
  try {
    writeWhole(descriptor, Buffer.from(text))
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  try {
    linkSync(staging, headerPath(folder))
    rmSync(staging)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST' || sizeOf(headerPath(folder)) !== undefined) {
      rmSync(staging, { force: true })
      throw new VultusError('vault.exists')
    }
    // File systems without hard links (a memory stick): a plain rename, which the check above guards as well as it can.
    renameSync(staging, headerPath(folder))
  }
  syncFolder(folder)
}

/** Replaces the header: whole and durable, or the old one stays. */
export function replaceHeader(folder: string, vaultId: string, text: string): void {
  const staging = join(folder, `vault-${vaultId}.next.json`)
  removeFile(staging)
  const descriptor = openSync(staging, 'wx', fileMode)
  try {
    writeWhole(descriptor, Buffer.from(text))
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(staging, headerPath(folder))
  syncFolder(folder)
}

/** Gives a copy that the header names the database's place, unless somebody who opened the vault meanwhile has done so. */
export function adoptPageCopy(folder: string, vaultId: string, generation: number): void {
  const copy = pageCopyPath(folder, vaultId, generation)
  if (sizeOf(copy) === undefined) return
  // The older database has no log any more; a rollback journal that it left would be taken for the copy's.
  rmSync(`${databasePath(folder)}-journal`, { force: true })
  try {
    renameSync(copy, databasePath(folder))
  } catch (error) {
    if (sizeOf(copy) !== undefined) throw error
  }
  syncFolder(folder)
}

/** Removes headers and copies that never came to be: the caller has the vault's lock. */
export function removeUnfinishedChanges(folder: string): void {
  for (const name of readdirSync(folder)) if (changeName.test(name)) removeFile(join(folder, name))
}

/** Gives the database of a published header its name, unless somebody who opened the vault meanwhile has done so. */
export function adoptDatabase(folder: string, vaultId: string): void {
  const staging = stagingDatabasePath(folder, vaultId)
  if (sizeOf(staging) === undefined && sizeOf(databasePath(folder)) !== undefined) return
  renameSync(staging, databasePath(folder))
  syncFolder(folder)
}

/** Removes what interrupted inits left; of one vault, or, once a header stands and its database has its name, of all. */
export function removeStaging(folder: string, vaultId?: string): void {
  for (const name of readdirSync(folder)) {
    if (stagingName.test(name) && (vaultId === undefined || name.startsWith(`vault-${vaultId}.`))) removeFile(join(folder, name))
  }
}
