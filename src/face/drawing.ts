/** Drawn subjects as camera pictures: rasterised, with the noise of a sensor, so that two pictures of one subject are never equal bytes. */
import sharp from 'sharp'
import { VultusError } from '../contract/errors.ts'
import { drawnSubjects, portraitSvg, viewOf } from '../core/portrait.ts'

const jpegQuality = 92
/** Noise to either side, in steps of 255. */
const noiseSteps = 5

/** Numbers of 0 to 1 that follow from a seed (mulberry32), so that a drawing can be made again. */
function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Draws a drawn subject as JPEG; the same arguments give the same picture.
 * @throws VultusError request.invalid where there is no such subject
 */
export async function drawPortrait(subject: number, variation: number): Promise<Uint8Array> {
  const drawn = drawnSubjects[subject]
  if (drawn === undefined) throw new VultusError('request.invalid', `subject: there are ${drawnSubjects.length} drawn subjects`)
  const svg = new TextEncoder().encode(portraitSvg(drawn, viewOf(variation)))
  const { data, info } = await sharp(svg)
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const random = randomFrom(subject * 1000 + variation)
  const noisy = new Uint8ClampedArray(data)
  for (let at = 0; at < noisy.length; at += info.channels) {
    const noise = (random() - 0.5) * 2 * noiseSteps
    for (let channel = 0; channel < info.channels; channel++) noisy[at + channel]! += noise
  }
  const { width, height, channels } = info
  return await sharp(noisy, { raw: { width, height, channels } }).jpeg({ quality: jpegQuality }).toBuffer()
}
