/**
 * The rows of one model: changes by generations, and searches that each see one of them, whole.
 * 1. A change is made whole or not at all: memory is reserved before the first row is written.
 * 2. Rows that a change writes or ends carry the generation that it will make; no search sees it before the last row is done.
 * 3. A place is used again when every search that may see its old row has ended.
 * 4. Changes take effect in the order of asking.
 */
import { VultusError } from '../contract/errors.ts'
import type { GalleryLabels } from '../contract/processes.ts'
import type { GalleryBlock } from '../core/gallery/block.ts'
import { blockRows } from '../core/gallery/rowLayout.ts'
import type { BatchQuery, GalleryHandle, RowsToAdd, SearchAnswer, SearchOptions } from './api.ts'
import { Planner } from './planner.ts'
import type { Rows } from './rows.ts'
import { Slots } from './slots.ts'

/** Changes hand the process over to other calls after working this long. */
const workMsMax = 10
const rowsBetween = 32

/** Who searches galleries (searches.ts). */
export interface Searcher {
  ask(gallery: Gallery, query: BatchQuery): Promise<SearchAnswer>
  stream(gallery: Gallery): Promise<{ ms: number; bytes: number }>
  /** The gallery has changed. */
  expect(gallery: Gallery): void
  /** The gallery is given up, and nobody reads it. */
  forget(gallery: Gallery): void
}

export class Gallery implements GalleryHandle {
  readonly model: string
  readonly number: number
  readonly rows: Rows
  readonly planner: Planner
  readonly #searches: Searcher
  readonly #slots: Slots
  #sequence: number
  #generation = 1
  #size = 0
  #lastChange: Promise<unknown> = Promise.resolve()
  #dropped = false
  /** Generations that searches are reading, with how many do. */
  readonly #reading = new Map<number, number>()
  /** Rows that ended, oldest first. */
  #ended: { slot: number; died: number }[] = []
  #onIdle: (() => void) | undefined

  constructor(options: { model: string; number: number; rows: Rows; sequence: number; searches: Searcher }) {
    this.model = options.model
    this.number = options.number
    this.rows = options.rows
    this.planner = new Planner(options.rows.shape.dimension)
    this.#sequence = options.sequence
    this.#searches = options.searches
    this.#slots = new Slots((slot) => this.rows.referenceNoAt(slot))
  }

  get dimension(): number {
    return this.rows.shape.dimension
  }

  get size(): number {
    return this.#size
  }

  get sequence(): number {
    return this.#sequence
  }

  get memoryBytes(): number {
    return this.rows.memoryBytes
  }

  get slotsUsed(): number {
    return this.#slots.high
  }

  /** Whether it holds this reference at the present sequence, once the changes before are made. */
  has(referenceNo: number): boolean {
    return this.#slots.slotOf(referenceNo) !== undefined
  }

  /** Makes room. @throws VultusError resource.exhausted */
  reserve(more: number): void {
    this.rows.reserve(this.#slots.slotsNeededFor(more))
  }

  async change(added: RowsToAdd, removed: Uint32Array, sequence: number, relabelled?: GalleryLabels): Promise<void> {
    const turn = this.#lastChange.then(() => this.#change(added, removed, sequence, relabelled))
    this.#lastChange = turn.catch(() => undefined)
    return turn
  }

  async #change(
    { referenceNos, templates, labels }: RowsToAdd,
    removed: Uint32Array,
    sequence: number,
    relabelled: GalleryLabels | undefined,
  ): Promise<void> {
    this.#refuseDropped()
    this.#reclaim()
    this.reserve(referenceNos.length + (relabelled?.referenceNos.length ?? 0))
    const next = this.#generation + 1
    const pause = breather()
    for (const referenceNo of removed) this.#end(this.#slots.forget(referenceNo), next)
    for (const [index, referenceNo] of referenceNos.entries()) {
      if (index % rowsBetween === rowsBetween - 1) await pause()
      this.#refuseDropped()
      const before = this.#slots.slotOf(referenceNo)
      const slot = this.#slots.take()
      this.rows.write(slot, templates, index * this.dimension, referenceNo, labels?.[index] ?? 0, next)
      this.#end(before, next)
      this.#slots.keep(referenceNo, slot)
    }
    this.rows.wipe()
    if (relabelled !== undefined) this.#relabel(relabelled, next)
    this.#publish(next, sequence)
  }

