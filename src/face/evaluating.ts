/** What an evaluation asks of a picture: the template of its subject, its quality, and the templates of the same pixels in other light. */
import { VultusError } from '../contract/errors.ts'
import type { EvaluatedFace } from '../contract/processes.ts'
import { type LightStep, lightLadder, lit } from '../core/evaluation/light.ts'
import { embedCrops } from './embedding.ts'
import { measureSubject, withPicture } from './looking.ts'
import type { Pack } from './packs.ts'
import { alignedCrop, alignmentPoints, chooseSubject, findFaces } from './pipeline.ts'
import { PixelPyramid, type RgbPixels } from './pixels.ts'
import type { StageClock } from './stages.ts'

/** The aligned face in one light, found from the pixels on; null where no subject is found in it. */
async function cropInLight(pack: Pack, { width, height, data }: RgbPixels, step: LightStep, clock: StageClock) {
  const picture = new PixelPyramid({ width, height, data: lit(data, width, step) })
  try {
    const { faces } = await findFaces(pack, picture, clock)
    return await alignedCrop(pack, picture, alignmentPoints(pack, chooseSubject(picture, faces)), clock)
  } catch (error) {
    if (error instanceof VultusError && error.code.startsWith('face.')) return null
    throw error
  } finally {
    picture.wipe()
  }
}

/**
 * @param light whether the ladder of lighting is climbed, too
 * @throws VultusError picture.*, face.*, inference.failed
 */
export function evaluateIn(pack: Pack, bytes: Uint8Array, light: boolean, clock: StageClock): Promise<EvaluatedFace> {
  return withPicture(pack, bytes, clock, async (picture, decoded) => {
    const { faces } = await findFaces(pack, picture, clock)
    const subject = chooseSubject(picture, faces)
    const quality = measureSubject(picture, decoded, faces, subject, 0)
    const crop = await alignedCrop(pack, picture, alignmentPoints(pack, subject), clock)
    const inLight: (Float32Array | null)[] = []
    for (const step of light ? lightLadder : []) inLight.push(await cropInLight(pack, picture.pixels, step, clock))
    const crops = [crop, ...inLight.filter((one) => one !== null)]
    const [template, ...others] = await clock.time('embedMs', () => embedCrops(pack, crops))
    for (const one of crops) one.fill(0)
    let next = 0
    return { template: template!, quality, inLight: inLight.map((one) => (one === null ? null : others[next++]!)) }
  })
}
