/**
 * A fixed rotation that spreads what a few dimensions hold over all of them, so that 8 bits fit every row alike.
 * Three rounds of random signs and a Hadamard transform; where the length is no power of two, each round transforms the first and
 * then the last power of two that fits, which overlap. A rotation keeps dot products, so it costs no exactness but its rounding.
 */
import type { KernelFunctions } from './kernelFile.ts'

const rounds = 3
const passesMax = rounds * 2

/** Dimensions padded so that four of them make a word. */
export const paddedOf = (dimension: number): number => Math.ceil(dimension / 4) * 4

/** Floats of weights that a rotation of that length needs at most. */
export const weightsOf = (padded: number): number => passesMax * padded

/** The largest power of two that fits; at least 4. */
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

export class Rotation {
  readonly #padded: number
  readonly #size: number
  readonly #starts: readonly number[]
  readonly #weightsAt: number
  readonly #kernel: KernelFunctions

  /**
   * Writes the weights to memory. The signs come from a fixed seed: they decide how tight the bounds are, not whether they hold.
   * @param weightsAt address with room for weightsOf(padded) float32
   */
  constructor(kernel: KernelFunctions, floats: Float32Array, weightsAt: number, dimension: number) {
    this.#kernel = kernel
    this.#padded = paddedOf(dimension)
    this.#size = sizeOf(this.#padded)
    this.#starts = startsOf(this.#padded)
    this.#weightsAt = weightsAt
    const scale = 1 / Math.sqrt(this.#size)
    let state = 0x9e3779b9
    this.#starts.forEach((start, pass) => {
      for (let index = 0; index < this.#padded; index++) {
        state ^= state << 13
        state ^= state >>> 17
        state ^= state << 5
        const inside = index >= start && index < start + this.#size
        floats[weightsAt / 4 + pass * this.#padded + index] = (state < 0 ? -1 : 1) * (inside ? scale : 1)
      }
    })
  }

  /** Rotates the padded vector at an address in place. */
  turn(at: number): void {
    this.#starts.forEach((start, pass) => {
      this.#kernel.rotate(at, this.#padded, this.#weightsAt + pass * this.#padded * 4, start, this.#size)
    })
  }
}
