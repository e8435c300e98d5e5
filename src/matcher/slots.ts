/**
 * Which slot belongs to which reference, and which slots are free.
 * 1. A reference number has at most one slot here: that of its newest row.
 * 2. Free slots are used again before new ones, so slots stay dense; high is one past the highest slot ever used.
 * 3. Tables are split into partitions: growing copies one of them.
 */

const partitionShift = 26
const partitions = 1 << (32 - partitionShift)
const tableMin = 16
/** Share of a table in use, beyond which it grows. */
const fillMax = 0.75

interface Partition {
  /** Slot + 1; 0 is empty. */
  table: Uint32Array
  used: number
}

const hashOf = (referenceNo: number) => Math.imul(referenceNo, 0x9e3779b1) >>> 0

export class Slots {
  readonly #referenceNoAt: (slot: number) => number
  readonly #partitions: Partition[] = Array.from({ length: partitions }, () => ({ table: new Uint32Array(tableMin), used: 0 }))
  readonly #free: number[] = []
  #size = 0
  #high = 0

  /** @param referenceNoAt the reference in a slot that was kept here */
  constructor(referenceNoAt: (slot: number) => number) {
    this.#referenceNoAt = referenceNoAt
  }

  /** References held. */
  get size(): number {
    return this.#size
  }

  /** Slots from 0 to this one (not included) may hold rows. */
  get high(): number {
    return this.#high
  }

  /** How many slots there have to be to hold that many rows more. */
  slotsNeededFor(more: number): number {
    return this.#high + Math.max(0, more - this.#free.length)
  }

  /** How many slots there have to be to take a run of that many. */
  slotsNeededForRun(count: number, step: number): number {
    return Math.ceil(this.#high / step) * step + count
  }

  /** A slot that nobody uses. */
  take(): number {
    return this.#free.pop() ?? this.#high++
  }

  /** So many slots that were never used, one after the other from a multiple of `step` on; what is passed over for that is free. */
  takeRun(count: number, step: number): number {
    const first = Math.ceil(this.#high / step) * step
    for (let slot = this.#high; slot < first; slot++) this.#free.push(slot)
    this.#high = first + count
    return first
  }

  /** Gives a slot back that no reference has any more. */
  give(slot: number): void {
    this.#free.push(slot)
  }

  slotOf(referenceNo: number): number | undefined {
    const { table } = this.#partitionOf(referenceNo)
    const at = this.#find(table, referenceNo)
    return table[at] === 0 ? undefined : table[at]! - 1
  }

  /** Keeps a reference's slot, instead of the one it had. The slot holds the reference's number. */
  keep(referenceNo: number, slot: number): void {
    const partition = this.#partitionOf(referenceNo)
    const at = this.#find(partition.table, referenceNo)
    const isNew = partition.table[at] === 0
    partition.table[at] = slot + 1
    if (!isNew) return
    this.#size += 1
    partition.used += 1
    if (partition.used > partition.table.length * fillMax) this.#growTable(partition)
  }

  /** @returns the slot it had; it still holds the reference's number */
  forget(referenceNo: number): number | undefined {
    const partition = this.#partitionOf(referenceNo)
    const { table } = partition
    let gap = this.#find(table, referenceNo)
    if (table[gap] === 0) return undefined
    const slot = table[gap]! - 1
    const mask = table.length - 1
    // What follows without a gap moves up, so that every entry stays reachable from its place.
    for (let at = (gap + 1) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const home = hashOf(this.#referenceNoAt(table[at]! - 1)) & mask
      if (((at - home) & mask) < ((at - gap) & mask)) continue
      table[gap] = table[at]!
      gap = at
    }
    table[gap] = 0
    partition.used -= 1
    this.#size -= 1
    return slot
  }

  #partitionOf(referenceNo: number): Partition {
    return this.#partitions[hashOf(referenceNo) >>> partitionShift]!
  }

  /** Where the reference is, or where it would go. */
  #find(table: Uint32Array, referenceNo: number): number {
    const mask = table.length - 1
    let at = hashOf(referenceNo) & mask
    while (table[at] !== 0 && this.#referenceNoAt(table[at]! - 1) !== referenceNo) at = (at + 1) & mask
    return at
  }

  #growTable(partition: Partition): void {
    const before = partition.table
    partition.table = new Uint32Array(before.length * 2)
    for (const entry of before) {
      if (entry !== 0) partition.table[this.#find(partition.table, this.#referenceNoAt(entry - 1))] = entry
    }
  }
}
