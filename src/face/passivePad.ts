/** Presentation attack detection by the pack's networks, on the picture alone. Nothing is claimed that was not measured. */
import type { Box, Pad } from '../contract/types.ts'
import { padMap, padRegion, personScore } from './families/minifasnet.ts'
import type { Pack } from './packs.ts'
import { type PixelPyramid, warpTensor } from './pixels.ts'

export interface PassivePad {
  readonly pad: Pad
  /** 0 an attack to 1 a person; null where the pack brings no network for it. */
  readonly padScore: number | null
}

/**
 * How much a face looks like a person before the camera. The verdict stays notAssessed where the pack's error rates were not measured.
 * @param face its box in the picture that is looked at
 * @throws VultusError inference.failed and what loading throws
 */
export async function passivePad(pack: Pack, picture: PixelPyramid, face: Box): Promise<PassivePad> {
  const role = pack.manifest.roles.pad
  if (role === undefined) return { pad: 'notAssessed', padScore: null }
  let sum = 0
  for (const [index, network] of role.networks.entries()) {
    const { input } = network
    const map = padMap(padRegion(face, picture, network.cropScale), network)
    const [output] = await pack.pad[index]!.run(warpTensor(picture, map, input), [1, 3, input.height, input.width])
    sum += personScore(output ?? new Float32Array(), network)
  }
  const padScore = sum / role.networks.length
  if (role.measured === undefined) return { pad: 'notAssessed', padScore }
  return { pad: padScore >= role.scoreThreshold ? 'passed' : 'failed', padScore }
}
