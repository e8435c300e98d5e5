/**
 * Rows of one table that are inserted several by one statement: the numbers of the table, the pages that it changes and the notes of
 * the digest are then looked after once for all of them.
 */
import type Database from 'better-sqlite3'

/** With more rows in a statement SQLite gains nothing more. */
export const rowsPerStatement = 32

type Value = number | string | Buffer

/** @typeParam Row the values of one row, in the order of its columns */
export class RowsTogether<Row extends readonly Value[]> {
  readonly #one: Database.Statement<[readonly Value[]]>
  readonly #several: Database.Statement<[readonly Value[]]>
  #waiting: Row[] = []

  /** @param into 'INSERT INTO table (columns) VALUES' @param row the values of one row, each '?' or a literal */
  constructor(database: Database.Database, into: string, row: string) {
    this.#one = database.prepare(`${into} ${row}`)
    this.#several = database.prepare(`${into} ${Array(rowsPerStatement).fill(row).join(', ')}`)
  }

  /** Inserts one row now. */
  insert(row: Row): void {
    this.#one.run(row)
  }

  /** @param later whether flush() inserts the row with others; its buffers are kept until then */
  put(row: Row, later: boolean): void {
    if (later) this.#waiting.push(row)
    else this.insert(row)
  }

  flush(): void {
    const rows = this.#waiting
    this.#waiting = []
    let at = 0
    for (; at + rowsPerStatement <= rows.length; at += rowsPerStatement)
      this.#several.run(rows.slice(at, at + rowsPerStatement).flat() as Value[])
    for (const row of rows.slice(at)) this.insert(row)
  }

  /** Forgets what waits, after the transaction of it has failed. */
  drop(): void {
    this.#waiting = []
  }
}
