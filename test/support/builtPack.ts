/** A starter pack built into a temporary folder, as tests need it; the conversion takes about a second. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildStarterPack } from '../../src/face/starter/build.ts'
import { starterManifest } from '../../src/face/starter/manifest.ts'

export interface BuiltPack {
  readonly packsFolder: string
  /** Folder of the starter pack in it. */
  readonly folder: string
  remove(): Promise<void>
}

/** Builds the pack; the caller removes it. */
export async function builtPack(): Promise<BuiltPack> {
  const packsFolder = await mkdtemp(join(tmpdir(), 'vultus-packs-'))
  const { folder } = await buildStarterPack({ packsFolder, manifest: starterManifest(), onProgress: () => {} })
  return { packsFolder, folder, remove: () => rm(packsFolder, { recursive: true, force: true }) }
}
