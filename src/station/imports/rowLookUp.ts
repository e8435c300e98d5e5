/**
 * Finds rows of an import in its folder or list again, by their numbers. Reports ask for page after page, so the reading goes on where
 * the page before ended. A row counts only where it has the mark with which it was imported.
 */
import { VultusError } from '../../contract/errors.ts'
import type { ImportSettings } from '../../contract/importRecords.ts'
import type { SourceRow } from '../../operations/importPorts.ts'
import { rowsOf } from './source.ts'

/** How long a folder or list is kept open for the next page. */
const keptOpenMs = 30_000

export interface WantedRow {
  readonly row: number
  /** null: nothing may be told of it any more. */
  readonly mark: string | null
}

interface Reading {
  readonly job: string
  readonly rows: AsyncGenerator<SourceRow>
  /** Number of the row that was read last. */
  at: number
}

export class RowLookUp {
  #reading: Reading | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #closing: NodeJS.Timeout | undefined

  /**
   * @param wanted in the order of their numbers
   * @returns the rows that are there as they were imported; readable is false where any is not
   */
  find(
    job: string,
    settings: ImportSettings,
    wanted: readonly WantedRow[],
  ): Promise<{ readable: boolean; rows: ReadonlyMap<number, SourceRow> }> {
    const found = this.#turn.then(() => this.#find(job, settings, wanted))
    this.#turn = found.catch(() => undefined)
    return found
  }

  /** One row as it was imported. @throws VultusError import.sourceChanged */
  async one(job: string, settings: ImportSettings, wanted: WantedRow): Promise<SourceRow> {
    const { rows } = await this.find(job, settings, [wanted])
    const row = rows.get(wanted.row)
    if (row === undefined) throw new VultusError('import.sourceChanged')
    return row
  }

  async close(): Promise<void> {
    clearTimeout(this.#closing)
    const reading = this.#reading
    this.#reading = undefined
    await reading?.rows.return(undefined)
  }

  async #find(job: string, settings: ImportSettings, wanted: readonly WantedRow[]) {
    const rows = new Map<number, SourceRow>()
    let readable = true
    try {
      for (const { row, mark } of wanted) {
        if (mark === null) continue
        const found = await this.#read(job, settings, row)
        if (found?.mark === mark) rows.set(row, found)
        else readable = false
      }
    } catch (error) {
      if (!(error instanceof VultusError)) throw error
      readable = false
    }
    if (!readable) await this.close()
    clearTimeout(this.#closing)
    this.#closing = setTimeout(() => void this.#turn.then(() => this.close()), keptOpenMs).unref()
    return { readable, rows }
  }

  async #read(job: string, settings: ImportSettings, row: number): Promise<SourceRow | undefined> {
    if (this.#reading !== undefined && (this.#reading.job !== job || this.#reading.at >= row)) await this.close()
    this.#reading ??= { job, rows: rowsOf(settings), at: 0 }
    const reading = this.#reading
    for (;;) {
      const next = await reading.rows.next()
      if (next.done === true) return undefined
      reading.at = next.value.row
      if (reading.at === row) return next.value
    }
  }
}
