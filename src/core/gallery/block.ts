/**
 * Blocks of rows as bytes, opaque to all but who makes them and who loads them: a sealed segment of the gallery carries some, one after the
 * other. Rows lie in them as they lie in the matcher's memory, so that loading them is copying.
 *
 * Little endian, as every machine that Vultus runs on; each part begins at a multiple of 64:
 *   header     u32 layout version, u32 rows, u32 dimension, u32 bytes of the format, f32 longest stored row, zeros up to 64
 *   format     text of galleryFormat.ts, UTF-8
 *   numbers    reference numbers, ascending, u32
 *   top, then bottom blocks of rowLayout.ts: row i in lane i % 16 of block i / 16; lanes without a row are free places
 */
import { isUnitLength, type RowEncoder } from './rowEncoder.ts'
import { biasAt, blockRows, blockShapeOf, dimensionMax, errorAt, errorPackedAt, freeBias, rowLayoutVersion, scaleAt } from './rowLayout.ts'

/** Rows of a block. Larger messages take the matcher longer, since they do not fit into memory that it has already. */
export const blockRowsMax = 1_024
const partBytes = 64
const wordBytes = 4
const formatBytesMax = 1_024
/** Longest residual of a template from a mean, and largest product of the two; docs/matcher-bound.md. */
const residualMax = 2.003
const biasMax = 2.1
const rowLengthLimit = 10.3
/** Largest scale, and what 8 and 4 bits take at most of a number, in scales. */
const numberMax = 127.5
const errorShare = 0.5001
const errorPackedShare = 8.001
/** Rounding of numbers next to nothing. */
const tiny = 1e-30

export interface GalleryBlock {
  readonly format: string
  readonly dimension: number
  /** Ascending. */
  readonly referenceNos: Uint32Array
  /** The longest stored form of a row, rounded up. */
  readonly rowLengthMax: number
  readonly top: Uint8Array
  readonly bottom: Uint8Array
}

const partOf = (bytes: number) => Math.ceil(bytes / partBytes) * partBytes

interface Places {
  readonly numbersAt: number
  readonly topAt: number
  readonly bottomAt: number
  readonly bytes: number
}

function placesOf(rows: number, dimension: number, formatBytes: number): Places {
  const { topBlockBytes, bottomBlockBytes } = blockShapeOf(dimension)
  const blocks = Math.ceil(rows / blockRows)
  const numbersAt = partBytes + partOf(formatBytes)
  const topAt = numbersAt + partOf(rows * wordBytes)
  const bottomAt = topAt + blocks * topBlockBytes
  return { numbersAt, topAt, bottomAt, bytes: bottomAt + blocks * bottomBlockBytes }
}

/** Rows as a caller has them: referenceNos[i] has templates[i * dimension ...]. */
export interface BlockRows {
  readonly referenceNos: Uint32Array
  readonly templates: Float32Array
}

/**
 * Makes blocks of rows, one after the other.
 * @throws RangeError where the templates are not so many of unit length and the encoder's dimension, or the numbers do not ascend
 */
export function makeGalleryBlocks(encoder: RowEncoder, format: string, { referenceNos, templates }: BlockRows): Uint8Array<ArrayBuffer> {
  const { dimension } = encoder
  const rows = referenceNos.length
  const name = new TextEncoder().encode(format)
  if (rows === 0 || templates.length !== rows * dimension) throw new RangeError('Blocks have rows of one dimension')
  if (!ascends(referenceNos)) throw new RangeError('The reference numbers of blocks ascend from 1 on')
  if (name.length > formatBytesMax) throw new RangeError('The name of the format is too long')
  const starts = Array.from({ length: Math.ceil(rows / blockRowsMax) }, (_, index) => index * blockRowsMax)
  const countOf = (first: number) => Math.min(rows - first, blockRowsMax)
  const bytes = starts.reduce((sum, first) => sum + placesOf(countOf(first), dimension, name.length).bytes, 0)
  const all = new Uint8Array(bytes)
  let at = 0
  for (const first of starts) {
    const part = {
      referenceNos: referenceNos.subarray(first, first + countOf(first)),
      templates: templates.subarray(first * dimension, (first + countOf(first)) * dimension),
    }
    at += writeBlock(encoder, name, part, all.subarray(at, at + placesOf(countOf(first), dimension, name.length).bytes))
  }
  encoder.wipe()
  return all
}

