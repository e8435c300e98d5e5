/**
 * The one door for pictures: unknown bytes in, upright sRGB pixels of a bounded size out.
 * Everything is refused as early as it can be: by size, by signature, by header, and only then by decoding.
 */
import sharp, { type Metadata, type Sharp, type SharpInput, type SharpOptions } from 'sharp'
import { VultusError } from '../../contract/errors.ts'
import { limits } from '../../contract/types.ts'
import { collectGarbage, collectGarbageSoon, largePixels } from '../memory.ts'
import { oriented, type RgbPixels } from '../pixels.ts'
import { formatOf, isCutShort, type PictureFormat, pngFrames } from './format.ts'

// One picture is decoded at a time and once: a cache would only keep faces in memory, and threads only more buffers.
sharp.cache(false)
sharp.concurrency(1)

/** Longest side of the pixels that are looked at. A face that fills a tenth of the picture still has 128 px. */
export const workingSidePx = 1280
/** What a decoder that cannot work row by row may hold; the process stays below 600 MB with it. */
const decoderBytesMax = 400_000_000
/** From here on the caller is asked to make room first. */
const decoderBytesLarge = 150_000_000

/** What a picture's header says. Width and height are those of the upright picture. */
export interface PictureHeader {
  readonly format: PictureFormat
  readonly width: number
  readonly height: number
  /** EXIF orientation, 1 upright. */
  readonly orientation: number
  readonly channels: number
  /** What the decoder holds at once beside the pixels that are wanted. */
  readonly decoderBytes: number
}

export interface DecodedPicture {
  readonly header: PictureHeader
  /** Upright, longest side at most workingSidePx. */
  readonly pixels: RgbPixels
}

/** No accepted picture takes a tenth of this; a file that is made to be slow is given up. */
const decodeSecondsMax = 20

const openOptions: SharpOptions = { failOn: 'error', sequentialRead: true, pages: 1, unlimited: false }

/** A decoder's message as a code: cut files are told from damaged ones by their structure. */
export function decodingFailure(format: PictureFormat, bytes: Uint8Array, error: unknown): VultusError {
  if (error instanceof VultusError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (/out of memory|unable to allocate|memory allocation/i.test(message))
    return new VultusError('resource.exhausted', undefined, { cause: error })
  if (/exceeds pixel limit/i.test(message)) return new VultusError('picture.tooLarge', undefined, { cause: error })
  if (/timeout/i.test(message)) return new VultusError('picture.undecodable', 'it takes too long', { cause: error })
  const code = isCutShort(format, bytes) ? 'picture.truncated' : 'picture.undecodable'
  return new VultusError(code, format.toUpperCase(), { cause: error })
}

/**
 * Checks size, kind and header of a picture; nothing is decoded.
 * @throws VultusError picture.* for everything that is not accepted
 */
export async function readHeader(bytes: Uint8Array): Promise<PictureHeader> {
  if (bytes.length > limits.pictureBytesMax) throw new VultusError('picture.tooLarge', `${bytes.length} bytes`)
  const format = formatOf(bytes)
  let metadata: Metadata
  try {
    metadata = await sharp(bytes as SharpInput, { ...openOptions, limitInputPixels: false }).metadata()
  } catch (error) {
    throw decodingFailure(format, bytes, error)
  }
  const { width, height } = metadata
  if (width * height > limits.picturePixelsMax) throw new VultusError('picture.tooLarge', `${width} x ${height} pixels`)
  const frames = format === 'png' ? pngFrames(bytes) : (metadata.pages ?? 1)
  if (frames > 1) throw new VultusError('picture.animated', `${frames} frames`)
  if (Math.min(width, height) < limits.pictureSidePxMin) throw new VultusError('picture.tooSmall', `${width} x ${height} pixels`)
  const decoderBytes = decoderBytesOf(format, metadata)
  if (decoderBytes > decoderBytesMax)
    throw new VultusError('picture.tooLarge', `${Math.round(decoderBytes / 1e6)} MB to decode, as it is interlaced`)
  const orientation = metadata.orientation ?? 1
  const turned = orientation >= 5 && orientation <= 8
  const size = turned ? { width: height, height: width } : { width, height }
  return { format, ...size, orientation, channels: metadata.channels, decoderBytes }
}

/**
 * Progressive JPEG is held as coefficients of 2 bytes, interlaced PNG as samples, GIF and WebP as canvas of 4 bytes a pixel;
 * everything else is read row by row.
 */
function decoderBytesOf(format: PictureFormat, { width, height, channels, isProgressive, depth, chromaSubsampling }: Metadata): number {
  const pixels = width * height
  if (format === 'gif' || format === 'webp') return pixels * 4
  if (isProgressive !== true) return 0
  if (format === 'jpeg') return pixels * 2 * (chromaSubsampling === '4:2:0' ? 1.5 : channels)
  return pixels * channels * (depth === 'ushort' ? 2 : 1)
}

/** An open picture that is checked: limits apply once more inside the decoder. */
export function openChecked(bytes: Uint8Array): Sharp {
  return sharp(bytes as SharpInput, { ...openOptions, limitInputPixels: limits.picturePixelsMax }).timeout({ seconds: decodeSecondsMax })
}

/**
 * Decodes a picture to the pixels that faces are looked for in. Any accepted colour space, depth or transparency becomes 8-bit sRGB
 * on white. Scaling comes before turning, so that rows can be read in order and nothing is held in full size.
 * @param makeRoom is called before a decoder that holds a large picture in full
 * @throws VultusError picture.*
 */
export async function decodePicture(bytes: Uint8Array, sidePx = workingSidePx, makeRoom?: () => Promise<void>): Promise<DecodedPicture> {
  const header = await readHeader(bytes)
  if (header.decoderBytes >= decoderBytesLarge) await makeRoom?.()
  const large = header.width * header.height >= largePixels
  if (large) collectGarbage()
  try {
    const { data, info } = await openChecked(bytes)
      .resize(sidePx, sidePx, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    const raw = { width: info.width, height: info.height, data: threeChannels(data, info.channels) }
    return { header, pixels: oriented(raw, header.orientation) }
  } catch (error) {
    throw decodingFailure(header.format, bytes, error)
  } finally {
    if (large) collectGarbageSoon()
  }
}

/** Grey pixels as RGB; RGB as it is. @throws VultusError picture.undecodable for any other number of channels */
export function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data
  if (channels !== 1) throw new VultusError('picture.undecodable', `${channels} channels`)
  const rgb = new Uint8Array(data.length * 3)
  for (let index = 0; index < data.length; index++) rgb.fill(data[index]!, index * 3, index * 3 + 3)
  return rgb
}
