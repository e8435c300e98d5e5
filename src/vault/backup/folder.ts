/**
 * The files of a backup folder: `<vaultId>.vultus-keys` and `<vaultId>-<number>.vultus-backup`.
 *
 * 1. Files are written under a temporary name, synced, and then renamed: a name stands for a whole file.
 * 2. A generation is nothing until the key file names it.
 * 3. Temporary files and folders of this vault that a kill left are removed by the next backup.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { type ErrorCode, VultusError } from '../../contract/errors.ts'
import { vaultFailure } from '../failure.ts'
import { sizeOf, syncFolder, writeWhole } from '../folder.ts'
import { notPlain, readPlainFile } from '../plainFile.ts'
import { type Generation, keyFileBytesMax, keyFileName, parseKeyFile, type ReadKeyFile } from './keyFile.ts'

const generationName = /^([0-9a-f-]{36})-(\d{1,10})\.vultus-backup$/

export const generationPath = (folder: string, vaultId: string, number: number) => join(folder, `${vaultId}-${number}.vultus-backup`)
const temporaryPrefix = (vaultId: string) => `.vultus-${vaultId}-`

const asUnreachable: ReadonlySet<ErrorCode> = new Set(['vault.unwritable'])

/** Runs what touches the backup folder: what the disk refuses there is no failure of the vault. */
export async function inBackupFolder<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const failure = vaultFailure(error)
    const missing = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENXIO')
    if (missing || (failure instanceof VultusError && asUnreachable.has(failure.code))) {
      throw new VultusError('backup.unreachable', undefined, { cause: error })
    }
    throw failure
  }
}

/** Whether there is such a folder. @throws backup.unreachable */
export function assertFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw new VultusError('backup.unreachable', folder)
}

/** Beside the vault a backup would go with it. @throws request.invalid */
export function assertOutside(folder: string, vaultFolder: string): void {
  const way = relative(realpathSync(vaultFolder), realpathSync(folder))
  if (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
    throw new VultusError('request.invalid', 'the backup folder is in the folder of the vault')
}

/** A private temporary folder beside the backups. */
export function temporaryFolder(folder: string, vaultId: string): string {
  return mkdtempSync(join(folder, temporaryPrefix(vaultId)))
}

/** Removes what a kill left under temporary names. */
export function removeTemporary(folder: string, vaultId: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(temporaryPrefix(vaultId))) rmSync(join(folder, name), { recursive: true, force: true })
  }
}

/** Syncs a file. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Gives a complete and synced file its name. */
export function publish(temporary: string, folder: string, path: string): void {
  renameSync(temporary, path)
  syncFolder(folder)
}

/** Replaces the key file: whole and durable, or the one before stays. */
export function replaceKeyFile(folder: string, vaultId: string, bytes: Buffer): void {
  const temporary = join(folder, `${temporaryPrefix(vaultId)}keys`)
  rmSync(temporary, { force: true })
  const descriptor = openSync(temporary, 'wx', 0o600)
  try {
    writeWhole(descriptor, bytes)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  publish(temporary, folder, join(folder, keyFileName(vaultId)))
}

/** The key file of a vault, or undefined where there is none. @throws backup.damaged, vault.tooNew */
export function readKeyFile(folder: string, vaultId: string): ReadKeyFile | undefined {
  const path = join(folder, keyFileName(vaultId))
  const problem = notPlain(path)
  if (problem !== undefined) throw new VultusError('backup.damaged', `${keyFileName(vaultId)} ${problem}`)
  if (sizeOf(path) === undefined) return undefined
  const bytes = readPlainFile(path, keyFileBytesMax)
  if (bytes === undefined) throw new VultusError('backup.damaged', keyFileName(vaultId))
  const file = parseKeyFile(bytes)
  // A file of another vault under this name.
  if (file.vaultId !== vaultId) throw new VultusError('backup.foreign', keyFileName(vaultId))
  return file
}

/** The vaults whose key files stand in a folder. */
export function vaultsIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => /^([0-9a-f-]{36})\.vultus-keys$/.exec(name)?.[1] ?? [])
}

/** The vault whose backups a folder holds. @throws backup.missing where there is no key file, backup.mismatch for several */
export function vaultOfFolder(folder: string): string {
  const ids = vaultsIn(folder)
  const [id] = ids
  if (id === undefined) throw new VultusError('backup.missing', 'no key file')
  if (ids.length > 1) throw new VultusError('backup.mismatch', 'the folder holds the key files of several vaults')
  return id
}

/** Numbers of the generations of a vault whose files stand in the folder, ascending. */
export function generationsIn(folder: string, vaultId: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const match = generationName.exec(name)
      return match?.[1] === vaultId ? [Number(match[2])] : []
    })
    .sort((left, right) => left - right)
}

/** SHA-256 of a file, hexadecimal. */
export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

/** Holds a generation's file against the key file. @throws backup.missing, backup.damaged */
export async function assertGeneration(folder: string, vaultId: string, generation: Generation): Promise<void> {
  const path = generationPath(folder, vaultId, generation.number)
  const size = sizeOf(path)
  if (size === undefined) throw new VultusError('backup.missing', `generation ${generation.number}`)
  if (size !== generation.bytes || (await digestOfFile(path)) !== generation.sha256) {
    throw new VultusError('backup.damaged', `generation ${generation.number}`)
  }
}
