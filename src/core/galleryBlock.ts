/**
 * A block of the gallery as bytes: what a sealed segment carries.
 *
 * Format 1, little endian as every machine that Vultus runs on: u32 format, u32 rows, u32 dimension, u32 zero; then the
 * reference numbers, ascending, as u32; then the templates as float32, row by row.
 */

/** Another layout is another number; a reader takes none but its own. */
export const galleryBlockFormat = 1

export interface GalleryBlock {
  /** Ascending. */
  readonly referenceNos: Uint32Array
  /** Row-major. */
  readonly templates: Float32Array
}

const headerWords = 4
const wordBytes = 4

/** @throws RangeError where the templates are not so many rows of one dimension, or the numbers do not ascend */
export function encodeGalleryBlock({ referenceNos, templates }: GalleryBlock): Uint8Array {
  const rows = referenceNos.length
  const dimension = rows === 0 ? 0 : templates.length / rows
  if (rows === 0 || !Number.isInteger(dimension) || dimension === 0) throw new RangeError('A block has rows of one dimension')
  if (!ascends(referenceNos)) throw new RangeError('The reference numbers of a block ascend')
  const words = new Uint32Array(headerWords + rows + templates.length)
  words.set([galleryBlockFormat, rows, dimension, 0])
  words.set(referenceNos, headerWords)
  new Float32Array(words.buffer, (headerWords + rows) * wordBytes).set(templates)
  return new Uint8Array(words.buffer)
}

/**
 * The block that these bytes are; it shares their memory.
 * @returns undefined where they are none: another format, another length, numbers that do not ascend
 */
export function decodeGalleryBlock(bytes: Uint8Array): GalleryBlock | undefined {
  if (bytes.length < headerWords * wordBytes || bytes.length % wordBytes !== 0) return undefined
  const aligned = bytes.byteOffset % wordBytes === 0 ? bytes : bytes.slice()
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / wordBytes)
  const [format, rows, dimension, zero] = words as unknown as [number, number, number, number]
  if (format !== galleryBlockFormat || zero !== 0 || rows === 0 || dimension === 0) return undefined
  if (headerWords + rows + rows * dimension !== words.length) return undefined
  const referenceNos = words.subarray(headerWords, headerWords + rows)
  if (!ascends(referenceNos)) return undefined
  const templates = new Float32Array(aligned.buffer, aligned.byteOffset + (headerWords + rows) * wordBytes, rows * dimension)
  return { referenceNos, templates }
}

/** The rows of a block whose numbers are wanted (ascending), copied. */
export function rowsOfBlock({ referenceNos, templates }: GalleryBlock, wanted: Uint32Array): GalleryBlock {
  const dimension = templates.length / referenceNos.length
  const chosen = new Uint32Array(wanted.length)
  const rows = new Float32Array(wanted.length * dimension)
  let count = 0
  let at = 0
  for (const referenceNo of wanted) {
    while (at < referenceNos.length && (referenceNos[at] as number) < referenceNo) at += 1
    if (referenceNos[at] !== referenceNo) continue
    chosen[count] = referenceNo
    rows.set(templates.subarray(at * dimension, (at + 1) * dimension), count * dimension)
    count += 1
  }
  return { referenceNos: chosen.subarray(0, count), templates: rows.subarray(0, count * dimension) }
}

function ascends(numbers: Uint32Array): boolean {
  for (let at = 1; at < numbers.length; at++) if ((numbers[at] as number) <= (numbers[at - 1] as number)) return false
  return true
}
