/**
 * Rows as 8-bit residuals from the mean template, 16 to a block and one to a lane (kernel/simd.ts draws the block), and the scan over
 * all of them.
 * 1. A block never moves; its address follows from the slot alone.
 * 2. What quantisation takes from a row is measured and stored with it, so the upper score holds for any row, whatever it looks like.
 * 3. A free slot holds zeros and scores below every threshold, or is left out by whoever reads the findings.
 */
import { ceil32, floor32, lengthUp, scoreSlack } from './bound.ts'
import type { Kernel, KernelFunctions } from './kernelFile.ts'
import { paddedOf, Rotation, weightsOf } from './rotation.ts'
import { RowMemory } from './rowMemory.ts'

/** Rows looked at in one call of the kernel; its findings have room for all of them. */
export const tileRows = 16_384
export const dimensionMax = 4_096

const blockRows = 16
const headerBytes = 320
const scaleAt = 64
const biasAt = 128
const normAt = 192
const errorAt = 256
/** Far below every score; what is added to it is lost in rounding. */
const freeBias = -1e30
const rowNumberMax = 127
const queryNumberMax = 63
/** The query is stored this much too large, so that all its numbers are above 0. */
const queryOffset = 64

const queryAt = 0
const scratchAt = dimensionMax
const vectorAt = scratchAt + 64
const weightsAt = vectorAt + dimensionMax * 4
const findingsAt = weightsAt + weightsOf(dimensionMax) * 4
const headBytes = Math.ceil((findingsAt + tileRows * 8) / 65_536) * 65_536

export class LaneRows {
  readonly #memory: RowMemory
  readonly #kernel: KernelFunctions
  #dimension = 0
  #padded = 0
  #blockBytes = headerBytes
  #mean = new Float64Array()
  #rotation: Rotation | undefined
  #query = { scale: 0, error: 0, norm: 0, cut: 0, offset: 0 }
  /** Views of the memory's present buffer. */
  #floats: Float32Array<ArrayBufferLike> = new Float32Array()
  #words: Int32Array<ArrayBufferLike> = new Int32Array()
  #bytes: Int8Array<ArrayBufferLike> = new Int8Array()
  #doubles: Float64Array<ArrayBufferLike> = new Float64Array()

  /** @throws VultusError resource.exhausted */
  constructor(kernel: Kernel, memoryBytesMax: number) {
    this.#memory = new RowMemory(memoryBytesMax)
    this.#memory.reserve(headBytes)
    this.#kernel = kernel.bind(this.#memory.memory)
    this.#look()
  }

  /**
   * Zeros all rows and prepares for those of another mean. Reserves memory first.
   * @param mean as many float32 as the dimension; not longer than the door allows
   * @throws VultusError resource.exhausted, nothing changed
   */
  shape(mean: Float32Array, slotsExpected: number): void {
    const blockBytes = headerBytes + paddedOf(mean.length) * blockRows
    this.#memory.reserve(headBytes + Math.ceil(slotsExpected / blockRows) * blockBytes)
    this.#look()
    this.#floats.fill(0)
    this.#dimension = mean.length
    this.#padded = paddedOf(mean.length)
    this.#blockBytes = blockBytes
    this.#mean = Float64Array.from(mean)
    this.#rotation = new Rotation(this.#kernel, this.#floats, weightsAt, mean.length)
  }

  /** Makes room for that many slots. @throws VultusError resource.exhausted; nothing has changed then */
  reserve(slots: number): void {
    this.#memory.reserve(headBytes + Math.ceil(slots / blockRows) * this.#blockBytes)
    this.#look()
  }

  /** Writes a row of the shaped dimension. */
  write(slot: number, row: Float32Array): void {
    const meanScore = this.#turnResidual(row)
    const data = this.#blockAt(slot) + headerBytes + (slot % blockRows) * 4
    const { scale, storedLength, errorLength, sum } = this.#quantise(rowNumberMax, data, blockRows * 4)
    const lane = this.#laneAt(slot)
    this.#words[lane] = -queryOffset * sum
    this.#floats[lane + scaleAt / 4] = scale
    this.#floats[lane + biasAt / 4] = ceil32(meanScore)
    this.#floats[lane + normAt / 4] = storedLength
    this.#floats[lane + errorAt / 4] = errorLength
    this.#floats.fill(0, vectorAt / 4, vectorAt / 4 + this.#padded)
  }

