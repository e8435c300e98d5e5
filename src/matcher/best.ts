/** The highest few of many numbers: a heap with the smallest of them on top. */
export class Best {
  readonly #limit: number
  readonly #heap: number[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  /** The smallest of the best, once there are as many as wanted: no number below it is among them. */
  get floor(): number {
    return this.#heap.length < this.#limit ? Number.NEGATIVE_INFINITY : this.#heap[0]!
  }

  add(value: number): void {
    const heap = this.#heap
    if (heap.length < this.#limit) {
      let at = heap.push(value) - 1
      for (let above = (at - 1) >> 1; at > 0 && heap[above]! > value; above = (at - 1) >> 1) {
        heap[at] = heap[above]!
        at = above
      }
      heap[at] = value
    } else if (value > heap[0]!) {
      this.#sink(value)
    }
  }

  #sink(value: number): void {
    const heap = this.#heap
    let at = 0
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      if (below + 1 < heap.length && heap[below + 1]! < heap[below]!) below += 1
      if (heap[below]! >= value) break
      heap[at] = heap[below]!
      at = below
    }
    heap[at] = value
  }
}
