/** Text files of the command line: those that are read as a whole, and new ones that an answer is written to. */
import { constants } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { VultusError } from '../../contract/errors.ts'
import { auditLimits } from '../../contract/rows/audit.ts'

/** Longest text in bytes; a character takes at least one. */
const textBytesMax = auditLimits.textCharactersMax

/** The text of a file, at most 1 MiB. @throws VultusError file.unreadable with the file name in the detail */
export async function readText(path: string): Promise<string> {
  let file: FileHandle | undefined
  try {
    // Non-blocking: a pipe that nobody writes to must not hold the command.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const found = await file.stat()
    if (!found.isFile() || found.size > textBytesMax) throw new RangeError('no file, or too large')
    const bytes = Buffer.alloc(found.size)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    return bytes.toString('utf8', 0, bytesRead)
  } catch {
    throw new VultusError('file.unreadable', basename(path) || path)
  } finally {
    await file?.close()
  }
}

/** What a file says as JSON. @throws VultusError file.unreadable, request.invalid where it is no JSON */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path)
  try {
    // Editors of some systems put a mark before the text.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new VultusError('request.invalid', `${basename(path)} is not JSON`)
  }
}

/** A new file that is kept only when what it is for has been done. */
export interface NewFile {
  readonly path: string
  write(text: string): Promise<void>
  /** Makes it durable. */
  keep(): Promise<void>
  /** Takes it back. */
  discard(): Promise<void>
}

/** Makes a file that was not there. @throws VultusError file.unwritable with the file name in the detail */
export async function newFile(given: string): Promise<NewFile> {
  const path = resolve(given)
  const refused = () => new VultusError('file.unwritable', basename(path) || path)
  const file = await open(path, 'wx', 0o600).catch(() => {
    throw refused()
  })
  return {
    path,
    async write(text) {
      await file.writeFile(text).catch(() => {
        throw refused()
      })
    },
    async keep() {
      await file.sync()
      await file.close()
    },
    async discard() {
      await file.close().catch(() => undefined)
      await rm(path, { force: true })
    },
  }
}
