/**
 * A fixed rotation that spreads what a few dimensions hold over all of them, so that few bits fit every row alike.
 * Three rounds of random signs and a Hadamard transform; where the length is no power of two, each round transforms the first and
 * then the last power of two that fits, which overlap. A rotation keeps dot products, so it costs no exactness but its rounding.
 */

const rounds = 3
const passesMax = rounds * 2

/** Dimensions padded so that eight of them make a group. */
export const paddedOf = (dimension: number): number => Math.ceil(dimension / 8) * 8

/** Words that the weights of a rotation of that length, and the start of each pass, need at most. */
export const weightsOf = (padded: number): number => passesMax * (padded + 1)

/** The largest power of two that fits; at least 8. */
export const sizeOf = (padded: number): number => 2 ** Math.floor(Math.log2(padded))

/** Where each pass starts its transform. */
function startsOf(padded: number): number[] {
  const last = padded - sizeOf(padded)
  return Array.from({ length: rounds }, () => (last === 0 ? [0] : [0, last])).flat()
}

export const passesOf = (padded: number): number => startsOf(padded).length

/** Roundings in a row that a component passes: the weight and its own rounding, and one for each butterfly. */
export function rotationRoundings(dimension: number): number {
  const padded = paddedOf(dimension)
  return passesOf(padded) * (Math.log2(sizeOf(padded)) + 2)
}

/**
 * Writes the weights of every pass, then where each starts (kernel/encode.ts).
 * The signs come from a fixed seed: they decide how tight the bounds are, not whether they hold.
 * @param at index of the first word, with room for weightsOf(padded)
 */
export function writeWeights(floats: Float32Array, words: Int32Array, at: number, padded: number): void {
  const size = sizeOf(padded)
  const scale = 1 / Math.sqrt(size)
  const starts = startsOf(padded)
  let state = 0x9e3779b9
  starts.forEach((start, pass) => {
    for (let index = 0; index < padded; index++) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      const inside = index >= start && index < start + size
      floats[at + pass * padded + index] = (state < 0 ? -1 : 1) * (inside ? scale : 1)
    }
    words[at + starts.length * padded + pass] = start
  })
}
