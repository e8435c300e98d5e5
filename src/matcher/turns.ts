/** One thing at a time, in the order of asking. */
import { VultusError } from '../contract/errors.ts'

/** Calls that may wait for their turn. */
export const waitingMax = 1_024

export class Turns {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** Runs when all that was asked before has ended, well or not. @throws VultusError rate.limited when too many wait */
  async take<T>(run: () => Promise<T> | T): Promise<T> {
    if (this.#waiting >= waitingMax) throw new VultusError('rate.limited', `${waitingMax} calls are waiting`)
    this.#waiting++
    const turn = this.#last.then(run)
    this.#last = turn.then(
      () => this.#waiting--,
      () => this.#waiting--,
    )
    return turn
  }
}
