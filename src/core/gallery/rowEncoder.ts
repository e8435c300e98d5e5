/**
 * Turns templates into rows: residual from the mean template, rotation, 8-bit numbers in two planes of 4 bits, and what that takes from
 * them. The vault seals rows and the matcher adds them by this one way. Everything is computed in float64 in a fixed order, so that it is
 * the same bits on every machine. docs/matcher-bound.md has the proof that rests on it.
 */
import { Rotation } from './rotation.ts'
import { ceil32, lengthUp } from './rounding.ts'
import {
  type BlockShape,
  biasAt,
  blockShapeOf,
  bottomHeaderBytes,
  errorAt,
  errorPackedAt,
  groupBytes,
  scaleAt,
  topHeaderBytes,
} from './rowLayout.ts'

/** Templates whose length is further from 1 than this are refused: the proof of the bounds needs it. */
export const unitLengthTolerance = 1e-3

const wordBytes = 4
const groupWords = groupBytes / wordBytes

/** The length of a vector inside an array. */
export function lengthOf(values: Float32Array, from: number, count: number): number {
  let sum = 0
  for (let index = from; index < from + count; index++) sum += values[index]! * values[index]!
  return Math.sqrt(sum)
}

/** Whether a template is of unit length; not where it holds NaN or an infinity: no comparison with them holds. */
export const isUnitLength = (values: Float32Array, from: number, count: number): boolean =>
  Math.abs(lengthOf(values, from, count) - 1) <= unitLengthTolerance

/** Where a row is written: words and floats of the same memory. */
export interface RowMemory {
  readonly ints: Int32Array
  readonly floats: Float32Array
}

export class RowEncoder {
  readonly shape: BlockShape
  readonly dimension: number
  readonly mean: Float64Array
  /** The residual that `turn` left, rotated. */
  readonly vector: Float64Array
  readonly #rotation: Rotation

  /** @param meanTemplate inside the unit sphere; its length is the dimension, at most 4,096 */
  constructor(meanTemplate: Float32Array) {
    this.dimension = meanTemplate.length
    this.shape = blockShapeOf(this.dimension)
    this.mean = Float64Array.from(meanTemplate)
    this.#rotation = new Rotation(this.shape.padded)
    this.vector = new Float64Array(this.shape.padded)
  }

  /**
   * Leaves the rotated residual of a template from the mean in `vector`, until the next or `wipe`.
   * @param from index of the template's first number
   * @returns the dot product of mean and residual
   */
  turn(templates: Float32Array, from: number): number {
    const { vector, mean, dimension } = this
    let meanScore = 0
    for (let index = 0; index < dimension; index++) {
      const residual = templates[from + index]! - mean[index]!
      vector[index] = residual
      meanScore += mean[index]! * residual
    }
    vector.fill(0, dimension)
    this.#rotation.turn(vector)
    return meanScore
  }

  /**
   * Writes a template as a row.
   * @param from index of the template's first number
   * @param top, bottom byte addresses of the row's lane in its blocks
   * @returns the longer of the row's two stored forms, rounded up to float32
   */
  write(templates: Float32Array, from: number, { ints, floats }: RowMemory, top: number, bottom: number): number {
    const bias = this.turn(templates, from)
    const { vector } = this
    let largest = 0
    for (let index = 0; index < vector.length; index++) {
      const size = Math.abs(vector[index]!)
      if (size > largest) largest = size
    }
    const scale = Math.fround(largest / 127.5)
    const inverse = scale > 0 ? 1 / scale : 0
    let squaresPacked = 0
    let squares = 0
    let errorPacked = 0
    let error = 0
    let high = (top + topHeaderBytes) / wordBytes
    let low = (bottom + bottomHeaderBytes) / wordBytes
    for (let group = 0; group < vector.length; group += 8) {
      let highs = 0
      let lows = 0
      for (let place = 0; place < 8; place++) {
        const value = vector[group + place]!
        // Any whole number is right, since its error is measured; this one is the nearest or next to it.
        const code = Math.max(0, Math.min(255, (value * inverse + 128) | 0))
        const stored = (code - 127.5) * scale
        const storedPacked = ((code & 0xf0) - 120) * scale
        squares += stored * stored
        squaresPacked += storedPacked * storedPacked
        error += (value - stored) * (value - stored)
        errorPacked += (value - storedPacked) * (value - storedPacked)
        const shift = ((place & 3) << 3) + (place & 4)
        highs |= (code >> 4) << shift
        lows |= (code & 15) << shift
      }
      ints[high] = highs
      ints[low] = lows
      high += groupWords
      low += groupWords
    }
    floats[(top + biasAt) / wordBytes] = ceil32(bias)
    floats[(top + errorPackedAt) / wordBytes] = lengthUp(errorPacked)
    floats[(top + scaleAt) / wordBytes] = scale
    floats[(bottom + errorAt) / wordBytes] = lengthUp(error)
    return Math.max(lengthUp(squaresPacked), lengthUp(squares))
  }

  /** Zeros what the last template left here. */
  wipe(): void {
    this.vector.fill(0)
  }
}
