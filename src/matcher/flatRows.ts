/**
 * Float32 rows one after another, and the scan over all of them.
 * Memory: the query (16 KiB), the kernel's findings (one tile of pairs), then rows of `stride` float32 at headBytes + slot * stride * 4.
 * A free slot is all zeros; whoever reads findings leaves free slots out.
 */
import { cutOf, lanes, scoreSlack } from './bound.ts'
import type { Kernel, KernelFunctions } from './kernelFile.ts'
import { RowMemory } from './rowMemory.ts'

/** Rows looked at in one call of the kernel; its findings have room for all of them. */
export const tileRows = 16_384
export const dimensionMax = 4_096

const queryAt = 0
const findingsAt = dimensionMax * 4
const headBytes = Math.ceil((findingsAt + tileRows * 8) / 65_536) * 65_536

export class FlatRows {
  readonly #memory: RowMemory
  readonly #kernel: KernelFunctions
  #stride = lanes
  #slack = 0
  #cut = 0
  /** Views of the memory's present buffer. */
  #floats: Float32Array<ArrayBufferLike> = new Float32Array()
  #words: Uint32Array<ArrayBufferLike> = new Uint32Array()

  /** @throws VultusError resource.exhausted */
  constructor(kernel: Kernel, memoryBytesMax: number) {
    this.#memory = new RowMemory(memoryBytesMax)
    this.#memory.reserve(headBytes)
    this.#kernel = kernel.bind(this.#memory.memory)
    this.#look()
  }

  /** Zeros all rows and sets the length of those to come. Reserves memory first. @throws VultusError resource.exhausted, nothing changed */
  shape(dimension: number, slotsExpected: number): void {
    const stride = Math.ceil(dimension / lanes) * lanes
    this.#memory.reserve(headBytes + slotsExpected * stride * 4)
    this.#look()
    this.#floats.fill(0)
    this.#stride = stride
    this.#slack = scoreSlack(dimension)
  }

  /** Makes room for that many slots. @throws VultusError resource.exhausted; nothing has changed then */
  reserve(slots: number): void {
    this.#memory.reserve(headBytes + slots * this.#stride * 4)
    this.#look()
  }

  /** Writes a row of the shaped dimension; its padding is zero already. */
  write(slot: number, row: Float32Array): void {
    this.#floats.set(row, this.#rowAt(slot) / 4)
  }

  erase(slot: number): void {
    const at = this.#rowAt(slot) / 4
    this.#floats.fill(0, at, at + this.#stride)
  }

  /** Lays the query that following scans compare with. */
  lay(query: Float32Array, threshold: number): void {
    this.#floats.fill(0, queryAt / 4, queryAt / 4 + this.#stride)
    this.#floats.set(query, queryAt / 4)
    this.#cut = cutOf(threshold, this.#slack)
  }

  /** Zeros the query and what was found with it. */
  clear(): void {
    this.#floats.fill(0, 0, headBytes / 4)
  }

  /**
   * Looks at slots from `first`, at most a tile of them.
   * @param found called for each slot whose exact score may reach the threshold, with a score that is no smaller than the exact one
   */
  scan(first: number, count: number, found: (slot: number, scoreMax: number) => void): void {
    const hits = this.#kernel.scan(this.#rowAt(first), count, this.#stride, queryAt, this.#cut, findingsAt)
    for (let at = findingsAt / 4, end = at + hits * 2; at < end; at += 2)
      found(first + this.#words[at]!, this.#floats[at + 1]! + this.#slack)
  }

  /** Reads all rows up to a slot without comparing them: the floor for a scan, for the bench. */
  stream(slots: number): number {
    return this.#kernel.stream(headBytes, slots * this.#stride * 4)
  }

  #rowAt(slot: number): number {
    return headBytes + slot * this.#stride * 4
  }

  #look(): void {
    if (this.#floats.buffer === this.#memory.buffer) return
    this.#floats = new Float32Array(this.#memory.buffer)
    this.#words = new Uint32Array(this.#memory.buffer)
  }
}
