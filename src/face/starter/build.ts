/**
 * Makes the starter pack in a folder.
 *
 * Invariants:
 * 1. A file of the pack is there whole with the hash of the manifest, or not at all: it is written beside and renamed.
 * 2. Nothing is written before every missing file has been converted and has shown its hash.
 * 3. The manifest is written last, so that a folder with a manifest has had its files.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { VultusError } from '../../contract/errors.ts'
import { filesOf, type PackManifest } from '../../contract/manifest.ts'
import { conversions, type StarterFile } from './convert.ts'

export interface BuildOptions {
  /** Folder of the packs; the pack gets a folder of its id in it. */
  readonly packsFolder: string
  /** What the pack has to be: the conversion is deterministic, so the hashes stand before it runs. */
  readonly manifest: PackManifest
  readonly onProgress: (line: string) => void
}

export interface BuildReport {
  readonly pack: string
  readonly version: string
  readonly folder: string
  /** Files that were made now. */
  readonly built: readonly string[]
  /** Files that were there and right. */
  readonly kept: readonly string[]
}

interface ExpectedFile {
  readonly file: string
  readonly sha256: string
  readonly bytes: number
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function isStarterFile(name: string): name is StarterFile {
  return Object.hasOwn(conversions, name)
}

/** Whether the file is there with the expected content; a look at its size spares reading a wrong one. */
async function isRight(folder: string, expected: ExpectedFile): Promise<boolean> {
  const path = join(folder, expected.file)
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile() || found.size !== expected.bytes) return false
  return sha256Of(await readFile(path)) === expected.sha256
}

/** Converts one file and refuses it unless it is the one that the manifest names. */
async function convertChecked(expected: ExpectedFile): Promise<Uint8Array> {
  if (!isStarterFile(expected.file)) throw new VultusError('model.invalid', `the starter pack has no file ${expected.file}`)
  const bytes = await conversions[expected.file]()
  if (bytes.length !== expected.bytes || sha256Of(bytes) !== expected.sha256) {
    throw new VultusError(
      'model.invalid',
      `${expected.file} came out differently than its manifest says; are the installed packages the pinned ones?`,
    )
  }
  return bytes
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.${randomUUID()}.part`
  try {
    const file = await open(beside, 'wx')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new VultusError('model.missing', `${path} cannot be written: ${reason}`, { cause: error })
  }
}

async function writeManifest(folder: string, manifest: PackManifest): Promise<void> {
  const path = join(folder, 'manifest.json')
  const text = await readFile(path, 'utf8').catch(() => '')
  try {
    if (isDeepStrictEqual(JSON.parse(text), manifest)) return
  } catch {
    // What cannot be parsed is written anew.
  }
  await writeWhole(path, new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`))
}

/**
 * Makes what is missing or wrong; quick when everything is there.
 * @throws VultusError model.invalid where a converted file has another hash than the manifest, model.missing where the packages are
 * not installed or the folder cannot be written; nothing half-written stays
 */
export async function buildStarterPack({ packsFolder, manifest, onProgress }: BuildOptions): Promise<BuildReport> {
  const folder = join(packsFolder, manifest.id)
  const kept: string[] = []
  const converted: { file: string; bytes: Uint8Array }[] = []
  for (const expected of filesOf(manifest)) {
    if (await isRight(folder, expected)) {
      kept.push(expected.file)
      continue
    }
    onProgress(`converting ${expected.file} (${(expected.bytes / 1e6).toFixed(1)} MB)`)
    converted.push({ file: expected.file, bytes: await convertChecked(expected) })
  }
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new VultusError('model.missing', `${folder} cannot be made`, { cause: error })
  })
  for (const { file, bytes } of converted) await writeWhole(join(folder, file), bytes)
  await writeManifest(folder, manifest)
  const built = converted.map(({ file }) => file)
  onProgress(built.length === 0 ? 'the starter pack is complete' : `the starter pack is complete: ${built.length} files made`)
  return { pack: manifest.id, version: manifest.version, folder, built, kept }
}
