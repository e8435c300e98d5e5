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
import type { GalleryBlock } from '../core/gallery/block.ts'
import type { RowEncoder } from '../core/gallery/rowEncoder.ts'
import {
  biasAt,
  blockRows,
  bottomHeaderBytes,
  errorAt,
  errorPackedAt,
  freeBias,
  groupBytes,
  scaleAt,
  topHeaderBytes,
} from '../core/gallery/rowLayout.ts'
import { Bank } from './bank.ts'
import type { Budget } from './budget.ts'
import type { Kernel } from './kernelFile.ts'
import { pageBytes, type Shape, segmentRows } from './shape.ts'

const wordBytes = 4
const blocksPerSegment = segmentRows / blockRows

export class Rows {
  readonly shape: Shape
  readonly banks: Bank[] = []
  readonly encoder: RowEncoder
  readonly #kernel: Kernel
  readonly #budget: Budget
  readonly #bankBytesMax: number
  #segments = 0
  #rowLengthMax = 0

  constructor(options: {
    shape: Shape
    encoder: RowEncoder
    kernel: Kernel
    budget: Budget
    bankBytesMax: number
  }) {
    this.shape = options.shape
    this.encoder = options.encoder
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
    this.banks.push(new Bank(memory, this.#kernel))
  }

  /**
   * Writes a row that no search sees before generation `born`.
   * @param from index of the template's first number
   */
  write(slot: number, templates: Float32Array, from: number, referenceNo: number, label: number, born: number): void {
    const { shape } = this
    const { bank, segment, row } = this.#placeOf(slot)
    const { ints } = bank
    const length = this.encoder.write(templates, from, bank, laneOf(shape, segment, row), bottomLaneOf(shape, segment, row))
    if (length > this.#rowLengthMax) this.#rowLengthMax = length
    ints[(segment + shape.referencesAt) / 4 + row] = referenceNo
    this.label(slot, label)
    // Most rows have no label and never die: pages that hold nothing but zeros are not written, and take no memory.
    const diedAt = (segment + shape.diedAt) / 4 + row
    if (Atomics.load(ints, diedAt) !== 0) Atomics.store(ints, diedAt, 0)
    Atomics.store(ints, (segment + shape.bornAt) / 4 + row, born)
  }

  /**
   * Copies the rows of a block, which no search sees before generation `born`, into slots that were never used.
   * @param first the first slot, where a block of rows begins
   */
  copy(first: number, { referenceNos, rowLengthMax, top, bottom }: GalleryBlock, born: number): void {
    const { shape } = this
    const { topBlockBytes, bottomBlockBytes } = shape
    const blocks = Math.ceil(referenceNos.length / blockRows)
    for (let done = 0, taken = 0; done < blocks; done += taken) {
      const { bank, segment, row } = this.#placeOf(first + done * blockRows)
      const block = row / blockRows
      taken = Math.min(blocks - done, blocksPerSegment - block)
      bank.bytes.set(top.subarray(done * topBlockBytes, (done + taken) * topBlockBytes), segment + block * topBlockBytes)
      const bottoms = bottom.subarray(done * bottomBlockBytes, (done + taken) * bottomBlockBytes)
      bank.bytes.set(bottoms, segment + shape.bottomAt + block * bottomBlockBytes)
      const from = done * blockRows
      const to = Math.min(referenceNos.length, from + taken * blockRows)
      bank.ints.set(referenceNos.subarray(from, to), (segment + shape.referencesAt) / wordBytes + row)
      const bornAt = (segment + shape.bornAt) / wordBytes + row
      bank.ints.fill(born, bornAt, bornAt + to - from)
    }
    if (rowLengthMax > this.#rowLengthMax) this.#rowLengthMax = rowLengthMax
  }

  /** Writes the row of a slot into another with another label; no search sees it before generation `born`. */
  repeat(from: number, slot: number, label: number, born: number): void {
    const { shape } = this
    const source = this.#placeOf(from)
    const { bank, segment, row } = this.#placeOf(slot)
    const { ints } = bank
    const copyLane = (to: number, at: number, header: number) => {
      const words = header / wordBytes
      for (let word = 0; word < words; word += blockRows) ints[to / wordBytes + word] = source.bank.ints[at / wordBytes + word]!
      for (let group = 0; group < shape.groups; group++) {
        const word = words + (group * groupBytes) / wordBytes
        ints[to / wordBytes + word] = source.bank.ints[at / wordBytes + word]!
      }
    }
    copyLane(laneOf(shape, segment, row), laneOf(shape, source.segment, source.row), topHeaderBytes)
    copyLane(bottomLaneOf(shape, segment, row), bottomLaneOf(shape, source.segment, source.row), bottomHeaderBytes)
    ints[(segment + shape.referencesAt) / wordBytes + row] = this.referenceNoAt(from)
    this.label(slot, label)
    const diedAt = (segment + shape.diedAt) / wordBytes + row
    if (Atomics.load(ints, diedAt) !== 0) Atomics.store(ints, diedAt, 0)
    Atomics.store(ints, (segment + shape.bornAt) / wordBytes + row, born)
  }

  labelAt(slot: number): number {
    const { bank, segment, row } = this.#placeOf(slot)
    return bank.ints[(segment + this.shape.labelsAt) / wordBytes + row]! >>> 0
  }

  /** Labels a row that no search sees yet. */
  label(slot: number, label: number): void {
    const { bank, segment, row } = this.#placeOf(slot)
    const labelAt = (segment + this.shape.labelsAt) / wordBytes + row
    // Most rows have no label: see `write`.
    if (bank.ints[labelAt] !== (label | 0)) bank.ints[labelAt] = label
  }

  /** Zeros what the last write left outside the rows. */
  wipe(): void {
    this.encoder.wipe()
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
    const top = laneOf(shape, segment, row)
    const bottom = bottomLaneOf(shape, segment, row)
    floats[(top + biasAt) / wordBytes] = freeBias
    floats[(top + errorPackedAt) / wordBytes] = 0
    floats[(top + scaleAt) / wordBytes] = 0
    floats[(bottom + errorAt) / wordBytes] = 0
    for (let group = 0; group < shape.groups; group++) {
      ints[(top + topHeaderBytes + group * groupBytes) / wordBytes] = 0
      ints[(bottom + bottomHeaderBytes + group * groupBytes) / wordBytes] = 0
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
