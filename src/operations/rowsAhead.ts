/**
 * The rows of an import, looked at a little ahead of the one that is being enrolled: while the vault commits one, the face process has
 * the next. At most so many are ahead, so that memory does not grow with the import and others do not wait long for the face process.
 */

import type { RowProblem } from '../contract/importRecords.ts'
import type { Sample } from '../contract/processes.ts'
import type { SourceRow } from './importPorts.ts'

/** What looking at a row has given; error is whatever looking at it threw. */
export type Looked =
  | { readonly samples: readonly Sample[] }
  | { readonly problem: RowProblem }
  | { readonly standing: 'skipped' | 'numberTaken' }
  | { readonly error: unknown }

export interface LookedRow {
  readonly row: SourceRow
  readonly looked: Promise<Looked>
}

export class RowsAhead {
  readonly #rows: AsyncIterator<SourceRow>
  readonly #look: (row: SourceRow) => Promise<Looked>
  readonly #aheadMax: number
  readonly #ahead: LookedRow[] = []
  #ended = false

  /** @param look never rejects */
  constructor(rows: AsyncIterator<SourceRow>, look: (row: SourceRow) => Promise<Looked>, aheadMax: number) {
    this.#rows = rows
    this.#look = look
    this.#aheadMax = aheadMax
  }

  /** The row that comes next, with what it gave; undefined behind the last. @throws what reading the list or folder throws */
  async head(): Promise<LookedRow | undefined> {
    while (!this.#ended && this.#ahead.length < this.#aheadMax) {
      const next = await this.#rows.next()
      if (next.done === true) this.#ended = true
      else this.#ahead.push({ row: next.value, looked: this.#look(next.value) })
    }
    return this.#ahead[0]
  }

  /** The head is done. */
  shift(): void {
    this.#ahead.shift()
  }

  async close(): Promise<void> {
    this.#ended = true
    const ahead = this.#ahead.splice(0)
    await Promise.all(ahead.map(({ looked }) => looked))
    await this.#rows.return?.(undefined)
  }
}
