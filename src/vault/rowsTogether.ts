/**
 * Rows of one table that are inserted several by one statement: the numbers of the table, the pages that it changes and the values that
 * the rows have in common are then looked after once for all of them.
 */
import type Database from 'better-sqlite3'

/** Rows of one statement, the most first: what is left over takes the next. */
const rowsPerStatement = [100, 10, 1] as const

type Value = number | string | Buffer

/** Rows that follow each other and have these values in common. */
interface Run<Shared> {
  readonly shared: Shared
  /** Their own values, one row after the other: an array for each row would be the collector's work. */
  readonly values: Value[]
  rows: number
}

/**
 * @typeParam Own the own values of a row, in the order of their columns
 * @typeParam Shared what rows that come together mostly have in common, by column
 */
export class RowsTogether<Own extends readonly Value[], Shared extends Readonly<Record<string, Value>> = Readonly<Record<never, Value>>> {
  readonly #width: number
  readonly #shared: readonly (keyof Shared & string)[]
  readonly #statements: readonly { readonly rows: number; readonly statement: Database.Statement<unknown[]> }[]
  #waiting: Run<Shared>[] = []

  /**
   * @param into 'INSERT INTO' and the table
   * @param columns of own values, then those that are shared
   */
  constructor(database: Database.Database, into: string, columns: { own: readonly string[]; shared?: readonly (keyof Shared & string)[] }) {
    const { own, shared = [] } = columns
    const row = `(${[...own.map(() => '?'), ...shared.map((column) => `@${column}`)].join(', ')})`
    this.#width = own.length
    this.#shared = shared
    this.#statements = rowsPerStatement.map((rows) => ({
      rows,
      statement: database.prepare(`${into} (${[...own, ...shared].join(', ')}) VALUES ${Array(rows).fill(row).join(', ')}`),
    }))
  }

  /** @param later whether flush() inserts the row with others; its buffers are kept until then */
  put(own: Own, shared: Shared, later: boolean): void {
    if (!later) return void this.#insert({ shared, values: [...own], rows: 1 })
    let run = this.#waiting.at(-1)
    if (run === undefined || this.#shared.some((column) => run?.shared[column] !== shared[column])) {
      run = { shared, values: [], rows: 0 }
      this.#waiting.push(run)
    }
    run.values.push(...own)
    run.rows += 1
  }

  /** Inserts what waits, in the order in which it came. */
  flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const run of waiting) this.#insert(run)
  }

  /** Forgets what waits, after the transaction of it has failed. */
  drop(): void {
    this.#waiting = []
  }

  #insert({ shared, values, rows: count }: Run<Shared>): void {
    const named = this.#shared.length === 0 ? [] : [shared]
    let at = 0
    for (const { rows, statement } of this.#statements)
      for (; at + rows <= count; at += rows)
        statement.run(rows === count ? values : values.slice(at * this.#width, (at + rows) * this.#width), ...named)
  }
}
