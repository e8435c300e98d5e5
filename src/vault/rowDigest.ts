/**
 * A digest over the rows of the vault, so that an older page or row that is put back is found.
 *
 * Each page of the database has a tag, but no age: SQLite takes an older copy of a page of the same place for the page. So
 * the vault keeps the sum (modulo 2^256) of a keyed hash of each row: a row that comes is added and one that goes is taken
 * off, whatever the order (a multiset hash: Clarke et al., "Incremental multiset hash functions", ASIACRYPT 2003).
 *
 * 1. Triggers of this connection note each row that comes, changes or goes, so that no way of writing can forget it. They note it
 *    in a table of the connection's own memory, which SQLite takes back with whatever is taken back: a statement that fails, a
 *    savepoint, a transaction. What is noted in the end is summed up in one go. Of tables whose new rows have numbers above all others,
 *    the new rows are read at the end instead, and until then nothing is noted of them; whoever gave such a row a lower number
 *    would make a vault that is refused, or damaged as the maintenance tells.
 * 2. The sum stands beside the head of the audit chain under a MAC with it, and is written in the transaction of the change.
 *    An older sum belongs to an older head, which the chain contradicts (whoever verifies the chain tells it).
 * 3. Where a transaction fails after it was summed up, the sum is taken back here.
 * 4. A database without a sum, or with one of another schema, gets one: right after a migration, or after a restore wrote rows by
 *    itself; a large one in turns, after it was opened. Without a sum the head's row is one that such a step left, or older than
 *    the chain.
 */
import { hash } from 'node:crypto'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import { macOf, type VaultKeys } from './keys/derive.ts'
import { schemaVersionOf } from './migrations/migrate.ts'
import { type DigestedTable, digestedIn, digestedTables } from './rowTables.ts'

const digestBytes = 32
const limbs = digestBytes / 4
const limbValues = 2 ** 32
/** Since this migration rows are hashed as they are now. */
const firstSchema = 13
const rowsPerSlice = 500
/** A database with more subjects and references than that which has no sum gets it in turns instead of when it is opened. */
const rowsAtOnceMax = 20_000

/** A row's key, and its text. */
type Row = [key: number | string, text: string]
type DigestKeys = Pick<VaultKeys, 'rows'>

interface HeadRow {
  readonly records: number
  readonly hash: Buffer
  readonly rows_schema: number | null
  readonly rows_digest: Buffer | null
  readonly rows_mac: Buffer | null
}

/** A sum of row hashes. */
class Sum {
  readonly #values = new Uint32Array(limbs)

