/**
 * The witness: a file on another disk that gets every checkpoint as a line.
 *
 * 1. Lines are only appended, each synced; the file is made only when it is set up, because a disk that is not mounted
 *    leaves an empty folder in its place.
 * 2. A file that holds anything but checkpoints is never written to.
 * 3. A line that a power cut tore is closed by the next one and counts as nothing.
 */
import { closeSync, constants, fstatSync, fsyncSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { VultusError } from '../contract/errors.ts'
import type { AnchorPlace } from './anchors.ts'
import { type Checkpoint, checkpointOfLine, lineOf } from './auditCheckpoints.ts'
import { syncFolder, writeWhole } from './folder.ts'

/** So much of the end of the file is compared, some 40,000 checkpoints. */
const readBytesMax = 16 * 1024 * 1024
const newline = 0x0a

/** Opens a plain file and closes it again; a pipe or a device is refused and never waited for. */
function withFile<T>(path: string, flags: number, run: (descriptor: number, size: number) => T): T {
  const descriptor = openSync(path, flags | (constants.O_NONBLOCK ?? 0), 0o600)
  try {
    const found = fstatSync(descriptor)
    if (!found.isFile()) throw new VultusError('audit.witnessUnusable', 'it is no plain file')
    return run(descriptor, found.size)
  } finally {
    closeSync(descriptor)
  }
}

function readTail(descriptor: number, size: number): string[] {
  const bytes = Buffer.alloc(Math.min(size, readBytesMax))
  let length = 0
  while (length < bytes.length) {
    const read = readSync(descriptor, bytes, length, bytes.length - length, size - bytes.length + length)
    if (read === 0) break
    length += read
  }
  const lines = bytes.toString('utf8', 0, length).split('\n')
  // The first line of a part begins in the middle.
  return (size > readBytesMax ? lines.slice(1) : lines).filter((line) => line !== '')
}

function endsOpen(descriptor: number, size: number): boolean {
  const last = Buffer.alloc(1)
  return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== newline
}

function append(descriptor: number, size: number, checkpoints: readonly Checkpoint[]): void {
  const lines = checkpoints.map((checkpoint) => `${lineOf(checkpoint)}\n`).join('')
  writeWhole(descriptor, Buffer.from(endsOpen(descriptor, size) ? `\n${lines}` : lines))
  fsyncSync(descriptor)
}

/** Checkpoints of this vault in the file; other vaults may have the same witness. */
function read(path: string, vaultId: string): Checkpoint[] {
  try {
    return withFile(path, constants.O_RDONLY, (descriptor, size) =>
      readTail(descriptor, size).flatMap((line) => {
        const checkpoint = checkpointOfLine(line)
        return checkpoint?.vaultId === vaultId ? [checkpoint] : []
      }),
    )
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

export function witnessAnchor(path: string, vaultId: string): AnchorPlace {
  return {
    name: 'witness',
    read: () => read(path, vaultId),
    write: (checkpoints) =>
      withFile(path, constants.O_RDWR | constants.O_APPEND, (descriptor, size) => append(descriptor, size, checkpoints)),
    // In a longer file the line may stand before what is read of it, after those of other vaults.
    isEmptied: () => withFile(path, constants.O_RDONLY, (_, size) => size <= readBytesMax) && read(path, vaultId).length === 0,
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  // A name may begin with two dots and be inside.
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** The path without links; the file itself may still have to be made. */
function realPathOf(path: string): string {
  const real = join(realpathSync(dirname(path)), basename(path))
  const link = lstatSync(real, { throwIfNoEntry: false })?.isSymbolicLink() === true
  return link ? realpathSync(real) : real
}

/**
 * Makes the file, or takes one that witnesses checkpoints already, and shows that it can be written.
 * @param vaultFolder a witness beside the vault would go with it
 * @returns the path without links
 * @throws audit.witnessUnusable
 */
export function prepareWitness(path: string, vaultFolder: string): string {
  if (!isAbsolute(path)) throw new VultusError('audit.witnessUnusable', 'the path has to be absolute')
  try {
    const real = realPathOf(path)
    if (isInside(realpathSync(vaultFolder), real)) throw new VultusError('audit.witnessUnusable', 'it is in the folder of the vault')
    withFile(real, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, (descriptor, size) => {
      const [first] = readTail(descriptor, size)
      if (size > 0 && (first === undefined || checkpointOfLine(first) === undefined)) {
        throw new VultusError('audit.witnessUnusable', 'it holds something else')
      }
      fsyncSync(descriptor)
    })
    syncFolder(dirname(real))
    return real
  } catch (error) {
    if (error instanceof VultusError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new VultusError('audit.witnessUnusable', code)
  }
}