  erase(slot: number): void {
    const data = (this.#blockAt(slot) + headerBytes) / 4 + (slot % blockRows)
    for (let word = 0; word < this.#padded / 4; word++) this.#words[data + word * blockRows] = 0
    const lane = this.#laneAt(slot)
    for (const field of [0, scaleAt, normAt, errorAt]) this.#words[lane + field / 4] = 0
    this.#floats[lane + biasAt / 4] = freeBias
  }

  /** Lays the query that following scans compare with. @param threshold any finite number; clipped to -2..2, beyond any score */
  lay(query: Float32Array, threshold: number): void {
    const mean = this.#mean
    let meanScore = 0
    for (let index = 0; index < this.#dimension; index++) meanScore += query[index]! * mean[index]!
    this.#turnResidual(query)
    let squares = 0
    for (let at = vectorAt / 4, end = at + this.#padded; at < end; at++) squares += this.#floats[at]! ** 2
    const { scale, errorLength } = this.#quantise(queryNumberMax, queryAt, 4)
    for (let index = 0; index < this.#padded; index++) this.#bytes[queryAt + index]! += queryOffset
    const offset = meanScore + scoreSlack(this.#dimension)
    const cut = floor32(Math.min(2, Math.max(-2, threshold)) - offset)
    this.#query = { scale, error: errorLength, norm: lengthUp(squares), cut, offset }
  }

  /** Zeros the query, what it was made from and what was found with it. */
  clear(): void {
    this.#words.fill(0, 0, weightsAt / 4)
    this.#words.fill(0, findingsAt / 4, headBytes / 4)
    this.#query = { scale: 0, error: 0, norm: 0, cut: 0, offset: 0 }
  }

  /**
   * Looks at slots from `first` (a multiple of 16), at most a tile of them.
   * @param found called for each slot whose exact score may reach the threshold, with a score that is no smaller than the exact one
   */
  scan(first: number, count: number, found: (slot: number, scoreMax: number) => void): void {
    const { scale, error, norm, cut, offset } = this.#query
    const blocks = Math.ceil(count / blockRows)
    const hits = this.#kernel.scan(this.#blockAt(first), blocks, this.#padded / 4, queryAt, scale, error, norm, cut, findingsAt, scratchAt)
    for (let at = findingsAt / 4, end = at + hits * 2; at < end; at += 2) found(first + this.#words[at]!, this.#floats[at + 1]! + offset)
  }

  /** Reads all rows up to a slot without comparing them: the floor for a scan, for the bench. */
  stream(slots: number): number {
    return this.#kernel.stream(headBytes, Math.ceil(slots / blockRows) * this.#blockBytes)
  }

  /** Leaves the rotated residual at vectorAt. @returns the float64 dot product of mean and residual */
  #turnResidual(values: Float32Array): number {
    const dimension = this.#dimension
    const mean = this.#mean
    const vector = this.#floats.subarray(vectorAt / 4, vectorAt / 4 + this.#padded)
    let meanScore = 0
    for (let index = 0; index < dimension; index++) {
      const residual = Math.fround(values[index]! - mean[index]!)
      vector[index] = residual
      meanScore += mean[index]! * residual
    }
    vector.fill(0, dimension)
    this.#rotation?.turn(vectorAt)
    return meanScore
  }

  /** Writes the vector at vectorAt as whole numbers of a scale, see kernel/quantise.ts. Lengths are rounded up. */
  #quantise(numberMax: number, data: number, stride: number) {
    this.#kernel.quantise(vectorAt, this.#padded, numberMax, data, stride, scratchAt)
    const at = scratchAt / 4
    return {
      storedLength: lengthUp(this.#doubles[scratchAt / 8]!),
      errorLength: lengthUp(this.#doubles[scratchAt / 8 + 1]!),
      scale: this.#floats[at + 4]!,
      sum: this.#words[at + 5]!,
    }
  }

  #blockAt(slot: number): number {
    return headBytes + Math.floor(slot / blockRows) * this.#blockBytes
  }

  /** Index of the slot's first word in its block's header. */
  #laneAt(slot: number): number {
    return this.#blockAt(slot) / 4 + (slot % blockRows)
  }

  #look(): void {
    if (this.#floats.buffer === this.#memory.buffer) return
    this.#floats = new Float32Array(this.#memory.buffer)
    this.#words = new Int32Array(this.#memory.buffer)
    this.#bytes = new Int8Array(this.#memory.buffer)
    this.#doubles = new Float64Array(this.#memory.buffer)
  }
}
