/**
 * The rows of one model and the search over all of them.
 * 1. A change is made whole or not at all: memory is reserved before the first row is written.
 * 2. Rows are keyed by reference: writing one again replaces it, removing one zeros it.
 * 3. A search reads one state: the caller lets one search or change end before the next begins.
 */

import type { GalleryChange, GalleryRows, PossibleCandidate } from '../contract/processes.ts'
import type { Kernel } from './kernelFile.ts'
import { dimensionMax, LaneRows, tileRows } from './laneRows.ts'
import { Slots } from './slots.ts'

export { dimensionMax }

/** Rows written at a stretch. */
const rowsBetween = 256

/** Gives others a chance to be heard; undefined where it is too early for that. */
type Between = () => Promise<void> | undefined

export class Gallery {
  readonly #slots = new Slots()
  readonly #rows: LaneRows
  #dimension = 0

  /** @param memoryBytesMax limit of the memory for rows @throws VultusError resource.exhausted */
  constructor(kernel: Kernel, memoryBytesMax: number) {
    this.#rows = new LaneRows(kernel, memoryBytesMax)
  }

  get size(): number {
    return this.#slots.size
  }

  get dimension(): number {
    return this.#dimension
  }

  /** Empties the gallery for rows that lie around a mean. @throws VultusError resource.exhausted with the old rows in place */
  begin(meanTemplate: Float32Array, rowsExpected: number): void {
    this.#rows.shape(meanTemplate, rowsExpected)
    this.#slots.clear()
    this.#dimension = meanTemplate.length
  }

  /**
   * Removes, then adds or replaces. Rows have been checked.
   * @param between awaited now and then, for the process to stay answerable
   * @throws VultusError resource.exhausted with nothing changed
   */
  async change(added: GalleryRows, removed: GalleryChange['removed'], between: Between): Promise<void> {
    this.#reserveFor(added.referenceNos, removed)
    for (const referenceNo of removed) {
      const slot = this.#slots.release(referenceNo)
      if (slot !== undefined) this.#rows.erase(slot)
    }
    for (const [index, referenceNo] of added.referenceNos.entries()) {
      if (index > 0 && index % rowsBetween === 0) await between()
      this.#rows.write(this.#slots.claim(referenceNo), added.templates.subarray(index * this.#dimension, (index + 1) * this.#dimension))
    }
  }

  /**
   * Every row whose exact score with the probe may reach the threshold, best bound first, ties by reference.
   * @param between awaited after every tile, for the process to stay answerable
   */
  async search(probe: Float32Array, threshold: number, between: Between): Promise<PossibleCandidate[]> {
    const candidates: PossibleCandidate[] = []
    const collect = (slot: number, scoreMax: number) => {
      const referenceNo = this.#slots.referenceNoAt(slot)
      if (referenceNo !== 0 && scoreMax >= threshold) candidates.push({ referenceNo, scoreMax })
    }
    this.#rows.lay(probe, threshold)
    try {
      for (let first = 0; first < this.#slots.high; first += tileRows) {
        if (first > 0) await between()
        this.#rows.scan(first, Math.min(tileRows, this.#slots.high - first), collect)
      }
    } finally {
      this.#rows.clear()
    }
    return candidates.sort((a, b) => b.scoreMax - a.scoreMax || a.referenceNo - b.referenceNo)
  }

  #reserveFor(added: Uint32Array, removed: Uint32Array): void {
    const leaving = new Set<number>()
    for (const referenceNo of removed) if (this.#slots.slotOf(referenceNo) !== undefined) leaving.add(referenceNo)
    const coming = new Set<number>()
    for (const referenceNo of added) if (leaving.has(referenceNo) || this.#slots.slotOf(referenceNo) === undefined) coming.add(referenceNo)
    this.#rows.reserve(this.#slots.slotsNeededFor(coming.size - leaving.size))
  }
}
