/**
 * Brings the files of a pack into a new folder, from a zip file or from a folder.
 *
 * 1. Only plain files with plain names at the top: no folder, link, device, absolute path or `..`.
 * 2. What a zip file says of sizes is added up before anything is written, and held to while it is written.
 * 3. Nothing outside the new folder is written.
 */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { VultusError } from '../../contract/errors.ts'
import { modelBytesMax } from '../../contract/manifest.ts'

export const packLimits = {
  filesMax: 32,
  /** All files together, unpacked. */
  bytesMax: 2 * modelBytesMax,
  manifestBytesMax: 1024 * 1024,
  /** Licences and notes beside the models. */
  textBytesMax: 256 * 1024,
} as const

export const manifestName = 'manifest.json'
export const signatureName = 'manifest.sig'

const plainName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/
const textName = /\.(txt|md)$/i

export interface UnpackedFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

interface Found {
  readonly name: string
  readonly bytes: number
  readonly stream: () => Promise<Readable>
}

const unsafe = (why: string) => new VultusError('pack.unsafe', why)
const shown = (name: string) => name.replace(/[^\w./\\-]/g, '?').slice(0, 80)

/** The largest size that a file of that name may have. */
function bytesMaxOf(name: string): number {
  if (name === manifestName) return packLimits.manifestBytesMax
  if (name === signatureName) return 1024
  return textName.test(name) ? packLimits.textBytesMax : modelBytesMax
}

/** @throws VultusError pack.unsafe, pack.tooLarge */
function checkAll(found: readonly Found[]): void {
  if (found.length > packLimits.filesMax) throw new VultusError('pack.tooLarge', `${packLimits.filesMax} files are the limit`)
  const names = new Set<string>()
  let total = 0
  for (const { name, bytes } of found) {
    if (!plainName.test(name)) throw unsafe(`the name ${shown(name)}`)
    // Some file systems do not tell capital letters from small ones.
    if (names.has(name.toLowerCase())) throw unsafe(`${shown(name)} is there twice`)
    names.add(name.toLowerCase())
    if (bytes > bytesMaxOf(name)) throw new VultusError('pack.tooLarge', shown(name))
    total += bytes
  }
  if (total > packLimits.bytesMax) throw new VultusError('pack.tooLarge', `${packLimits.bytesMax} bytes are the limit`)
  if (!names.has(manifestName)) throw new VultusError('pack.unreadable', `there is no ${manifestName}`)
}

const fileKind = 0o170000
const plainFile = 0o100000

function checkEntry(entry: Entry): void {
  if (entry.isEncrypted()) throw new VultusError('pack.unreadable', 'it is encrypted')
  if (!entry.canDecodeFileData()) throw new VultusError('pack.unreadable', 'it is compressed in an unknown way')
  const kind = (entry.externalFileAttributes >>> 16) & fileKind
  if (kind !== 0 && kind !== plainFile) throw unsafe(`${shown(entry.fileName)} is no plain file`)
}

async function entriesOf(zip: ZipFile): Promise<Found[]> {
  const found: Found[] = []
  if (zip.entryCount > packLimits.filesMax) throw new VultusError('pack.tooLarge', `${packLimits.filesMax} files are the limit`)
  for await (const entry of zip.eachEntry()) {
    checkEntry(entry)
    found.push({ name: entry.fileName, bytes: entry.uncompressedSize, stream: () => zip.openReadStreamPromise(entry) })
  }
  return found
}

async function filesOfFolder(folder: string): Promise<Found[]> {
  const names = await readdir(folder)
  if (names.length > packLimits.filesMax) throw new VultusError('pack.tooLarge', `${packLimits.filesMax} files are the limit`)
  return await Promise.all(
    names.map(async (name): Promise<Found> => {
      const path = join(folder, name)
      const found = await lstat(path)
      if (!found.isFile()) throw unsafe(`${shown(name)} is no plain file`)
      // A link that was put in its place since is not followed.
      const stream = async () => (await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))).createReadStream()
      return { name, bytes: found.size, stream }
    }),
  )
}

async function writeFile({ name, bytes, stream }: Found, folder: string): Promise<UnpackedFile> {
  const hash = createHash('sha256')
  const file = await open(join(folder, name), 'wx', 0o600)
  try {
    let written = 0
    for await (const part of await stream()) {
      const chunk = part as Buffer
      written += chunk.length
      if (written > bytes) throw unsafe(`${shown(name)} is larger than it says`)
      hash.update(chunk)
      await file.write(chunk)
    }
    if (written !== bytes) throw new VultusError('pack.unreadable', `${shown(name)} ends too early`)
    await file.sync()
  } finally {
    await file.close()
  }
  return { name, bytes, sha256: hash.digest('hex') }
}

async function writeAll(found: readonly Found[], folder: string): Promise<UnpackedFile[]> {
  checkAll(found)
  const written: UnpackedFile[] = []
  for (const file of found) written.push(await writeFile(file, folder))
  return written
}

/** What the reader of zip files refuses, as a code: paths that leave the folder, sizes that lie, everything that is damaged. */
function refusalOfZip(error: unknown): VultusError {
  if (error instanceof VultusError) return error
  const message = error instanceof Error ? error.message : ''
  if (/relative path|absolute path|invalid characters in fileName/i.test(message)) return unsafe('a path leaves the pack')
  if (/too many bytes|uncompressed size|size mismatch|not enough bytes/i.test(message)) return unsafe('a size in the zip file is wrong')
  return new VultusError('pack.unreadable', 'it is damaged or no zip file', { cause: error })
}

/**
 * Copies the files of a pack into a folder that is empty.
 * @param source a zip file, or a folder
 * @throws VultusError pack.unreadable, pack.unsafe, pack.tooLarge, vault.diskFull
 */
export async function unpack(source: string, folder: string): Promise<UnpackedFile[]> {
  const kind = await lstat(source).catch(() => undefined)
  if (kind?.isDirectory()) return await writeAll(await filesOfFolder(source), folder).catch(refuse)
  if (!kind?.isFile()) throw new VultusError('pack.unreadable', 'there is no such file or folder')
  let zip: ZipFile | undefined
  try {
    zip = await openPromise(source, {
      autoClose: false,
      lazyEntries: true,
      decodeStrings: true,
      validateEntrySizes: true,
      strictFileNames: true,
    })
    return await writeAll(await entriesOf(zip), folder)
  } catch (error) {
    return refuse(error)
  } finally {
    zip?.close()
  }
}

function refuse(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') throw new VultusError('vault.diskFull')
  throw refusalOfZip(error)
}
