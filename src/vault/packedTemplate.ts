/**
 * Templates in 29 bits a number instead of the 32 of float32, bit for bit the same: the numbers of a template of unit length are less than
 * 2, and hardly one is so small that 5 bits do not tell its exponent.
 *
 * For n numbers: n times the lower 16 bits of the fraction, little endian; n times its upper 7 bits with the sign above them; then n codes
 * of 5 bits, the first in the lowest bits: exponents of 2 from -31 to 0. A template with any other number, 0 too, is not packed.
 */

const numbersMax = 4096
/** The code of the smallest exponent is 0; float32 has 127 for an exponent of 0. */
const exponentMin = 96
const codeBits = 5
const codeMax = 31
const fractionBytes = 3

const lows = new Uint16Array(numbersMax)
const highs = new Uint8Array(numbersMax)
/** After the last one zeros: codes are put together eight at a time. */
const codes = new Uint8Array(numbersMax + 8)

const packedBytes = (numbers: number): number => numbers * fractionBytes + Math.ceil((numbers * codeBits) / 8)

/** Numbers that are packed in so many bytes: no two counts take the same. */
const numbersIn = (bytes: number): number => Math.floor((bytes * 8) / (fractionBytes * 8 + codeBits))

/**
 * Packs a template into bytes from a place on.
 * @returns where it ends; undefined, with nothing written, where it cannot be packed
 */
export function packTemplate(bytes: Uint8Array, at: number, template: Float32Array): number | undefined {
  const count = template.length
  if (count > numbersMax) return undefined
  try {
    if (!takeApart(template)) return undefined
    bytes.set(new Uint8Array(lows.buffer, 0, count * 2), at)
    bytes.set(highs.subarray(0, count), at + count * 2)
    const end = at + packedBytes(count)
    putCodes(bytes, at + count * fractionBytes, end)
    return end
  } finally {
    for (const part of [lows, highs, codes]) part.fill(0, 0, count)
  }
}

/** @returns whether every number has a code */
function takeApart(template: Float32Array): boolean {
  const words = new Uint32Array(template.buffer, template.byteOffset, template.length)
  let seen = 0
  for (let no = 0; no < words.length; no++) {
    const word = words[no] as number
    const code = ((word >>> 23) & 0xff) - exponentMin
    lows[no] = word
    highs[no] = ((word >>> 16) & 0x7f) | ((word >>> 24) & 0x80)
    codes[no] = code
    seen |= code
  }
  // A code that is negative or too large has some bit above the lowest five.
  return (seen & ~codeMax) === 0
}

function putCodes(bytes: Uint8Array, from: number, end: number): void {
  for (let no = 0, at = from; at < end; no += 8, at += codeBits) {
    const low = fourCodes(no)
    const high = fourCodes(no + 4)
    bytes[at] = low
    // What would be written beyond the end are codes of no number.
    if (at + 1 < end) bytes[at + 1] = low >>> 8
    if (at + 2 < end) bytes[at + 2] = (low >>> 16) | (high << 4)
    if (at + 3 < end) bytes[at + 3] = high >>> 4
    if (at + 4 < end) bytes[at + 4] = high >>> 12
  }
}

const fourCodes = (no: number): number =>
  (codes[no] as number) | ((codes[no + 1] as number) << 5) | ((codes[no + 2] as number) << 10) | ((codes[no + 3] as number) << 15)

/** The template in a buffer of its own. @param bytes of one that was packed */
export function unpackTemplate(bytes: Uint8Array): Float32Array {
  const count = numbersIn(bytes.length)
  const words = new Uint32Array(count)
  const highsAt = count * 2
  const codesAt = count * fractionBytes
  for (let no = 0; no < count; no++) {
    const high = bytes[highsAt + no] as number
    const low = (bytes[no * 2] as number) | ((bytes[no * 2 + 1] as number) << 8)
    const bit = no * codeBits
    const codeAt = codesAt + (bit >>> 3)
    const code = (((bytes[codeAt] as number) | ((bytes[codeAt + 1] ?? 0) << 8)) >>> (bit & 7)) & codeMax
    words[no] = ((high & 0x80) << 24) | ((code + exponentMin) << 23) | ((high & 0x7f) << 16) | low
  }
  return new Float32Array(words.buffer)
}