  /** @param row a hash with a character for each byte @param sign 1 to add, -1 to take off */
  add(row: string, sign: number): void {
    let carry = 0
    for (let at = 0; at < limbs; at++) {
      const value = (this.#values[at] as number) + sign * numberAt(row, at * 4) + carry
      this.#values[at] = value
      carry = Math.floor(value / limbValues)
    }
  }

  set(other: Sum | Buffer): void {
    if (other instanceof Sum) this.#values.set(other.#values)
    else for (let at = 0; at < limbs; at++) this.#values[at] = other.readUInt32LE(at * 4)
  }

  copy(): Sum {
    const copy = new Sum()
    copy.set(this)
    return copy
  }

  get bytes(): Buffer {
    const bytes = Buffer.alloc(digestBytes)
    for (const [at, value] of this.#values.entries()) bytes.writeUInt32LE(value, at * 4)
    return bytes
  }
}

/** A number of 32 bits, little endian. */
const numberAt = (bytes: string, at: number): number =>
  (bytes.charCodeAt(at) | (bytes.charCodeAt(at + 1) << 8) | (bytes.charCodeAt(at + 2) << 16) | (bytes.charCodeAt(at + 3) << 24)) >>> 0

/**
 * Hashes the texts of rows under the vault's key; what comes out never leaves the sums. Text in and text out, because
 * a buffer for each row costs three times as much as its hash.
 */
function rowHash(keys: DigestKeys): (text: string) => string {
  const prefix = macOf(keys.rows, 'row of text').toString('hex')
  return (text) => hash('sha256', `${prefix}${text}`, 'binary')
}

/**
 * What SQLite makes of a row to be hashed: its table's place and its values as literals of SQL, so that no two rows have one text.
 * @param of 'new.' or 'old.' in a trigger @param sign stands before it in a note
 */
function textOf(table: number, { key, columns }: DigestedTable, of = '', sign = ''): string {
  const names = [key, ...columns]
  // One call of format() makes one text; joining its parts would make one after each.
  return `format('${sign}${table}(${names.map(() => '%s').join(',')})', ${names.map((name) => `quote(${of}${name})`).join(', ')})`
}

interface Digest {
  readonly schema: number
  readonly sum: Buffer
  /** Numbers that were given out in digested tables: SQLite keeps them where no trigger can be. */
  readonly sequences: string
}

const macOfHead = (keys: DigestKeys, { records, hash: head }: HeadRow, { schema, sum, sequences }: Digest) =>
  macOf(keys.rows, `head/${records}/${head.toString('hex')}/${schema}/${sum.toString('hex')}/${sequences}`)

const digestedNames = digestedTables.map(({ name }) => `'${name}'`).join(', ')
const selectSequences = `SELECT coalesce(group_concat(name || ' ' || seq), '') FROM
  (SELECT name, seq FROM sqlite_sequence WHERE name IN (${digestedNames}) ORDER BY name)`

const sequencesOf = (database: Database.Database) => database.prepare<[], string>(selectSequences).pluck().get() as string

const headOf = (database: Database.Database) =>
  database.prepare<[], HeadRow>('SELECT records, hash, rows_schema, rows_digest, rows_mac FROM audit_head WHERE only_row = 1').get()

/** The digest that the head vouches for; undefined where there is none of this schema. @throws vault.damaged */
function storedDigest(database: Database.Database, keys: DigestKeys): Buffer | undefined {
  const head = headOf(database)
  // A head that is gone is told by who verifies the chain.
  if (head === undefined) return undefined
  const { rows_schema: schema, rows_digest: digest, rows_mac: mac } = head
  if (schema !== schemaVersionOf(database) || digest === null || mac === null) return undefined
  const wanted = macOfHead(keys, head, { schema, sum: digest, sequences: sequencesOf(database) })
  if (digest.length !== digestBytes || !wanted.equals(mac)) throw new VultusError('vault.damaged', 'digest of the rows')
  return digest
}

/** The last number that was given to a row of a table; and the last of those whose rows are in the sum. */
const lastNumber = ({ name, key }: DigestedTable) =>
  `max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = '${name}'), 0), coalesce((SELECT max(${key}) FROM ${name}), 0))`
const seenUntil = (table: number) => `(SELECT until FROM seen_rows WHERE place = ${table})`

const selectRows = (table: number) => {
  const described = digestedTables[table] as DigestedTable
  return `SELECT ${described.key}, ${textOf(table, described)} FROM ${described.name}`
}

function sumOfTable(database: Database.Database, table: number, add: (text: string) => void): void {
  for (const [, text] of database.prepare<[], Row>(selectRows(table)).raw().iterate()) add(text)
}

function sumOf(database: Database.Database, keys: DigestKeys): Sum {
  const sum = new Sum()
  const hashed = rowHash(keys)
  for (const [table] of digestedIn(schemaVersionOf(database))) sumOfTable(database, table, (text) => sum.add(hashed(text), 1))
  return sum
}

/**
 * Looks at all rows of a database that nobody writes to: whether they are those of the last change.
 * @throws vault.damaged
 */
export function assertRows(database: Database.Database, keys: DigestKeys): void {
  if (schemaVersionOf(database) < firstSchema) return
  const digest = storedDigest(database, keys)
  if (digest !== undefined && !sumOf(database, keys).bytes.equals(digest)) throw new VultusError('vault.damaged', 'rows of different times')
}

/** Makes the next opening take the rows as they are: for who has written them by itself, and has looked at them before. */
export function forgetDigest(database: Database.Database): void {
  database.exec('UPDATE audit_head SET rows_schema = NULL, rows_digest = NULL, rows_mac = NULL WHERE only_row = 1')
}

/** A look at all rows in slices, while others write. */
interface Scan {
  readonly sum: Sum
  table: number
  /** Of the table that is looked at, rows up to this key are in the sum. */
  after: number
}

/** The table and the number of a noted row; small tables have rows without a number. */
const notedRow = /^(\d+)\((-?\d+)?/

export class RowDigest {
  readonly #database: Database.Database
  readonly #keys: DigestKeys
  readonly #hash: (text: string) => string
  readonly #sum = new Sum()
  readonly #head: Database.Statement<[], HeadRow>
  readonly #keep: Database.Statement<[number, Buffer, Buffer]>
  readonly #sequences: Database.Statement<[], string>
  readonly #schema: number
  readonly #tables: readonly [place: number, table: DigestedTable][]
  readonly #noted: Database.Statement<[], string>
  readonly #forgetNoted: Database.Statement<[]>
  /** Of each table with ascending numbers: the last one where some are new, texts of the rows that have them, and what notes that they are in the sum. */
  readonly #come: readonly {
    readonly last: Database.Statement<[], number>
    readonly texts: Database.Statement<[], string>
    readonly see: Database.Statement<[number]>
  }[]
  /** Whether there is a sum: that of a large database which has none takes long, and is made in turns (look). */
  #known = true
  readonly #scans = new Set<Scan>()

  /**
   * @param atOnceMax numbers of subjects and references up to which a missing sum is made here
   * @throws vault.damaged where what the head vouches for is not what it was
   */
  constructor(database: Database.Database, keys: DigestKeys, atOnceMax = rowsAtOnceMax) {
    this.#database = database
    this.#keys = keys
    this.#hash = rowHash(keys)
    this.#schema = schemaVersionOf(database)
    this.#head = database.prepare('SELECT records, hash, rows_schema, rows_digest, rows_mac FROM audit_head WHERE only_row = 1')
    this.#sequences = database.prepare<[], string>(selectSequences).pluck()
    this.#keep = database.prepare('UPDATE audit_head SET rows_schema = ?, rows_digest = ?, rows_mac = ? WHERE only_row = 1')
    const stored = storedDigest(database, keys)
    if (stored !== undefined) this.#sum.set(stored)
    this.#tables = digestedIn(this.#schema)
    this.#watch()
    this.#noted = database.prepare<[], string>('SELECT note FROM temp.noted_rows').pluck()
    this.#forgetNoted = database.prepare('DELETE FROM temp.noted_rows')
    this.#come = this.#tables
      .filter(([, { ascending }]) => ascending === true)
      .map(([table, described]) => {
        const { name, key } = described
        const until = seenUntil(table)
        return {
          last: database.prepare<[], number>(`SELECT last FROM (SELECT ${lastNumber(described)} AS last) WHERE last > ${until}`).pluck(),
          texts: database.prepare<[], string>(`SELECT ${textOf(table, described)} FROM ${name} WHERE ${key} > ${until}`).pluck(),
          see: database.prepare<[number]>(`UPDATE temp.seen_rows SET until = ? WHERE place = ${table}`),
        }
      })
    if (stored !== undefined) return
    const numbers = database.prepare<[], number>(
      `SELECT coalesce(sum(seq), 0) FROM sqlite_sequence WHERE name IN ('subjects', 'subject_references')`,
    )
    this.#known = (numbers.pluck().get() as number) <= atOnceMax
    if (!this.#known) return
    this.#sum.set(sumOf(database, keys))
    database.transaction(() => this.#write()).immediate()
  }

  /** Whether a first look at all rows is still to be taken. */
  get missing(): boolean {
    return !this.#known
  }

  /** Runs a transaction, in which keep() may be; where it fails, nothing is summed up. */
  follow<T>(transaction: () => T): T {
    const before = this.#sum.copy()
    const scans = [...this.#scans].map((scan) => ({ scan, sum: scan.sum.copy() }))
    try {
      return transaction()
    } catch (error) {
      this.#sum.set(before)
      for (const { scan, sum } of scans) scan.sum.set(sum)
      throw error
    }
  }

  /** At the end of a transaction: puts the sum beside the head, where either has changed. */
  keep(): void {
    const changed = this.#sumUp()
    if (this.#known && (changed || this.#head.get()?.rows_schema !== this.#schema)) this.#write()
  }

  /**
   * Whether all rows are those of the last change; `undefined` between slices, in which others may write. Where there was no
   * sum, it is what was seen; the next transaction writes it.
   */
  *look(): Generator<undefined, boolean> {
    const scan: Scan = { sum: new Sum(), table: 0, after: Number.NEGATIVE_INFINITY }
    this.#scans.add(scan)
    try {
      for (const [table, described] of this.#tables) {
        scan.table = table
        scan.after = Number.NEGATIVE_INFINITY
        const add = (text: string) => scan.sum.add(this.#hash(text), 1)
        if (described.numbered) {
          const slice = this.#database.prepare<[number, number], Row>(
            `${selectRows(table)} WHERE ${described.key} > ? ORDER BY ${described.key} LIMIT ?`,
          )
          for (let rows = slice.raw().all(Number.MIN_SAFE_INTEGER, rowsPerSlice); rows.length > 0; ) {
            for (const [, text] of rows) add(text)
            scan.after = rows.at(-1)?.[0] as number
            yield undefined
            rows = slice.all(scan.after, rowsPerSlice)
          }
        } else sumOfTable(this.#database, table, add)
      }
      if (!this.#known) this.#sum.set(scan.sum)
      this.#known = true
      return scan.sum.bytes.equals(this.#sum.bytes)
    } finally {
      this.#scans.delete(scan)
    }
  }

  #write(): void {
    const head = this.#head.get()
    if (head === undefined) return
    const sum = this.#sum.bytes
    const digest = { schema: this.#schema, sum, sequences: this.#sequences.get() as string }
    this.#keep.run(this.#schema, sum, macOfHead(this.#keys, head, digest))
  }

  /** @returns whether any row was noted */
  #sumUp(): boolean {
    const notes = this.#noted.all()
    for (const note of notes) this.#add(note.startsWith('+') ? 1 : -1, note.slice(1))
    if (notes.length > 0) this.#forgetNoted.run()
    let changed = notes.length > 0
    for (const { last, texts, see } of this.#come) {
      const number = last.get()
      // A number that was given to a row which is gone again counts too: it stands beside the sum.
      if (number === undefined) continue
      changed = true
      for (const text of texts.all()) this.#add(1, text)
      see.run(number)
    }
    return changed
  }

  #add(sign: number, text: string): void {
    const row = this.#hash(text)
    this.#sum.add(row, sign)
    if (this.#scans.size === 0) return
    const [, table, key] = notedRow.exec(text) ?? []
    for (const scan of this.#scans) {
      const seen = Number(table) < scan.table || (Number(table) === scan.table && key !== undefined && Number(key) <= scan.after)
      if (seen) scan.sum.add(row, sign)
    }
  }

  /** Triggers of this connection alone: another one notes nothing, and who wrote by it has to have the rows looked at. */
  #watch(): void {
    // Rows that an INSERT OR REPLACE replaces go too.
    this.#database.pragma('recursive_triggers = ON')
    this.#database.exec(`
      CREATE TEMP TABLE noted_rows (note TEXT NOT NULL) STRICT;
      CREATE TEMP TABLE seen_rows (place INTEGER PRIMARY KEY, until INTEGER NOT NULL) STRICT`)
    for (const [table, described] of this.#tables) {
      const { name, key, columns, ascending } = described
      const note = (sign: '+' | '-') => `INSERT INTO noted_rows VALUES (${textOf(table, described, sign === '+' ? 'new.' : 'old.', sign)});`
      if (ascending === true) this.#database.exec(`INSERT INTO temp.seen_rows VALUES (${table}, ${lastNumber(described)})`)
      const seen = ascending === true ? `WHEN old.${key} <= ${seenUntil(table)}` : ''
      if (ascending !== true)
        this.#database.exec(`CREATE TEMP TRIGGER rows_${name}_come AFTER INSERT ON main.${name} BEGIN ${note('+')} END`)
      this.#database.exec(`
        CREATE TEMP TRIGGER rows_${name}_change AFTER UPDATE OF ${[key, ...columns].join(', ')} ON main.${name} ${seen}
          BEGIN ${note('-')} ${note('+')} END;
        CREATE TEMP TRIGGER rows_${name}_go AFTER DELETE ON main.${name} ${seen} BEGIN ${note('-')} END;`)
    }
  }
}
