/** The committed manifest of the starter pack, carried inside the built program. */
import manifest from '../../../models/packs/starter/manifest.json' with { type: 'json' }
import { type DetectorManifest, type EmbeddingManifest, type LandmarksManifest, PackManifest } from '../../contract/manifest.ts'

/** The starter pack lends what others do not bring, so it brings everything itself. */
export type StarterManifest = PackManifest & {
  readonly roles: {
    readonly detector: DetectorManifest
    readonly landmarks: LandmarksManifest
    readonly embedding: EmbeddingManifest & { readonly calibration: NonNullable<EmbeddingManifest['calibration']> }
  }
}

function isComplete(pack: PackManifest): pack is StarterManifest {
  const { detector, landmarks, embedding } = pack.roles
  return detector !== undefined && landmarks !== undefined && embedding.calibration !== undefined
}

/** @throws ZodError or RangeError for what is no manifest of a pack that brings everything */
export function completeManifest(value: unknown): StarterManifest {
  const pack = PackManifest.parse(value)
  if (!isComplete(pack)) throw new RangeError('the starter pack brings detector, landmarks and a calibrated embedding')
  return pack
}

export const starterManifest = (): StarterManifest => completeManifest(manifest)
