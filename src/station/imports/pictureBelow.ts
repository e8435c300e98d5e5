/** Reading one picture below the folder of an import: nothing outside of it, no links, no devices, nothing too large. */
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises'
import { join, posix, sep, win32 } from 'node:path'
import { VultusError } from '../../contract/errors.ts'
import { limits } from '../../contract/types.ts'

const pathCharactersMax = 4096
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0)

/**
 * The path on this machine of a path as a list says it, with either kind of slash.
 * @param folder as realpath gives it
 * @throws VultusError import.pathOutside, picture.missing
 */
async function placeBelow(folder: string, path: string): Promise<string> {
  if (path === '' || path.length > pathCharactersMax || path.includes('\0')) throw new VultusError('picture.missing')
  if (posix.isAbsolute(path) || win32.isAbsolute(path)) throw new VultusError('import.pathOutside')
  const place = join(folder, ...path.split(/[\\/]/))
  if (!place.startsWith(folder.endsWith(sep) ? folder : folder + sep)) throw new VultusError('import.pathOutside')
  return place
}

/** @throws VultusError import.pathOutside, picture.missing, picture.notAFile, picture.unreadable, picture.empty, picture.tooLarge */
export async function readPictureBelow(folder: string, path: string): Promise<Uint8Array> {
  const place = await placeBelow(folder, path)
  const found = await lstat(place).catch((error: NodeJS.ErrnoException) => {
    throw new VultusError(error.code === 'EACCES' ? 'picture.unreadable' : 'picture.missing')
  })
  if (found.isSymbolicLink()) throw new VultusError('import.pathOutside')
  if (!found.isFile()) throw new VultusError('picture.notAFile')
  // A folder on the way may be a link.
  const real = await realpath(place).catch(() => {
    throw new VultusError('picture.missing')
  })
  if (!real.startsWith(folder.endsWith(sep) ? folder : folder + sep)) throw new VultusError('import.pathOutside')
  return await readWhole(real)
}

async function readWhole(path: string): Promise<Uint8Array> {
  let file: FileHandle | undefined
  try {
    file = await open(path, openFlags)
    const found = await file.stat()
    if (!found.isFile()) throw new VultusError('picture.notAFile')
    if (found.size === 0) throw new VultusError('picture.empty')
    if (found.size > limits.pictureBytesMax) throw new VultusError('picture.tooLarge')
    const picture = new Uint8Array(found.size)
    let at = 0
    while (at < picture.length) {
      const { bytesRead } = await file.read(picture, at, picture.length - at, at)
      if (bytesRead === 0) break
      at += bytesRead
    }
    return at === picture.length ? picture : picture.slice(0, at)
  } catch (error) {
    throw error instanceof VultusError ? error : new VultusError('picture.unreadable')
  } finally {
    await file?.close()
  }
}
