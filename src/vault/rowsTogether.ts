/**
 * Rows of one table that are inserted several by one statement: the numbers of the table, the pages that it changes and the notes of
 * the digest are then looked after once for all of them.
 */
import type Database from 'better-sqlite3'

/** Rows of one statement, the most first: what is left over takes the next. */
const rowsPerStatement = [100, 10, 1] as const

type Value = number | string | Buffer

/** @typeParam Row the values of one row, in the order of its columns */
export class RowsTogether<Row extends readonly Value[]> {
  readonly #statements: readonly { readonly rows: number; readonly statement: Database.Statement<[readonly Value[]]> }[]
  readonly #one: Database.Statement<[readonly Value[]]>
  /** Values of the rows, one after the other: an array for each row would be the collector's work. */
  #waiting: Value[] = []
  #rowsWaiting = 0

  /** @param into 'INSERT INTO table (columns) VALUES' @param row the values of one row, each '?' or a literal */
  constructor(database: Database.Database, into: string, row: string) {
    this.#one = database.prepare(`${into} ${row}`)
    this.#statements = rowsPerStatement.map((rows) => ({
      rows,
      statement: rows === 1 ? this.#one : database.prepare(`${into} ${Array(rows).fill(row).join(', ')}`),
    }))
  }

  /** Inserts one row now. */
  insert(row: Row): void {
    this.#one.run(row)
  }

  /** @param later whether flush() inserts the row with others; its buffers are kept until then */
  put(row: Row, later: boolean): void {
    if (later) {
      this.#waiting.push(...row)
      this.#rowsWaiting += 1
    } else this.insert(row)
  }

  flush(): void {
    const values = this.#waiting
    const rowCount = this.#rowsWaiting
    this.drop()
    if (rowCount === 0) return
    const width = values.length / rowCount
    let at = 0
    for (const { rows, statement } of this.#statements)
      for (; at + rows <= rowCount; at += rows) statement.run(rows === rowCount ? values : values.slice(at * width, (at + rows) * width))
  }

  /** Forgets what waits, after the transaction of it has failed. */
  drop(): void {
    this.#waiting = []
    this.#rowsWaiting = 0
  }
}
