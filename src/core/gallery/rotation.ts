/**
 * A fixed rotation that spreads what a few dimensions hold over all of them, so that few bits fit every row alike.
 * Three rounds of random signs and a Hadamard transform; where the length is no power of two, each round transforms the first and
 * then the last power of two that fits, which overlap. A rotation keeps dot products, so it costs no exactness but its rounding.
 */

const rounds = 3

/** Dimensions padded so that eight of them make a group. */
export const paddedOf = (dimension: number): number => Math.ceil(dimension / 8) * 8

/** The largest power of two that fits; at least 8. */
const sizeOf = (padded: number): number => 2 ** Math.floor(Math.log2(padded))

/** Where each pass starts its transform. */
function startsOf(padded: number): number[] {
  const last = padded - sizeOf(padded)
  return Array.from({ length: rounds }, () => (last === 0 ? [0] : [0, last])).flat()
}

/** Roundings in a row that a component passes: the weight and its own rounding, and one for each butterfly. */
export function rotationRoundings(dimension: number): number {
  const padded = paddedOf(dimension)
  return startsOf(padded).length * (Math.log2(sizeOf(padded)) + 2)
}

/** The rotation of vectors of one length. The signs come from a fixed seed: they decide how tight the bounds are, not whether they hold. */
export class Rotation {
  readonly #size: number
  readonly #passes: readonly { readonly start: number; readonly weights: Float64Array }[]

  /** @param padded a multiple of 8 */
  constructor(padded: number) {
    this.#size = sizeOf(padded)
    const scale = 1 / Math.sqrt(this.#size)
    let state = 0x9e3779b9
    this.#passes = startsOf(padded).map((start) => {
      const weights = new Float64Array(padded)
      for (let index = 0; index < padded; index++) {
        state ^= state << 13
        state ^= state >>> 17
        state ^= state << 5
        const inside = index >= start && index < start + this.#size
        weights[index] = (state < 0 ? -1 : 1) * (inside ? scale : 1)
      }
      return { start, weights }
    })
  }

  /** Turns a vector in its place. */
  turn(vector: Float64Array): void {
    const size = this.#size
    for (const { start, weights } of this.#passes) {
      for (let index = 0; index < vector.length; index++) vector[index]! *= weights[index]!
      let half = 1
      for (; half * 8 <= size; half *= 8) butterflies8(vector, start, size, half)
      for (; half < size; half *= 2) butterflies2(vector, start, size, half)
    }
  }
}

/** One stage of the transform: sums and differences of numbers that are `half` apart. */
function butterflies2(vector: Float64Array, start: number, size: number, half: number): void {
  for (let group = start; group < start + size; group += 2 * half) {
    for (let at = group; at < group + half; at++) {
      const a = vector[at]!
      const b = vector[at + half]!
      vector[at] = a + b
      vector[at + half] = a - b
    }
  }
}

/** Three stages at once, so that each number is read and written once for all of them: half, 2 half and 4 half apart. */
function butterflies8(vector: Float64Array, start: number, size: number, half: number): void {
  for (let group = start; group < start + size; group += 8 * half) {
    for (let at = group; at < group + half; at++) {
      const a0 = vector[at]!
      const a1 = vector[at + half]!
      const a2 = vector[at + 2 * half]!
      const a3 = vector[at + 3 * half]!
      const a4 = vector[at + 4 * half]!
      const a5 = vector[at + 5 * half]!
      const a6 = vector[at + 6 * half]!
      const a7 = vector[at + 7 * half]!
      const b0 = a0 + a1
      const b1 = a0 - a1
      const b2 = a2 + a3
      const b3 = a2 - a3
      const b4 = a4 + a5
      const b5 = a4 - a5
      const b6 = a6 + a7
      const b7 = a6 - a7
      const c0 = b0 + b2
      const c1 = b1 + b3
      const c2 = b0 - b2
      const c3 = b1 - b3
      const c4 = b4 + b6
      const c5 = b5 + b7
      const c6 = b4 - b6
      const c7 = b5 - b7
      vector[at] = c0 + c4
      vector[at + half] = c1 + c5
      vector[at + 2 * half] = c2 + c6
      vector[at + 3 * half] = c3 + c7
      vector[at + 4 * half] = c0 - c4
      vector[at + 5 * half] = c1 - c5
      vector[at + 6 * half] = c2 - c6
      vector[at + 7 * half] = c3 - c7
    }
  }
}
