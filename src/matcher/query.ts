/**
 * A probe as the kernel compares it: two layers of 8-bit numbers and what they leave of it, and the cuts that follow from a threshold.
 * Everything that crosses to the workers can be cloned.
 */
import { floor32, lengthUp } from '../core/gallery/rounding.ts'
import type { RowEncoder } from '../core/gallery/rowEncoder.ts'
import { clipThreshold, scoreSlack } from './bound.ts'
import { queriesAtOnce, queryHeaderBytes, type Scratch, type Shape, sectionDimensions } from './shape.ts'

const numberMax = 127
/** Times 15, the largest number of a row in the packed stage, it is the largest that 16 bits hold. */
const laneSumMax = Math.floor(32_767 / 15)
/** A probe this near to the mean has nothing worth comparing; all of it becomes remainder. */
const componentMin = 1e-20

export interface Query {
  /** kernel/layout.ts draws it; the cuts are written by `writeCuts`. */
  readonly bytes: Uint8Array
  /** Dot product of probe and mean. */
  readonly meanScore: number
  /** Length of the residual. */
  readonly length: number
  /** What the first layer leaves, and what both leave, can add to any score at most. */
  readonly firstRemainder: number
  readonly remainder: number
  readonly slack: number
}

/**
 * @param encoder that the gallery's rows are made by
 * @param rowLengthMax the longest stored row
 */
export function encodeQuery(encoder: RowEncoder, shape: Shape, probe: Float32Array, rowLengthMax: number): Query {
  const { dimension, padded } = shape
  const { mean } = encoder
  let meanScore = 0
  for (let index = 0; index < dimension; index++) meanScore += probe[index]! * mean[index]!
  encoder.turn(probe, 0)
  // What the layers leave stays in the encoder's vector, which is zeroed at the end.
  const residual = encoder.vector

  const bytes = new Uint8Array(shape.queryBytes)
  const view = new DataView(bytes.buffer)
  const numbers = new Int8Array(bytes.buffer, queryHeaderBytes)
  const length = lengthUp(squaresOf(residual))
  const first = takeLayer(residual, numbers.subarray(0, padded), laneSumMax)
  const firstRemainder = lengthUp(squaresOf(residual)) * rowLengthMax
  const second = takeLayer(residual, numbers.subarray(padded, 2 * padded), Number.POSITIVE_INFINITY)
  const remainder = lengthUp(squaresOf(residual)) * rowLengthMax
  encoder.wipe()
  bytes.fill(15, 48, 64)
  view.setFloat32(0, 8 * first.scale, true)
  view.setFloat32(4, first.scale / 2, true)
  view.setFloat32(8, second.scale / 2, true)
  view.setFloat32(12, length, true)
  view.setInt32(16, -15 * first.sum, true)
  view.setInt32(20, -255 * first.sum, true)
  view.setInt32(24, -255 * second.sum, true)
  return { bytes, meanScore, length, firstRemainder, remainder, slack: scoreSlack(dimension) }
}

/**
 * Writes the largest part of a vector that 8-bit numbers of one scale hold, and leaves the rest.
 * @param sumMax numbers of one sign of a section's lane sum to no more
 */
function takeLayer(vector: Float64Array, numbers: Int8Array, sumMax: number): { scale: number; sum: number } {
  let largest = 0
  for (let index = 0; index < vector.length; index++) {
    const size = Math.abs(vector[index]!)
    if (size > largest) largest = size
  }
  if (largest < componentMin) return { scale: 0, sum: 0 }
  let scale = Math.fround(Math.max(largest / numberMax, laneSum(vector) / sumMax))
  // Rounding may carry a sum over its limit; a little coarser, it is below.
  for (round(vector, scale, numbers); laneSum(numbers) > sumMax; round(vector, scale, numbers)) scale = Math.fround(scale * 1.01)
  let sum = 0
  for (let index = 0; index < vector.length; index++) {
    const number = numbers[index]!
    sum += number
    vector[index]! -= number * scale
  }
  return { scale, sum }
}

function round(vector: Float64Array, scale: number, numbers: Int8Array): void {
  const inverse = 1 / scale
  for (let index = 0; index < vector.length; index++) {
    // Any whole number is right, since what it leaves is measured; this one is the nearest or next to it.
    numbers[index] = Math.max(-numberMax, Math.min(numberMax, Math.round(vector[index]! * inverse)))
  }
}

/** What the numbers of one sign that the kernel adds up in 16 bits come to, in the lane where it is most. */
function laneSum(numbers: Float64Array | Int8Array): number {
  let most = 0
  for (let from = 0; from < numbers.length; from += sectionDimensions) {
    const end = Math.min(numbers.length, from + sectionDimensions)
    for (let lane = 0; lane < 4; lane += 2) {
      // Above and below 0: (sum of sizes plus and minus sum) / 2.
      let sizes = 0
      let sum = 0
      for (let index = from + lane; index < end; index += 4) {
        const first = numbers[index]!
        const second = numbers[index + 1]!
        sizes += Math.abs(first) + Math.abs(second)
        sum += first + second
      }
      most = Math.max(most, (sizes + Math.abs(sum)) / 2)
    }
  }
  return most
}

function squaresOf(vector: Float64Array): number {
  let sum = 0
  for (let index = 0; index < vector.length; index++) sum += vector[index]! * vector[index]!
  return sum
}

/**
 * Lays the first numbers of queries as a batch reads them: of each `queriesAtOnce` queries one after the other, 4 dimensions of each in turn.
 * @param ints of the bank @param scratch where the queries lie, `count` of them, a multiple of `queriesAtOnce`
 */
export function layQuads(ints: Int32Array, { padded, queryBytes }: Shape, scratch: Scratch, count: number): void {
  const words = padded / 4
  for (let number = 0; number < count; number++) {
    const from = (scratch.queries + number * queryBytes + queryHeaderBytes) / 4
    const together = number % queriesAtOnce
    const to = (scratch.quads + (number - together) * padded) / 4 + together
    for (let word = 0; word < words; word++) ints[to + word * queriesAtOnce] = ints[from + word]!
  }
}

/** Writes the cuts of a threshold into a query in a bank. @param floats of the bank @param at address of the query */
export function writeCuts(query: Query, threshold: number, floats: Float32Array, at: number): void {
  const wanted = clipThreshold(threshold) - query.meanScore - query.slack
  const first = floor32(wanted - query.firstRemainder)
  floats[at / 4 + 7] = first
  floats[at / 4 + 8] = first
  floats[at / 4 + 9] = floor32(wanted - query.remainder)
}

/** @param upper the kernel's upper score */
export const scoreMaxOf = (query: Query, upper: number): number => upper + (query.meanScore + query.remainder + query.slack)

/** @param rowError what is in the upper score for the row's quantisation */
export const scoreMinOf = (query: Query, upper: number, rowError: number): number =>
  upper - 2 * rowError + (query.meanScore - query.remainder - query.slack)
