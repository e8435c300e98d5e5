/** The limit that all galleries share. */
import { VultusError } from '../contract/errors.ts'

export class Budget {
  readonly #bytesMax: number
  #used = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** @throws VultusError resource.exhausted */
  take(bytes: number): void {
    if (this.#used + bytes > this.#bytesMax)
      throw new VultusError('resource.exhausted', `the gallery is limited to ${this.#bytesMax} bytes`)
    this.#used += bytes
  }

  /** Takes what was given a moment ago, even beyond the limit: it is about to be given for good. */
  takeBack(bytes: number): void {
    this.#used += bytes
  }

  give(bytes: number): void {
    this.#used -= bytes
  }
}
