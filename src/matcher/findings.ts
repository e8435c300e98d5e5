/** What a thread found for one query: (slot, upper score, lower score) one after another, in memory that can be handed over. */
const numbersOfEach = 3
const startLength = 64 * numbersOfEach

export class Findings {
  #data = new Float64Array(startLength)
  #length = 0

  get count(): number {
    return this.#length / numbersOfEach
  }

  add(slot: number, scoreMax: number, scoreMin: number): void {
    if (this.#length === this.#data.length) {
      const longer = new Float64Array(this.#data.length * 2)
      longer.set(this.#data)
      this.#data = longer
    }
    const data = this.#data
    data[this.#length++] = slot
    data[this.#length++] = scoreMax
    data[this.#length++] = scoreMin
  }

  /** Drops what is below a floor that has risen. */
  keepFrom(floor: number): void {
    const data = this.#data
    let to = 0
    for (let at = 0; at < this.#length; at += numbersOfEach) {
      if (data[at + 1]! < floor) continue
      data.copyWithin(to, at, at + numbersOfEach)
      to += numbersOfEach
    }
    this.#length = to
  }

  /** The numbers in a buffer of their own. */
  take(): Float64Array<ArrayBuffer> {
    return this.#data.slice(0, this.#length)
  }
}

/** Calls for each finding. */
export function eachFinding(data: Float64Array, call: (slot: number, scoreMax: number, scoreMin: number) => void): void {
  for (let at = 0; at < data.length; at += numbersOfEach) call(data[at]!, data[at + 1]!, data[at + 2]!)
}
