/** What kind of file some bytes are, from their first bytes: never from a name. */
import { VultusError } from '../../contract/errors.ts'

const pictureFormats = ['jpeg', 'png', 'webp', 'tiff', 'gif'] as const
export type PictureFormat = (typeof pictureFormats)[number]

const ascii = (bytes: Uint8Array, from: number, length: number) => String.fromCharCode(...bytes.subarray(from, from + length))

function starts(bytes: Uint8Array, ...signature: readonly number[]): boolean {
  return signature.every((value, index) => bytes[index] === value)
}

function acceptedFormat(bytes: Uint8Array): PictureFormat | undefined {
  if (starts(bytes, 0xff, 0xd8, 0xff)) return 'jpeg'
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png'
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'WEBP') return 'webp'
  if (starts(bytes, 0x49, 0x49, 0x2a, 0x00) || starts(bytes, 0x4d, 0x4d, 0x00, 0x2a)) return 'tiff'
  if (['GIF87a', 'GIF89a'].includes(ascii(bytes, 0, 6))) return 'gif'
  return undefined
}

/** The name of a kind of file that is known and not accepted; decoders for these are large, slow or run scripts. */
function refusedKind(bytes: Uint8Array): string | undefined {
  if (ascii(bytes, 0, 5) === '%PDF-') return 'PDF'
  if (ascii(bytes, 4, 4) === 'ftyp') return 'HEIC, AVIF or video'
  if (ascii(bytes, 0, 4) === '8BPS') return 'PSD'
  if (ascii(bytes, 0, 2) === 'BM' && bytes.length > 18 && [12, 40, 52, 56, 108, 124].includes(bytes[14]!)) return 'BMP'
  if (starts(bytes, 0x49, 0x49, 0x2b, 0x00) || starts(bytes, 0x4d, 0x4d, 0x00, 0x2b)) return 'BigTIFF'
  if (starts(bytes, 0xff, 0x0a) || ascii(bytes, 4, 4) === 'JXL ') return 'JPEG XL'
  if (starts(bytes, 0xff, 0x4f, 0xff, 0x51) || ascii(bytes, 4, 4) === 'jP  ') return 'JPEG 2000'
  if (starts(bytes, 0x50, 0x4b, 0x03, 0x04) || starts(bytes, 0x1f, 0x8b)) return 'archive'
  if (/^\uFEFF?\s*<(\?xml|!DOCTYPE svg|!--|svg)/i.test(new TextDecoder().decode(bytes.subarray(0, 256)))) return 'SVG'
  return undefined
}

/**
 * @throws VultusError picture.empty without any bytes, picture.unsupported for a known kind that is not accepted,
 *   picture.undecodable for anything else (a text file, noise)
 */
export function formatOf(bytes: Uint8Array): PictureFormat {
  if (bytes.length === 0) throw new VultusError('picture.empty')
  const format = acceptedFormat(bytes)
  if (format !== undefined) return format
  const refused = refusedKind(bytes)
  if (refused !== undefined) throw new VultusError('picture.unsupported', refused)
  throw new VultusError('picture.undecodable', 'not a picture')
}

/** PNG chunks up to the first with data: type and where its content starts. */
function* pngChunks(bytes: Uint8Array): Generator<{ type: string; at: number }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) yield { type: ascii(bytes, at + 4, 4), at: at + 8 }
}

/** Frames of an animated PNG, which decoders show as a still one; 1 for a still PNG. */
export function pngFrames(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const { type, at } of pngChunks(bytes)) {
    if (type === 'acTL' && at + 4 <= bytes.length) return Math.max(1, view.getUint32(at))
    if (type === 'IDAT') return 1
  }
  return 1
}

/** Whether a JPEG ends its last scan: the end marker may be followed by what cameras append. */
function jpegEnds(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 2; at >= 2; at--) if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true
  return false
}

/** Whether the end of a file is not there, from its structure: tells a cut file from a damaged one when decoding failed. */
export function isCutShort(format: PictureFormat, bytes: Uint8Array): boolean {
  switch (format) {
    case 'jpeg':
      return !jpegEnds(bytes)
    case 'png': {
      let last: string | undefined
      for (const { type } of pngChunks(bytes)) last = type
      return last !== 'IEND'
    }
    case 'webp': {
      if (bytes.length < 12) return true
      return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true) + 8 > bytes.length
    }
    case 'gif':
      return !bytes.subarray(-2).includes(0x3b)
    case 'tiff':
      return tiffReaches(bytes) > bytes.length
  }
}

/** Strips or tiles of a TIFF that are looked at. */
const tiffValuesMax = 100_000

/** The last byte that a TIFF's first directory names: the directory itself and its strips or tiles. */
function tiffReaches(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = bytes[0] === 0x49
  const short = (at: number) => (at + 2 <= bytes.length ? view.getUint16(at, little) : 0)
  const long = (at: number) => (at + 4 <= bytes.length ? view.getUint32(at, little) : 0)
  const directory = long(4)
  const entries = short(directory)
  let reach = directory + 2 + entries * 12
  const values = (tag: number): number[] => {
    for (let index = 0; index < entries; index++) {
      const at = directory + 2 + index * 12
      if (short(at) !== tag) continue
      const size = short(at + 2) === 3 ? 2 : 4
      const count = Math.min(long(at + 4), tiffValuesMax)
      const from = count * size <= 4 ? at + 8 : long(at + 8)
      reach = Math.max(reach, from + count * size)
      return Array.from({ length: count }, (_, item) => (size === 2 ? short(from + item * size) : long(from + item * size)))
    }
    return []
  }
  const offsets = [...values(273), ...values(324)]
  const lengths = [...values(279), ...values(325)]
  for (const [index, offset] of offsets.entries()) reach = Math.max(reach, offset + (lengths[index] ?? 0))
  return reach
}
