/** Model packs on disk: reading and checking their manifests, opening one. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { VultusError } from '../contract/errors.ts'
import { type DetectorManifest, filesOf, type LandmarksManifest, modelIdOf, PackManifest, type PadManifest } from '../contract/manifest.ts'
import type { Calibration, EmbeddingModel, PackFolders, PackSummary } from '../contract/processes.ts'
import { runtimesHere } from './inference/here.ts'
import type { ModelFile } from './inference/modelFile.ts'
import type { PackRuntimes } from './inference/runtime.ts'
import { collectGarbage } from './memory.ts'
import { Network } from './sessions.ts'

const manifestBytesMax = 1024 * 1024
const packsMax = 64
const packId = /^[a-z0-9-]{1,40}$/
/** Lends detector and landmarks to packs that bring none. */
const starterId = 'starter'

/** What an open pack works with, its own and what was lent. */
export interface PackRoles {
  readonly detector: DetectorManifest
  readonly landmarks: LandmarksManifest
  readonly embedding: PackManifest['roles']['embedding']
  readonly pad?: PadManifest | undefined
}

/** An open pack: what the pipeline works with. */
export interface Pack {
  readonly manifest: Omit<PackManifest, 'roles'> & { readonly roles: PackRoles }
  readonly model: EmbeddingModel
  readonly detector: Network
  readonly landmarks: Network
  readonly embedding: Network
  /** In the order of the manifest; empty where the pack brings none. */
  readonly pad: readonly Network[]
}

/** Every network of an open pack. */
export const networksOf = (pack: Pack): Network[] => [pack.detector, pack.landmarks, pack.embedding, ...pack.pad]

/** Bytes of all its model files. */
export function bytesOf({ manifest }: Pack): number {
  const { detector, landmarks, embedding, pad } = manifest.roles
  return [detector, landmarks, embedding, ...(pad?.networks ?? [])].reduce((sum, { bytes }) => sum + bytes, 0)
}

interface FoundPack {
  readonly folder: string
  readonly manifest: PackManifest
}

/** @throws VultusError model.unknown without a manifest, model.invalid for one that is not well formed or belongs to another pack */
async function readManifest(packsFolder: string, id: string): Promise<FoundPack> {
  if (!packId.test(id)) throw new VultusError('model.unknown')
  const folder = join(packsFolder, id)
  const path = join(folder, 'manifest.json')
  let text: string
  try {
    if ((await stat(path)).size > manifestBytesMax) throw new VultusError('model.invalid', 'the manifest is too large')
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof VultusError) throw error
    throw new VultusError('model.unknown', id, { cause: error })
  }
  const manifest = manifestOf(text)
  if (manifest.id !== id) throw new VultusError('model.invalid', 'the manifest names another pack')
  return { folder, manifest }
}

