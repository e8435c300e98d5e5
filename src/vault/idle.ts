/** Runs work when nothing has been written for a while, again after each pause, until it is stopped. */
const idleMs = 5_000

export class IdleWork {
  readonly #run: () => Promise<void>
  #timer: NodeJS.Timeout | undefined
  #running = false
  #stopped = false

  /** @param run never rejects */
  constructor(run: () => Promise<void>) {
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
    this.#timer = undefined
  }

  async #begin(): Promise<void> {
    this.#timer = undefined
    if (this.#running) return this.note()
    this.#running = true
    await this.#run()
    this.#running = false
  }
}
