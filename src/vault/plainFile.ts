/** Plain files, and nothing else in their place: a pipe is waited for without end, a device is read without end, and what replaces a link leaves the file behind it as it was. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Why what stands at a path is no plain file of the folder; undefined where it is one, or where nothing stands. */
export function notPlain(path: string): string | undefined {
  // Where the folder itself is a file, nothing stands in it, and only stat is told so without an error.
  if (statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory() !== true) return undefined
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined || found.isFile()) return undefined
  return found.isSymbolicLink() ? 'is a link; the file itself has to stand in the folder' : 'is no plain file'
}

/**
 * Opens a plain file for reading, and waits for nothing.
 * @returns the descriptor, which the caller closes, and the size; undefined where it is something else
 * @throws what the file system says where it cannot be opened
 */
export function openPlainFile(path: string): { descriptor: number; bytes: number } | undefined {
  let descriptor: number
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    // A socket.
    if (error instanceof Error && 'code' in error && error.code === 'ENXIO') return undefined
    throw error
  }
  let plain = false
  try {
    const found = fstatSync(descriptor)
    plain = found.isFile()
    return plain ? { descriptor, bytes: found.size } : undefined
  } finally {
    if (!plain) closeSync(descriptor)
  }
}

/** The bytes of a plain file; undefined where it is something else, or has more than that. */
export function readPlainFile(path: string, bytesMax: number): Buffer | undefined {
  const opened = openPlainFile(path)
  if (opened === undefined) return undefined
  const { descriptor, bytes } = opened
  try {
    if (bytes > bytesMax) return undefined
    const content = Buffer.alloc(bytes)
    let at = 0
    while (at < bytes) {
      const read = readSync(descriptor, content, at, bytes - at, at)
      if (read === 0) break
      at += read
    }
    return content.subarray(0, at)
  } finally {
    closeSync(descriptor)
  }
}
