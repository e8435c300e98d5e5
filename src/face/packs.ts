/** Model packs on disk: reading and checking their manifests, opening one. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { VultusError } from '../contract/errors.ts'
import { modelIdOf, PackManifest } from '../contract/manifest.ts'
import type { EmbeddingModel, PackSummary } from '../contract/processes.ts'
import { collectGarbage } from './memory.ts'
import { type ModelFile, Network, readModel } from './sessions.ts'

const manifestBytesMax = 1024 * 1024
const packsMax = 64
const packId = /^[a-z0-9-]{1,40}$/

/** An open pack: what the pipeline works with. */
export interface Pack {
  readonly manifest: PackManifest
  readonly model: EmbeddingModel
  readonly detector: Network
  readonly landmarks: Network
  readonly embedding: Network
}

/** @throws VultusError model.unknown without a manifest, model.invalid for one that is not well formed or belongs to another pack */
async function readManifest(packsFolder: string, id: string): Promise<PackManifest> {
  if (!packId.test(id)) throw new VultusError('model.unknown')
  const path = join(packsFolder, id, 'manifest.json')
  let text: string
  try {
    if ((await stat(path)).size > manifestBytesMax) throw new VultusError('model.invalid', 'the manifest is too large')
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof VultusError) throw error
    throw new VultusError('model.unknown', id, { cause: error })
  }
  const parsed = PackManifest.safeParse(parseJson(text))
  if (!parsed.success) throw new VultusError('model.invalid', `manifest: ${parsed.error.issues[0]?.path.join('.') ?? ''}`)
  if (parsed.data.id !== id) throw new VultusError('model.invalid', 'the manifest names another pack')
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new VultusError('model.invalid', 'the manifest is not JSON')
  }
}

const fileOf = (folder: string, { file, sha256, bytes }: { file: string; sha256: string; bytes: number }): ModelFile => ({
  path: join(folder, file),
  sha256,
  bytes,
})

/**
 * Opens a pack. Every file is held against its checksum now; networks are loaded when they are first needed.
 * @throws VultusError model.unknown, model.missing, model.invalid
 */
export async function openPack(packsFolder: string, id: string): Promise<Pack> {
  const manifest = await readManifest(packsFolder, id)
  const folder = join(packsFolder, id)
  const { detector, landmarks, embedding } = manifest.roles
  const files = [detector, landmarks, embedding].map((role) => fileOf(folder, role))
  for (const file of files) await readModel(file)
  collectGarbage()
  const [detectorFile, landmarksFile, embeddingFile] = files as [ModelFile, ModelFile, ModelFile]
  return {
    manifest,
    model: embeddingModelOf(manifest),
    detector: new Network(detectorFile),
    landmarks: new Network(landmarksFile),
    embedding: new Network(embeddingFile),
  }
}

function embeddingModelOf(manifest: PackManifest): EmbeddingModel {
  const { embedding } = manifest.roles
  return {
    id: modelIdOf(manifest),
    dimension: embedding.dimension,
    metric: embedding.metric,
    inputShape: [3, embedding.input.height, embedding.input.width],
    meanTemplate: Float32Array.from(embedding.meanTemplate),
    calibration: embedding.calibration,
  }
}

/** Every pack of the folder whose manifest is well formed; `complete` where all its files are there in their size. */
export async function listPacks(packsFolder: string): Promise<PackSummary[]> {
  let names: string[]
  try {
    names = await readdir(packsFolder)
  } catch {
    return []
  }
  const summaries: PackSummary[] = []
  for (const id of names
    .filter((name) => packId.test(name))
    .sort()
    .slice(0, packsMax)) {
    const manifest = await readManifest(packsFolder, id).catch(() => undefined)
    if (manifest !== undefined) summaries.push(await summaryOf(join(packsFolder, id), manifest))
  }
  return summaries
}

async function summaryOf(folder: string, { id, name, version, roles }: PackManifest): Promise<PackSummary> {
  const all = [roles.detector, roles.landmarks, roles.embedding]
  const present = await Promise.all(
    all.map(async ({ file, bytes }) => (await stat(join(folder, file)).catch(() => undefined))?.size === bytes),
  )
  const { dimension, metric, calibration } = roles.embedding
  return {
    id,
    name,
    version,
    complete: present.every(Boolean),
    dimension,
    metric,
    licences: [...new Set(all.map(({ licence }) => licence))],
    calibration: { impostorPairs: calibration.impostorPairs, fmrMin: 1 / calibration.impostorPairs },
  }
}
