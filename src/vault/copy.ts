/**
 * A copy of the whole database, table by table, in pieces between which others get their turn; and the proof that it is
 * one: as many rows, and the same digest over all values of each table.
 */
import { createHash, type Hash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'

const rowsPerTurn = 512

interface SchemaRow {
  readonly type: string
  readonly name: string
  readonly sql: string
}

type Value = bigint | number | string | Buffer | null

/** What goes on while a copy is made. */
export interface CopyWatch {
  /** Rows copied and read back; each row counts twice. */
  onProgress(done: number, total: number): void
  /** Aborted: the copy is given up. */
  readonly signal: AbortSignal
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

function schemaOf(database: Database.Database): SchemaRow[] {
  return database
    .prepare<[], SchemaRow>(`SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'`)
    .all()
}

const tableNames = (schema: readonly SchemaRow[]) => schema.filter(({ type }) => type === 'table').map(({ name }) => name)

/** sqlite_sequence holds the numbers that must not be used again; it comes with the first AUTOINCREMENT table. */
function tablesOf(database: Database.Database): string[] {
  const sequence = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'`).get() !== undefined
  return [...tableNames(schemaOf(database)), ...(sequence ? ['sqlite_sequence'] : [])]
}

const countOf = (database: Database.Database, table: string) =>
  database
    .prepare<[], number>(`SELECT count(*) FROM ${quoted(table)}`)
    .pluck()
    .get() ?? 0

function* rowsOf(database: Database.Database, table: string): Generator<Value[]> {
  yield* database
    .prepare<[], Value[]>(`SELECT * FROM ${quoted(table)}`)
    .raw()
    .safeIntegers()
    .iterate()
}

function digestRow(hash: Hash, row: readonly Value[]): void {
  for (const value of row) {
    const bytes = value instanceof Buffer ? value : Buffer.from(String(value))
    hash.update(`${value === null ? 'null' : value instanceof Buffer ? 'blob' : typeof value}:${bytes.length}:`).update(bytes)
  }
}

class Turns {
  readonly #watch: CopyWatch
  readonly #total: number
  #done = 0

  constructor(watch: CopyWatch, total: number) {
    this.#watch = watch
    this.#total = total
  }

  async next(): Promise<void> {
    this.#done += 1
    if (this.#done % rowsPerTurn !== 0) return
    this.#watch.onProgress(this.#done, this.#total)
    await nextTurn()
    this.#watch.signal.throwIfAborted()
  }
}

async function copyTable(source: Database.Database, target: Database.Database, table: string, turns: Turns): Promise<string> {
  const hash = createHash('sha256')
  let insert: Database.Statement<Value[]> | undefined
  for (const row of rowsOf(source, table)) {
    insert ??= target.prepare(`INSERT INTO ${quoted(table)} VALUES (${row.map(() => '?').join(', ')})`)
    insert.run(...row)
    digestRow(hash, row)
    await turns.next()
  }
  return hash.digest('hex')
}

async function digestTable(database: Database.Database, table: string, turns: Turns): Promise<string> {
  const hash = createHash('sha256')
  for (const row of rowsOf(database, table)) {
    digestRow(hash, row)
    await turns.next()
  }
  return hash.digest('hex')
}

/**
 * Copies everything into an empty database; nobody writes to the source meanwhile.
 * @returns the rows copied and read back, as the progress counts them
 * @throws vault.damaged where the copy is not the same; the signal's reason when it is aborted
 */
export async function copyDatabase(source: Database.Database, target: Database.Database, watch: CopyWatch): Promise<number> {
  const tables = tablesOf(source)
  const counts = new Map(tables.map((table) => [table, countOf(source, table)]))
  const total = 2 * [...counts.values()].reduce((sum, count) => sum + count, 0)
  const turns = new Turns(watch, total)
  target.pragma(`auto_vacuum = ${Number(source.pragma('auto_vacuum', { simple: true }))}`)
  const schema = schemaOf(source)
  const digests = new Map<string, string>()
  target.exec('BEGIN')
  for (const { type, sql } of schema) if (type === 'table') target.exec(sql)
  for (const table of tables) {
    if (table === 'sqlite_sequence') target.exec('DELETE FROM sqlite_sequence')
    digests.set(table, await copyTable(source, target, table, turns))
  }
  for (const { type, sql } of schema) if (type !== 'table') target.exec(sql)
  target.exec('COMMIT')
  for (const name of ['user_version', 'application_id']) target.pragma(`${name} = ${Number(source.pragma(name, { simple: true }))}`)
  for (const table of tables) {
    const same = countOf(target, table) === counts.get(table) && (await digestTable(target, table, turns)) === digests.get(table)
    if (!same) throw new VultusError('vault.damaged', `the copy of ${table}`)
  }
  if (target.pragma('integrity_check(1)', { simple: true }) !== 'ok') throw new VultusError('vault.damaged', 'the copy')
  watch.onProgress(total, total)
  return total
}
