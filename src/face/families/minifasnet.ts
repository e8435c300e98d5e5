/**
 * MiniFASNet (MiniVision, Silent-Face-Anti-Spoofing): the box of a face, widened and kept inside the picture, told to be a person
 * or an attack. Only the mathematics; sessions.ts runs the networks.
 */
import { VultusError } from '../../contract/errors.ts'
import type { PadManifest } from '../../contract/manifest.ts'
import type { Box } from '../../contract/types.ts'
import type { AffineMap } from '../../core/geometry.ts'

type PadNetwork = PadManifest['networks'][number]

/** The part of the picture that is looked at: the box scaled about its centre, as far as the picture lets it, shifted inside. */
export function padRegion(face: Box, picture: { readonly width: number; readonly height: number }, cropScale: number): Box {
  const scale = Math.min(cropScale, (picture.width - 1) / face.width, (picture.height - 1) / face.height)
  const [width, height] = [face.width * scale, face.height * scale]
  const inside = (start: number, length: number, limit: number) => Math.min(Math.max(0, start), Math.max(0, limit - length))
  return {
    x: inside(face.x + (face.width - width) / 2, width, picture.width),
    y: inside(face.y + (face.height - height) / 2, height, picture.height),
    width,
    height,
  }
}

/** Maps the input onto that part; its sides are scaled apart, as the network was trained. */
export function padMap(region: Box, { input }: PadNetwork): AffineMap {
  return [region.width / input.width, 0, region.x, 0, region.height / input.height, region.y]
}

/**
 * How much the network takes it for a person, 0 to 1.
 * @throws VultusError inference.failed where the output has no such class, or is none of probabilities
 */
export function personScore(values: Float32Array, { outputs, personClass }: PadNetwork): number {
  const shares = outputs === 'logits' ? softmax(values) : values
  const score = shares[personClass]
  const sum = shares.reduce((total, share) => total + share, 0)
  if (score === undefined || Math.abs(sum - 1) > 1e-3) throw new VultusError('inference.failed', 'the PAD output has an unexpected shape')
  return Math.min(1, Math.max(0, score))
}

function softmax(values: Float32Array): Float32Array {
  const largest = Math.max(...values)
  const powers = values.map((value) => Math.exp(value - largest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}