/** @throws VultusError model.invalid naming the field */
export function manifestOf(text: string): PackManifest {
  const parsed = PackManifest.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new VultusError('model.invalid', `manifest: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new VultusError('model.invalid', 'the manifest is not JSON')
  }
}

/** A pack that came with the program goes before one that was imported under the same name. */
async function findPack({ packsFolder, importedFolder }: PackFolders, id: string): Promise<FoundPack> {
  try {
    return await readManifest(packsFolder, id)
  } catch (error) {
    if (importedFolder === undefined || !(error instanceof VultusError) || error.code !== 'model.unknown') throw error
    return await readManifest(importedFolder, id)
  }
}

const fileOf = (folder: string, { file, sha256, bytes }: { file: string; sha256: string; bytes: number }): ModelFile => ({
  path: join(folder, file),
  sha256,
  bytes,
})

/** The pack that lends what a pack does not bring; undefined where nothing is missing. */
async function lenderOf(folders: PackFolders, { roles }: PackManifest): Promise<FoundPack | undefined> {
  return roles.detector === undefined || roles.landmarks === undefined ? await readManifest(folders.packsFolder, starterId) : undefined
}

/**
 * Opens a pack. Every file is held against its checksum now; networks are loaded when they are first needed.
 * @param runtimes where its networks run; in this thread where it is left out
 * @throws VultusError model.unknown, model.missing, model.invalid
 */
export async function openPack(packsFolder: string, id: string, importedFolder?: string, runtimes?: PackRuntimes): Promise<Pack> {
  const folders = { packsFolder, importedFolder }
  const found = await findPack(folders, id)
  return await openFound(found, await lenderOf(folders, found.manifest), runtimes)
}

/** Opens a pack that lies in a folder of its own, as it is imported. @throws VultusError model.* */
export async function openPackIn(folder: string, manifest: PackManifest, packsFolder: string): Promise<Pack> {
  return await openFound({ folder, manifest }, await lenderOf({ packsFolder }, manifest))
}

async function openFound(own: FoundPack, lender: FoundPack | undefined, runtimes: PackRuntimes = runtimesHere()): Promise<Pack> {
  const { manifest } = own
  const { embedding, pad } = manifest.roles
  const detector = roleOf('detector', own, lender)
  const landmarks = roleOf('landmarks', own, lender)
  const { frames, templates } = runtimes
  const networks = [
    { file: detector.file, runtime: frames },
    { file: landmarks.file, runtime: frames },
    ...[embedding, ...(pad?.networks ?? [])].map((one) => ({ file: fileOf(own.folder, one), runtime: templates })),
  ]
  for (const { file, runtime } of networks) await runtime.check(file)
  collectGarbage()
  const [detectorNetwork, landmarksNetwork, embeddingNetwork, ...padNetworks] = networks.map(
    ({ file, runtime }) => new Network(file, runtime),
  )
  return {
    manifest: { ...manifest, roles: { detector: detector.role, landmarks: landmarks.role, embedding, pad } },
    model: embeddingModelOf(manifest, lender?.manifest),
    detector: detectorNetwork!,
    landmarks: landmarksNetwork!,
    embedding: embeddingNetwork!,
    pad: padNetworks,
  }
}

function roleOf<Name extends 'detector' | 'landmarks'>(
  name: Name,
  own: FoundPack,
  lender: FoundPack | undefined,
): { role: PackRoles[Name]; file: ModelFile } {
  for (const pack of [own, lender]) {
    const role = pack?.manifest.roles[name]
    if (pack !== undefined && role !== undefined) return { role: role as PackRoles[Name], file: fileOf(pack.folder, role) }
  }
  throw new VultusError('model.invalid', `neither the pack nor the starter pack has a role ${name}`)
}

/** Points on which nothing stands: decisions above the threshold are inconclusive, and no rate is claimed for a score. */
function uncalibrated({ authorsThreshold }: PackManifest['roles']['embedding']): Calibration {
  const { threshold, provenance } = authorsThreshold ?? { threshold: 1, provenance: 'none' }
  return { impostorPairs: 1, points: [{ fmr: 1, threshold }], provenance: `not calibrated; the threshold is its authors': ${provenance}` }
}

function embeddingModelOf(manifest: PackManifest, lender: PackManifest | undefined): EmbeddingModel {
  const { embedding } = manifest.roles
  const { meanTemplate, dimension } = embedding
  return {
    id: modelIdOf(manifest, lender),
    dimension,
    metric: embedding.metric,
    inputShape: [3, embedding.input.height, embedding.input.width],
    meanTemplate: meanTemplate.length === 0 ? new Float32Array(dimension) : Float32Array.from(meanTemplate),
    calibration: embedding.calibration ?? uncalibrated(embedding),
    padThreshold: manifest.roles.pad?.scoreThreshold ?? null,
  }
}

/** Every pack of the folders whose manifest is well formed; `complete` where all its files are there in their size. */
export async function listPacks(folders: PackFolders): Promise<PackSummary[]> {
  const { packsFolder, importedFolder } = folders
  const found = await packsIn(packsFolder)
  const imported = importedFolder === undefined ? [] : await packsIn(importedFolder)
  const shadowed = new Set(found.map(({ manifest }) => manifest.id))
  const starter = found.find(({ manifest }) => manifest.id === starterId)?.manifest
  return await Promise.all([
    ...found.map((pack) => summaryOf(pack, true, starter)),
    ...imported.filter(({ manifest }) => !shadowed.has(manifest.id)).map((pack) => summaryOf(pack, false, starter)),
  ])
}

async function packsIn(folder: string): Promise<FoundPack[]> {
  const names = await readdir(folder).catch(() => [])
  const found: FoundPack[] = []
  for (const id of names
    .filter((name) => packId.test(name))
    .sort()
    .slice(0, packsMax)) {
    const pack = await readManifest(folder, id).catch(() => undefined)
    if (pack !== undefined) found.push(pack)
  }
  return found
}

function familiesOf({ detector, landmarks, embedding, pad }: PackManifest['roles']): PackSummary['families'] {
  return {
    ...(detector === undefined ? {} : { detector: detector.family }),
    ...(landmarks === undefined ? {} : { landmarks: landmarks.family }),
    embedding: embedding.family,
    ...(pad === undefined ? {} : { pad: pad.family }),
  }
}

/** What lists say of a pack. */
export async function summaryOf(
  { folder, manifest }: FoundPack,
  builtIn: boolean,
  starter: PackManifest | undefined,
): Promise<PackSummary> {
  const { id, name, version, roles } = manifest
  const files = filesOf(manifest)
  const present = await Promise.all(
    files.map(async ({ file, bytes }) => (await stat(join(folder, file)).catch(() => undefined))?.size === bytes),
  )
  const { dimension, metric, calibration } = roles.embedding
  return {
    id,
    model: modelIdOf(manifest, starter),
    name,
    version,
    builtIn,
    complete: present.every(Boolean),
    families: familiesOf(roles),
    dimension,
    metric,
    licences: [...new Set(files.map(({ licence }) => licence))],
    calibration: calibration === undefined ? null : { impostorPairs: calibration.impostorPairs, fmrMin: 1 / calibration.impostorPairs },
  }
}
