/**
 * The stored rows of a gallery, as its writer sees them: banks of segments, and rows in places ("slots") of them.
 * 1. A segment never moves; its address follows from its number alone. Growing adds a segment, and a bank when one is full.
 * 2. What quantisation takes from a row is measured and stored with it, so the bounds hold for any row, whatever it looks like.
 * 3. A row is seen by searches of a generation from `born` on and before `died`; 0 says never, and not yet. Whoever writes a row into
 *    a place that threads may be reading sets `born` last, to a generation that no search has yet.
 * 4. A freed place holds zeros and scores below every threshold; one that was never used is beyond the highest slot of every search, or
 *    was born never.
 */
import { VultusError } from '../contract/errors.ts'
import { Bank } from './bank.ts'
import { ceil32 } from './bound.ts'
import type { Budget } from './budget.ts'
import type { Kernel } from './kernelFile.ts'
import { passesOf, sizeOf, writeWeights } from './rotation.ts'
import { blockRows, pageBytes, type Shape, segmentRows } from './shape.ts'

/** Far below every score; what is added to it is lost in rounding. */
const freeBias = -1e30
const scaleAt = 128
const errorAt = 64

export class Rows {
  readonly shape: Shape
  readonly banks: Bank[] = []
  readonly mean: Float64Array
  readonly #kernel: Kernel
  readonly #budget: Budget
  readonly #bankBytesMax: number
  #segments = 0
  #rowLengthMax = 0

  constructor(options: {
    shape: Shape
    mean: Float32Array
    kernel: Kernel
    budget: Budget
    bankBytesMax: number
  }) {
    this.shape = options.shape
    this.mean = Float64Array.from(options.mean)
    this.#kernel = options.kernel
    this.#budget = options.budget
    this.#bankBytesMax = options.bankBytesMax
  }

  /** The longest row ever stored, in either form. */
  get rowLengthMax(): number {
    return this.#rowLengthMax
  }

  get memoryBytes(): number {
    return this.banks.length * this.shape.headBytes + this.#segments * this.shape.segmentBytes
  }