  /** Searches of the generation before go on seeing the label before: the row is written once more. */
  #relabel({ referenceNos, labels }: GalleryLabels, next: number): void {
    for (const [index, referenceNo] of referenceNos.entries()) {
      const before = this.#slots.slotOf(referenceNo)
      if (before === undefined || this.rows.labelAt(before) === labels[index]) continue
      const slot = this.#slots.take()
      this.rows.repeat(before, slot, labels[index]!, next)
      this.#end(before, next)
      this.#slots.keep(referenceNo, slot)
    }
  }

  async label({ referenceNos, labels }: GalleryLabels): Promise<void> {
    const turn = this.#lastChange.then(() => {
      this.#refuseDropped()
      for (let index = 0; index < referenceNos.length; index++) {
        const slot = this.#slots.slotOf(referenceNos[index]!)
        if (slot !== undefined) this.rows.label(slot, labels[index]!)
      }
    })
    this.#lastChange = turn.catch(() => undefined)
    return turn
  }

  async load(block: GalleryBlock, without: Uint32Array): Promise<void> {
    const turn = this.#lastChange.then(() => this.#load(block, new Set(without)))
    this.#lastChange = turn.catch(() => undefined)
    return turn
  }

  #load(block: GalleryBlock, without: ReadonlySet<number>): void {
    this.#refuseDropped()
    this.#reclaim()
    const { referenceNos } = block
    const places = Math.ceil(referenceNos.length / blockRows) * blockRows
    this.rows.reserve(this.#slots.slotsNeededForRun(places, blockRows))
    const next = this.#generation + 1
    const first = this.#slots.takeRun(places, blockRows)
    this.rows.copy(first, block, next)
    // Iterators would leave more behind than the rows take.
    for (let index = 0; index < referenceNos.length; index++) {
      const referenceNo = referenceNos[index]!
      if (without.has(referenceNo)) {
        this.rows.erase(first + index)
        this.#slots.give(first + index)
        continue
      }
      this.#end(this.#slots.slotOf(referenceNo), next)
      this.#slots.keep(referenceNo, first + index)
    }
    // The block brought them as free places.
    for (let slot = first + referenceNos.length; slot < first + places; slot++) this.#slots.give(slot)
    this.#publish(next, this.#sequence)
  }

  /** From here on searches see generation `next`. */
  #publish(next: number, sequence: number): void {
    this.#generation = next
    this.#sequence = sequence
    this.#size = this.#slots.size
    this.#reclaim()
    this.#searches.expect(this)
  }

  search(probe: Float32Array, options: SearchOptions): Promise<SearchAnswer> {
    return this.#searches.ask(this, { probe, ...options })
  }

  searchBatch(queries: readonly BatchQuery[]): Promise<SearchAnswer[]> {
    return Promise.all(queries.map((query) => this.#searches.ask(this, query)))
  }

  stream(): Promise<{ ms: number; bytes: number }> {
    return this.#searches.stream(this)
  }

  /** Lets a search see the gallery as it is now; `release` ends that. @throws VultusError gallery.notReady */
  hold(): Snapshot {
    this.#refuseDropped()
    const generation = this.#generation
    this.#reading.set(generation, (this.#reading.get(generation) ?? 0) + 1)
    return { generation, sequence: this.#sequence, size: this.#size, slots: this.#slots.high }
  }

  release({ generation }: Snapshot): void {
    const readers = this.#reading.get(generation)! - 1
    if (readers > 0) this.#reading.set(generation, readers)
    else this.#reading.delete(generation)
    this.#reclaim()
    if (this.#reading.size === 0) this.#onIdle?.()
  }

  async drop(): Promise<void> {
    if (this.#dropped) return
    this.#dropped = true
    await this.#lastChange
    if (this.#reading.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve
      })
    }
    this.#searches.forget(this)
    this.rows.drop()
  }

  #end(slot: number | undefined, died: number): void {
    if (slot === undefined) return
    this.rows.end(slot, died)
    this.#ended.push({ slot, died })
  }

  /** Frees the places of rows that nobody sees any more. */
  #reclaim(): void {
    if (this.#dropped || this.#ended.length === 0) return
    let oldest = this.#generation
    for (const generation of this.#reading.keys()) oldest = Math.min(oldest, generation)
    let count = 0
    for (const { slot, died } of this.#ended) {
      if (died > oldest) break
      this.rows.erase(slot)
      this.#slots.give(slot)
      count += 1
    }
    if (count > 0) this.#ended = this.#ended.slice(count)
  }

  #refuseDropped(): void {
    if (this.#dropped) throw new VultusError('gallery.notReady', 'the gallery was given up')
  }
}

/** What one search sees. */
export interface Snapshot {
  readonly generation: number
  readonly sequence: number
  readonly size: number
  readonly slots: number
}

/** Lets waiting messages in whenever the work since the last time was long enough. */
function breather(): () => Promise<void> | undefined {
  let since = performance.now()
  return () => {
    if (performance.now() - since < workMsMax) return undefined
    return new Promise((resolve) =>
      setImmediate(() => {
        since = performance.now()
        resolve()
      }),
    )
  }
}
