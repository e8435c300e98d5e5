/** Runs work when nothing has been written for a while, again after each pause and when the work asks for it, until it is stopped. */
const idleMs = 5_000

export class IdleWork {
  readonly #run: () => Promise<number | undefined>
  #timer: NodeJS.Timeout | undefined
  #later: NodeJS.Timeout | undefined
  #running = false
  #stopped = false

  /** @param run never rejects; gives milliseconds after which it wants to run again although nothing was written */
  constructor(run: () => Promise<number | undefined>) {
    this.#run = run
  }

  /** There may be something to do, as soon as it has been quiet for a while. */
  note(): void {
    if (this.#stopped) return
    if (this.#timer) this.#timer.refresh()
    else this.#timer = setTimeout(() => void this.#begin(), idleMs).unref()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    clearTimeout(this.#later)
    this.#timer = undefined
  }

  async #begin(): Promise<void> {
    this.#timer = undefined
    if (this.#running) return this.note()
    this.#running = true
    const againMs = await this.#run()
    this.#running = false
    if (againMs === undefined || this.#stopped) return
    clearTimeout(this.#later)
    this.#later = setTimeout(() => this.note(), againMs).unref()
  }
}