  /** Makes room for that many slots. @throws VultusError resource.exhausted; nothing has changed for rows that are there */
  reserve(slots: number): void {
    while (this.#segments * segmentRows < slots) this.#grow()
  }

  #grow(): void {
    const { segmentsPerBank, segmentBytes, headBytes } = this.shape
    if (segmentsPerBank === 0) throw new VultusError('resource.exhausted', 'a memory of this size holds no rows of this dimension')
    const inBank = this.#segments % segmentsPerBank
    const index = Math.floor(this.#segments / segmentsPerBank)
    if (index === this.banks.length) this.#addBank()
    const bank = this.banks[index]!
    this.#budget.take(segmentBytes)
    try {
      bank.memory.grow(segmentBytes / pageBytes)
    } catch (cause) {
      this.#budget.give(segmentBytes)
      throw new VultusError('resource.exhausted', 'the memory of the gallery cannot grow', { cause })
    }
    bank.see(headBytes + (inBank + 1) * segmentBytes)
    this.#segments += 1
  }

  #addBank(): void {
    const { shape } = this
    this.#budget.take(shape.headBytes)
    let memory: WebAssembly.Memory
    try {
      memory = new WebAssembly.Memory({
        initial: shape.headBytes / pageBytes,
        maximum: Math.floor(this.#bankBytesMax / pageBytes),
        shared: true,
      })
    } catch (cause) {
      this.#budget.give(shape.headBytes)
      throw new VultusError('resource.exhausted', 'no address space for the gallery', { cause })
    }
    const bank = new Bank(memory, this.#kernel)
    writeWeights(bank.floats as Float32Array, bank.ints as Int32Array, shape.weightsAt / 4, shape.padded)
    new Float64Array(memory.buffer, shape.meanAt, shape.dimension).set(this.mean)
    this.banks.push(bank)
  }

  /** Writes a row that no search sees before generation `born`. */
  write(slot: number, template: Float32Array, referenceNo: number, label: number, born: number): void {
    const { shape } = this
    const { bank, segment, row } = this.#placeOf(slot)
    const { kernel, floats, ints } = bank
    floats.set(template, shape.templateAt / 4)
    const meanScore = kernel.turn(
      shape.templateAt,
      shape.meanAt,
      shape.dimension,
      shape.padded,
      shape.vectorAt,
      shape.weightsAt,
      passesOf(shape.padded),
      sizeOf(shape.padded),
    )
    const top = laneOf(shape, segment, row)
    const length = kernel.write(shape.vectorAt, shape.padded, top, bottomLaneOf(shape, segment, row))
    if (length > this.#rowLengthMax) this.#rowLengthMax = length
    floats[top / 4] = ceil32(meanScore)
    ints[(segment + shape.referencesAt) / 4 + row] = referenceNo
    // Most rows have no label and never die: pages that hold nothing but zeros are not written, and take no memory.
    const labelAt = (segment + shape.labelsAt) / 4 + row
    if (ints[labelAt] !== (label | 0)) ints[labelAt] = label
    const diedAt = (segment + shape.diedAt) / 4 + row
    if (Atomics.load(ints, diedAt) !== 0) Atomics.store(ints, diedAt, 0)
    Atomics.store(ints, (segment + shape.bornAt) / 4 + row, born)
  }

  /** Zeros what the last write left outside the rows. */
  wipe(): void {
    const { templateAt, vectorAt, padded } = this.shape
    for (const bank of this.banks) bank.floats.fill(0, templateAt / 4, vectorAt / 4 + padded)
  }

  /** From this generation on no search sees the row. */
  end(slot: number, died: number): void {
    const { bank, segment, row } = this.#placeOf(slot)
    Atomics.store(bank.ints, (segment + this.shape.diedAt) / 4 + row, died)
  }

  /** Zeros a row that no search sees any more. */
  erase(slot: number): void {
    const { shape } = this
    const { bank, segment, row } = this.#placeOf(slot)
    const { floats, ints } = bank
    Atomics.store(ints, (segment + shape.bornAt) / 4 + row, 0)
    Atomics.store(ints, (segment + shape.diedAt) / 4 + row, 0)
    ints[(segment + shape.referencesAt) / 4 + row] = 0
    if (ints[(segment + shape.labelsAt) / 4 + row] !== 0) ints[(segment + shape.labelsAt) / 4 + row] = 0
    const top = laneOf(shape, segment, row) / 4
    const bottom = bottomLaneOf(shape, segment, row) / 4
    floats[top] = freeBias
    for (const field of [errorAt, scaleAt]) floats[top + field / 4] = 0
    floats[bottom] = 0
    for (let group = 0; group < shape.groups; group++) {
      ints[top + 48 + group * 16] = 0
      ints[bottom + 16 + group * 16] = 0
    }
  }

  referenceNoAt(slot: number): number {
    const { bank, segment, row } = this.#placeOf(slot)
    return bank.ints[(segment + this.shape.referencesAt) / 4 + row]! >>> 0
  }

  /** Zeros everything and gives the memory up. */
  drop(): void {
    for (const bank of this.banks) bank.ints.fill(0)
    this.#budget.give(this.memoryBytes)
    this.banks.length = 0
    this.#segments = 0
  }

  #placeOf(slot: number): { bank: Bank; segment: number; row: number } {
    const { segmentsPerBank, segmentBytes, headBytes } = this.shape
    const number = Math.floor(slot / segmentRows)
    return {
      bank: this.banks[Math.floor(number / segmentsPerBank)]!,
      segment: headBytes + (number % segmentsPerBank) * segmentBytes,
      row: slot % segmentRows,
    }
  }
}

/** Address of a row's lane in its top block. */
function laneOf(shape: Shape, segment: number, row: number): number {
  return segment + Math.floor(row / blockRows) * shape.topBlockBytes + (row % blockRows) * 4
}

function bottomLaneOf(shape: Shape, segment: number, row: number): number {
  return segment + shape.bottomAt + Math.floor(row / blockRows) * shape.bottomBlockBytes + (row % blockRows) * 4
}
