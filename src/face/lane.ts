/** One picture at a time: what is decoded and looked at together would have to fit into memory together. */
import { VultusError } from '../contract/errors.ts'

/** Bytes of pictures that may wait; more are refused at once instead of being held. */
export const waitingBytesMax = 192 * 1024 * 1024
const waitingCallsMax = 256

export class Lane {
  #tail: Promise<unknown> = Promise.resolve()
  #calls = 0
  #bytes = 0

  /** Whether something runs or waits. */
  get busy(): boolean {
    return this.#calls > 0
  }

  /**
   * Runs after everything that came before it.
   * @throws VultusError rate.limited where too much waits already
   */
  run<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (this.#calls >= waitingCallsMax || (this.#calls > 0 && this.#bytes + bytes > waitingBytesMax)) throw new VultusError('rate.limited')
    this.#calls++
    this.#bytes += bytes
    const result = this.#tail.then(work).finally(() => {
      this.#calls--
      this.#bytes -= bytes
    })
    this.#tail = result.catch(() => undefined)
    return result
  }
}
