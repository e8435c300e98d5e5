/** Processing of a picture for the service endpoint: steps in order, streamed through one decoder where their order allows it. */
import type { Sharp } from 'sharp'
import { VultusError } from '../../contract/errors.ts'
import type { ProcessedPicture } from '../../contract/processes.ts'
import type { PictureOperation } from '../../contract/rows/face.ts'
import { collectGarbage } from '../memory.ts'
import type { RgbPixels } from '../pixels.ts'
import { decodingFailure, openChecked, type PictureHeader, readHeader, threeChannels, workingSidePx } from './decode.ts'
import { openPixels } from './encode.ts'

/** Pixels between two steps that cannot share a decoder: they are held in full. */
const heldPixelsMax = 24_000_000

/** Aligns the subject of some pixels to a square of `sizePx`; passed in, since it needs the models. */
export type Align = (pixels: RgbPixels, sizePx: number) => Promise<RgbPixels>

type Convert = Extract<PictureOperation, { type: 'convert' }>

/**
 * A picture between steps. `rank` is how far along its decoder's own order of work it is: a step that belongs earlier
 * starts a new decoder on the held pixels.
 */
interface Stage {
  readonly image: Sharp
  readonly rank: number
  readonly width: number
  readonly height: number
}

const ranks = { crop: 1, resize: 2, grayscale: 3, normalize: 4 } as const

/** @throws VultusError picture.tooLarge where the pixels between two steps are too many to hold */
async function held({ image, width, height }: Stage): Promise<RgbPixels> {
  if (width * height > heldPixelsMax) throw new VultusError('picture.tooLarge', 'resize it in the first step')
  const { data, info } = await image
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: threeChannels(data, info.channels) }
}

function restart(pixels: RgbPixels): Stage {
  return { image: openPixels(pixels), rank: 0, width: pixels.width, height: pixels.height }
}

async function step(stage: Stage, operation: PictureOperation, align: Align): Promise<Stage> {
  if (operation.type === 'convert' || operation.type === 'metadata') return stage
  if (operation.type === 'align') return restart(await align(await held(shrunk(stage)), operation.size))
  const rank = ranks[operation.type]
  const { image, width, height } = rank > stage.rank ? stage : restart(await held(stage))
  switch (operation.type) {
    case 'resize': {
      const size = fitted({ width, height }, operation)
      return { image: image.resize(operation.width, operation.height, { fit: operation.fit }), rank, ...size }
    }
    case 'crop': {
      const { x, y } = operation
      if (x + operation.width > width || y + operation.height > height)
        throw new VultusError('request.invalid', `operations: the crop reaches over the ${width} x ${height} picture`)
      const region = { left: x, top: y, width: operation.width, height: operation.height }
      return { image: image.extract(region), rank, width: operation.width, height: operation.height }
    }
    case 'grayscale':
      return { image: image.grayscale(), rank, width, height }
    case 'normalize':
      return { image: image.normalise(), rank, width, height }
  }
}

/** Faces are looked for at the working size, whatever the size of the picture. */
function shrunk(stage: Stage): Stage {
  if (stage.rank >= ranks.resize || Math.max(stage.width, stage.height) <= workingSidePx) return stage
  const limit = { width: workingSidePx, height: workingSidePx, fit: 'inside' } as const
  const size = fitted(stage, limit)
  return { image: stage.image.resize(size.width, size.height, { fit: 'fill' }), rank: ranks.resize, ...size }
}

function fitted(
  from: { readonly width: number; readonly height: number },
  to: { readonly width: number; readonly height: number; readonly fit: 'inside' | 'cover' | 'fill' },
): { width: number; height: number } {
  if (to.fit !== 'inside') return { width: to.width, height: to.height }
  const scale = Math.min(to.width / from.width, to.height / from.height)
  return { width: Math.max(1, Math.round(from.width * scale)), height: Math.max(1, Math.round(from.height * scale)) }
}

/** The format of the answer: what the last convert says, else the picture's own where it can be written, else PNG. */
function outputOf(operations: readonly PictureOperation[], header: PictureHeader): Omit<Convert, 'type'> {
  const convert = operations.findLast((operation): operation is Convert => operation.type === 'convert')
  if (convert !== undefined) return convert
  const format = header.format === 'jpeg' || header.format === 'webp' ? header.format : 'png'
  return { format, quality: 90 }
}

function encoded(image: Sharp, format: Convert['format'], quality: number): Sharp {
  switch (format) {
    case 'jpeg':
      // Optimised tables need all coefficients at once, which is most of a large picture's memory.
      return image.flatten({ background: '#ffffff' }).jpeg({ quality, optimiseCoding: false })
    case 'png':
      return image.png()
    case 'webp':
      return image.webp({ quality })
  }
}

/**
 * Carries out the steps. A picture is answered unless only metadata were asked for; it carries no metadata of the original.
 * @throws VultusError picture.*, request.invalid for a crop over the edge, face.* from aligning
 */
export async function processPicture(bytes: Uint8Array, operations: readonly PictureOperation[], align: Align): Promise<ProcessedPicture> {
  const header = await readHeader(bytes)
  if (operations.every(({ type }) => type === 'metadata')) {
    const { width, height, format, channels } = header
    return { picture: null, metadata: { width, height, format, channels, bytes: bytes.length } }
  }
  try {
    collectGarbage()
    // Turning holds the picture in full, so that upright ones are left alone.
    const image = header.orientation > 1 ? openChecked(bytes).autoOrient() : openChecked(bytes)
    let stage: Stage = { image, rank: 0, width: header.width, height: header.height }
    for (const operation of operations) stage = await step(stage, operation, align)
    const { format, quality } = outputOf(operations, header)
    const { data, info } = await encoded(stage.image.toColourspace('srgb'), format, quality).toBuffer({ resolveWithObject: true })
    return { picture: data, metadata: { width: info.width, height: info.height, format, channels: info.channels, bytes: data.length } }
  } catch (error) {
    throw decodingFailure(header.format, bytes, error)
  }
}
