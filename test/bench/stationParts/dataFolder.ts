/** The data folder of the bench: a vault whose gallery is as one of people would be for the pictures that are searched for. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unwrap } from '../../../src/contract/errors.ts'
import { modelIdOf, PackManifest } from '../../../src/contract/manifest.ts'
import { filledVault } from '../matchParts/filledVault.ts'
import { startFace } from '../matchParts/processes.ts'
import { templatesOf, withLookAlikes } from '../matchParts/templates.ts'

const packId = 'starter'
const manifestFile = join(import.meta.dirname, '../../../models/packs', packId, 'manifest.json')
/** The rate of the station's usual threshold: so many of the gallery reach it by chance, and the vault has to read them. */
const lookAlikeRate = 1e-3

/** The vault in the parent folder, filled where it is not there yet; a filling that was cut off is begun anew. */
export async function dataFolderIn(
  parent: string,
  rows: number,
  pictures: readonly Uint8Array[],
  say: (line: string) => void,
): Promise<string> {
  const manifest = PackManifest.parse(JSON.parse(readFileSync(manifestFile, 'utf8')))
  const model = modelIdOf(manifest, undefined)
  const { meanTemplate, dimension, calibration } = manifest.roles.embedding
  const folder = join(parent, `vault-${rows}`)
  const whole = join(parent, `vault-${rows}.whole`)
  if (existsSync(whole) && readFileSync(whole, 'utf8') === model) return folder
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const threshold = calibration?.points.find(({ fmr }) => fmr === lookAlikeRate)?.threshold
  if (threshold === undefined) throw new Error(`The calibration has no threshold at ${lookAlikeRate}`)
  const crowd = templatesOf('starter', dimension, Float32Array.from(meanTemplate))
  const templates = withLookAlikes(crowd, await templatesFrom(pictures), lookAlikeRate, threshold)
  const vault = await filledVault(folder, templates, rows, model, say)
  vault.close()
  writeFileSync(whole, model)
  return folder
}

async function templatesFrom(pictures: readonly Uint8Array[]): Promise<Float32Array[]> {
  const face = await startFace(packId)
  try {
    const templates: Float32Array[] = []
    for (const picture of pictures) templates.push(unwrap(await face.functions.template({ picture, aligned: false, repeat: 1 })).template)
    return templates
  } finally {
    await face.end()
  }
}
