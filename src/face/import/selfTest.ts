/** Runs a pack on drawn faces: what is no face model, or is fed wrongly, shows here before anybody depends on it. */
import sharp from 'sharp'
import { VultusError } from '../../contract/errors.ts'
import type { PackReport } from '../../contract/processes.ts'
import { comparisonScore } from '../../core/comparison.ts'
import { drawPortrait } from '../drawing.ts'
import { captureIn } from '../looking.ts'
import { networksOf, type Pack } from '../packs.ts'
import { decodePicture, workingSidePx } from '../picture/decode.ts'
import { detectFaces } from '../pipeline.ts'
import { PixelPyramid } from '../pixels.ts'
import { StageClock } from '../stages.ts'

const greySidePx = 512
/** The same picture has to give the same template, and two subjects two. */
const sameMin = 1 - 1e-4
const twoSubjectsMax = 1 - 1e-5

const failed = (why: string) => new VultusError('model.selfTestFailed', why)

/** @throws VultusError model.selfTestFailed, and what looking at a picture throws */
export async function selfTest(pack: Pack, nowMs: () => number): Promise<PackReport['selfTest']> {
  try {
    const [first, firstAgain] = [await templateOf(pack, 0, 0), await templateOf(pack, 0, 0)]
    const [firstOther, second] = [await templateOf(pack, 0, 1), await templateOf(pack, 1, 0)]
    if (comparisonScore(first.template, firstAgain.template) < sameMin) throw failed('one picture gives two templates')
    const impostorScore = comparisonScore(first.template, second.template)
    if (impostorScore > twoSubjectsMax) throw failed('two subjects give one template')
    if ((await facesInGrey(pack)) > 0) throw failed('a face is found in plain grey')
    const picture = await drawPortrait(1, 1)
    const startedMs = nowMs()
    await sampleIn(pack, picture)
    const pictureMs = nowMs() - startedMs
    return { mateScore: comparisonScore(first.template, firstOther.template), impostorScore, pictureMs, padScore: first.padScore ?? null }
  } catch (error) {
    // What a picture is refused for (no face, an output of another shape) is the pack's fault here: the pictures are sound.
    if (error instanceof VultusError && /^(face|inference|picture)\./.test(error.code)) throw failed(error.message)
    throw error
  } finally {
    await Promise.all(networksOf(pack).map((network) => network.release()))
  }
}

async function templateOf(pack: Pack, subject: number, variation: number) {
  return await sampleIn(pack, await drawPortrait(subject, variation))
}

async function sampleIn(pack: Pack, picture: Uint8Array) {
  const { sample } = await captureIn(pack, picture, 'simulated', new StageClock(() => performance.now()))
  return sample
}

async function facesInGrey(pack: Pack): Promise<number> {
  const grey = sharp({ create: { width: greySidePx, height: greySidePx, channels: 3, background: '#808080' } })
  const { pixels } = await decodePicture(await grey.png().toBuffer(), workingSidePx)
  return (await detectFaces(pack, new PixelPyramid(pixels))).length
}
