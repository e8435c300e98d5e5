/**
 * Which row of the gallery's memory belongs to which reference.
 * 1. A slot in use has a reference number of 1 or more, a free one has 0.
 * 2. A reference number has at most one slot.
 * 3. Free slots are used again before new ones, so slots stay dense; high is one past the highest slot ever used.
 */

const chunkShift = 16
const chunkSlots = 1 << chunkShift

export class Slots {
  readonly #slotOf = new Map<number, number>()
  /** Chunks of equal length: growing adds one and copies nothing. */
  readonly #referenceNos: Uint32Array[] = []
  readonly #free: number[] = []
  #high = 0

  /** References held. */
  get size(): number {
    return this.#slotOf.size
  }

  /** Slots from 0 to this one (not included) may hold rows. */
  get high(): number {
    return this.#high
  }

  slotOf(referenceNo: number): number | undefined {
    return this.#slotOf.get(referenceNo)
  }

  /** The reference in a slot, 0 for a free one. */
  referenceNoAt(slot: number): number {
    return this.#referenceNos[slot >>> chunkShift]?.[slot & (chunkSlots - 1)] ?? 0
  }

  /** How many slots there have to be to hold that many references more. */
  slotsNeededFor(more: number): number {
    return this.#high + Math.max(0, more - this.#free.length)
  }

  /** The slot of a reference: the one it has, else a free one, else the next. */
  claim(referenceNo: number): number {
    const held = this.#slotOf.get(referenceNo)
    if (held !== undefined) return held
    const slot = this.#free.pop() ?? this.#high++
    const chunk = slot >>> chunkShift
    if (chunk === this.#referenceNos.length) this.#referenceNos.push(new Uint32Array(chunkSlots))
    this.#referenceNos[chunk]![slot & (chunkSlots - 1)] = referenceNo
    this.#slotOf.set(referenceNo, slot)
    return slot
  }

  /** @returns the slot that became free, undefined where the reference had none */
  release(referenceNo: number): number | undefined {
    const slot = this.#slotOf.get(referenceNo)
    if (slot === undefined) return undefined
    this.#slotOf.delete(referenceNo)
    this.#referenceNos[slot >>> chunkShift]![slot & (chunkSlots - 1)] = 0
    this.#free.push(slot)
    return slot
  }

  clear(): void {
    this.#slotOf.clear()
    this.#referenceNos.length = 0
    this.#free.length = 0
    this.#high = 0
  }
}