/** @param all zeros, as many as the block has bytes @returns how many */
function writeBlock(encoder: RowEncoder, name: Uint8Array, { referenceNos, templates }: BlockRows, all: Uint8Array): number {
  const { dimension, shape } = encoder
  const rows = referenceNos.length
  const { numbersAt, topAt, bottomAt } = placesOf(rows, dimension, name.length)
  const { buffer, byteOffset, length: bytes } = all
  const memory = {
    ints: new Int32Array(buffer, byteOffset, bytes / wordBytes),
    floats: new Float32Array(buffer, byteOffset, bytes / wordBytes),
  }
  let rowLengthMax = 0
  for (let row = 0; row < rows; row++) {
    if (!isUnitLength(templates, row * dimension, dimension)) throw new RangeError(`Row ${row} is not of unit length`)
    const block = Math.floor(row / blockRows)
    const lane = (row % blockRows) * wordBytes
    const top = topAt + block * shape.topBlockBytes + lane
    const length = encoder.write(templates, row * dimension, memory, top, bottomAt + block * shape.bottomBlockBytes + lane)
    if (length > rowLengthMax) rowLengthMax = length
  }
  for (let row = rows; row % blockRows !== 0; row++) {
    const top = topAt + Math.floor(row / blockRows) * shape.topBlockBytes
    memory.floats[(top + biasAt) / wordBytes + (row % blockRows)] = freeBias
  }
  memory.ints.set([rowLayoutVersion, rows, dimension, name.length])
  memory.floats[4] = rowLengthMax
  all.set(name, partBytes)
  memory.ints.set(referenceNos, numbersAt / wordBytes)
  return bytes
}

/** The blocks that lie one after the other in these bytes, sharing their memory. @returns undefined where they are none */
export function cutGalleryBlocks(bytes: Uint8Array): Uint8Array[] | undefined {
  const blocks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = headerOf(bytes.subarray(at))?.bytes ?? Number.POSITIVE_INFINITY
    if (at + length > bytes.length) return undefined
    blocks.push(bytes.subarray(at, at + length))
    at += length
  }
  return blocks
}

interface Header extends Places {
  readonly rows: number
  readonly dimension: number
  readonly formatBytes: number
}

function headerOf(bytes: Uint8Array): Header | undefined {
  if (bytes.length < partBytes) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, partBytes)
  const [version, rows, dimension, formatBytes] = [0, 4, 8, 12].map((at) => view.getUint32(at, true)) as [number, number, number, number]
  if (version !== rowLayoutVersion || rows === 0 || rows > blockRowsMax) return undefined
  if (dimension === 0 || dimension > dimensionMax || formatBytes > formatBytesMax) return undefined
  return { rows, dimension, formatBytes, ...placesOf(rows, dimension, formatBytes) }
}

/**
 * The block that these bytes are; it shares their memory. Whether it is of the wanted format is for the caller to compare.
 * @returns undefined where they are none, or hold numbers that no row has: another length, numbers that do not ascend, a scale, length or
 *   product that is not finite or out of its range
 */
export function openGalleryBlock(given: Uint8Array): GalleryBlock | undefined {
  const bytes = given.byteOffset % wordBytes === 0 ? given : given.slice()
  const { buffer, byteOffset } = bytes
  const header = headerOf(bytes)
  if (header === undefined || header.bytes !== bytes.length) return undefined
  const { rows, dimension, formatBytes } = header
  const block: GalleryBlock = {
    format: new TextDecoder().decode(bytes.slice(partBytes, partBytes + formatBytes)),
    dimension,
    referenceNos: new Uint32Array(buffer, byteOffset + header.numbersAt, rows),
    rowLengthMax: new Float32Array(buffer, byteOffset, 5)[4] as number,
    top: bytes.subarray(header.topAt, header.bottomAt),
    bottom: bytes.subarray(header.bottomAt),
  }
  return ascends(block.referenceNos) && isConsistent(block) ? block : undefined
}

/** Whether what stands beside the numbers of each row can stand there. A bound that is too small would lose matches. */
function isConsistent({ dimension, referenceNos, rowLengthMax, top, bottom }: GalleryBlock): boolean {
  const { padded, topBlockBytes, bottomBlockBytes } = blockShapeOf(dimension)
  const tops = new Float32Array(top.buffer, top.byteOffset, top.length / wordBytes)
  const bottoms = new Float32Array(bottom.buffer, bottom.byteOffset, bottom.length / wordBytes)
  const root = Math.sqrt(padded)
  const scaleMax = Math.min(residualMax, rowLengthMax) / numberMax + tiny
  let right = rowLengthMax >= 0 && rowLengthMax <= rowLengthLimit
  const lanes = Math.ceil(referenceNos.length / blockRows) * blockRows
  for (let row = 0; row < lanes; row++) {
    const at = (Math.floor(row / blockRows) * topBlockBytes) / wordBytes + (row % blockRows)
    const bias = tops[at + biasAt / wordBytes] as number
    const errorPacked = tops[at + errorPackedAt / wordBytes] as number
    const scale = tops[at + scaleAt / wordBytes] as number
    const error = bottoms[(Math.floor(row / blockRows) * bottomBlockBytes) / wordBytes + (row % blockRows) + errorAt / wordBytes] as number
    // NaN is in no range.
    right &&= row < referenceNos.length ? Math.abs(bias) <= biasMax : bias === freeBias
    right &&= scale >= 0 && scale <= scaleMax
    right &&= error >= 0 && error <= errorShare * scale * root + tiny
    right &&= errorPacked >= 0 && errorPacked <= errorPackedShare * scale * root + tiny
  }
  return right
}

function ascends(numbers: Uint32Array): boolean {
  for (let at = 0, before = 0; at < numbers.length; at++) {
    const number = numbers[at] as number
    if (number <= before) return false
    before = number
  }
  return true
}
