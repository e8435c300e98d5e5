/**
 * Templates in 29 bits a number instead of the 32 of float32, bit for bit the same: the numbers of a template of unit length are less than
 * 2, and hardly one is so small that 5 bits do not tell its exponent.
 *
 * For n numbers: n times the lower 16 bits of the fraction, little endian; n times its upper 7 bits with the sign above them; then n codes
 * of 5 bits, the first in the lowest bits: 0 for a zero, 1 to 31 for exponents of 2 from -30 to 0. A template with any other number is not
 * packed.
 */

const numbersMax = 4096
/** Of the code 1 it is one more; float32 has 127 for an exponent of 0. */
const exponentBase = 96
const codeBits = 5
const codeMax = 31
const fractionBytes = 3

const packedBytes = (numbers: number): number => numbers * fractionBytes + Math.ceil((numbers * codeBits) / 8)

/** Numbers that are packed in so many bytes: no two counts take the same. */
const numbersIn = (bytes: number): number => Math.floor((bytes * 8) / (fractionBytes * 8 + codeBits))

/** Where templates of one length are taken apart: a buffer of its own for each would cost more than packing. */
interface Bench {
  readonly packed: Uint8Array
  readonly lows: Uint16Array
  readonly highs: Uint8Array
  /** Eight codes in five bytes, beyond the end of what is packed where numbers are left over. */
  readonly tail: Uint8Array
  readonly codes: Uint8Array
}

function benchOf(count: number): Bench {
  const eights = Math.ceil(count / 8)
  const bytes = new ArrayBuffer(count * fractionBytes + eights * codeBits)
  return {
    packed: new Uint8Array(bytes, 0, packedBytes(count)),
    lows: new Uint16Array(bytes, 0, count),
    highs: new Uint8Array(bytes, count * 2, count),
    tail: new Uint8Array(bytes, count * fractionBytes),
    codes: new Uint8Array(eights * 8),
  }
}

let bench = benchOf(0)

/**
 * Packs a template into bytes from a place on.
 * @returns where it ends; undefined, with nothing written, where it cannot be packed
 */
export function packTemplate(bytes: Uint8Array, at: number, template: Float32Array): number | undefined {
  const count = template.length
  if (count > numbersMax) return undefined
  if (bench.highs.length !== count) bench = benchOf(count)
  const { packed, codes } = bench
  // In functions of their own, because V8 optimises the first while nothing is known of the second.
  const fits = takeApart(template, bench)
  if (fits) {
    putCodes(bench)
    bytes.set(packed, at)
  }
  packed.fill(0)
  codes.fill(0)
  return fits ? at + packed.length : undefined
}

/** @returns whether every number has a code */
function takeApart(template: Float32Array, { lows, highs, codes }: Bench): boolean {
  const words = new Uint32Array(template.buffer, template.byteOffset, template.length)
  let seen = 0
  for (let no = 0; no < words.length; no++) {
    const word = words[no] as number
    let code = ((word >>> 23) & 0xff) - exponentBase
    if (code <= 0) code = word << 1 === 0 ? 0 : -1
    lows[no] = word
    highs[no] = ((word >>> 16) & 0x7f) | ((word >>> 24) & 0x80)
    codes[no] = code
    seen |= code
  }
  // A code that is negative or too large has some bit above the lowest five.
  return (seen & ~codeMax) === 0
}

function putCodes({ tail, codes }: Bench): void {
  for (let no = 0, at = 0; no < codes.length; no += 8, at += codeBits) {
    const low = fourCodes(codes, no)
    const high = fourCodes(codes, no + 4)
    tail[at] = low
    tail[at + 1] = low >>> 8
    tail[at + 2] = (low >>> 16) | (high << 4)
    tail[at + 3] = high >>> 4
    tail[at + 4] = high >>> 12
  }
}

const fourCodes = (codes: Uint8Array, no: number): number =>
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
    const exponent = code === 0 ? 0 : code + exponentBase
    words[no] = ((high & 0x80) << 24) | (exponent << 23) | ((high & 0x7f) << 16) | low
  }
  return new Float32Array(words.buffer)
}
