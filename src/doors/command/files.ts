/** Picture files, checked at this door: what cannot be a picture is refused before a byte of it is read. */
import { constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type ErrorCode, VultusError } from '../../contract/errors.ts'
import { limits } from '../../contract/types.ts'

const missingCodes = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'])

function codeOf(error: unknown): ErrorCode {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return missingCodes.has(code) ? 'picture.missing' : 'picture.unreadable'
}

/** Reads a whole file; a file that grows while it is read is cut off by the limit. */
async function readAll(file: FileHandle, path: string): Promise<Uint8Array> {
  const { size } = await file.stat()
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of file.createReadStream({ autoClose: false, highWaterMark: Math.min(Math.max(size, 65_536), 4 << 20) })) {
    length += part.length
    if (length > limits.pictureBytesMax) throw new VultusError('picture.tooLarge', path)
    parts.push(part)
  }
  if (length === 0) throw new VultusError('picture.empty', path)
  return new Uint8Array(Buffer.concat(parts))
}

/**
 * The bytes of a picture file, at most 64 MiB.
 * @throws VultusError picture.missing, notAFile, unreadable, tooLarge or empty, with the file name in the detail
 */
export async function readPicture(path: string): Promise<Uint8Array> {
  const name = basename(path) || path
  let file: FileHandle | undefined
  try {
    // A pipe or a terminal would make open wait for ever, so what it is gets asked first; non-blocking for the moment between.
    const found = await stat(path)
    if (!found.isFile()) throw new VultusError('picture.notAFile', name)
    if (found.size > limits.pictureBytesMax) throw new VultusError('picture.tooLarge', name)
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    return await readAll(file, name)
  } catch (error) {
    if (error instanceof VultusError) throw error
    throw new VultusError(codeOf(error), name)
  } finally {
    await file?.close()
  }
}
