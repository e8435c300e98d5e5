/** How many records an unknown caller may cause: so many at once, then one for each interval. What is left out is counted. */
export class RecordBudget {
  readonly #burst: number
  readonly #everyMs: number
  #left: number
  #filledMs: number | undefined
  #unrecorded = 0

  constructor({ burst, everyMs }: { burst: number; everyMs: number }) {
    this.#burst = burst
    this.#everyMs = everyMs
    this.#left = burst
  }

  /**
   * Asks for one record.
   * @param nowMs a clock that goes forward, milliseconds
   * @returns how many were left out since the last record, for this one to tell; undefined where this one is left out too
   */
  take(nowMs: number): number | undefined {
    this.#fill(nowMs)
    if (this.#left < 1) {
      this.#unrecorded += 1
      return undefined
    }
    this.#left -= 1
    return this.flush()
  }

  /** How many were left out since the last record; they count as told. */
  flush(): number {
    const unrecorded = this.#unrecorded
    this.#unrecorded = 0
    return unrecorded
  }

  #fill(nowMs: number): void {
    const filledMs = this.#filledMs ?? nowMs
    // A clock that was set back gives nothing and takes nothing.
    const more = Math.max(0, Math.floor((nowMs - filledMs) / this.#everyMs))
    this.#left = Math.min(this.#burst, this.#left + more)
    this.#filledMs = nowMs < filledMs ? nowMs : filledMs + more * this.#everyMs
  }
}
