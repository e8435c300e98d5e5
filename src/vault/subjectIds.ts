/**
 * Which subject has an id: a blind index of exact ids.
 *
 * 1. The HMAC of an id stands in the row of its subject. The table subject_ids has 48 bits of it and the subject's number, in the order
 *    of those bits. They only narrow down: who asks compares the whole.
 * 2. In that order new subjects stand anywhere, and a batch of them would read, encrypt and write nearly one page for each. So the
 *    newest, the tail, are looked up in memory, and come into the table many at once in its order, a slice with each change that brings
 *    subjects: a page of the table is written once for many of them (the idea of the log-structured merge-tree: O'Neil et al., 1996).
 * 3. The tail is nothing but the rows of subjects above a number, which is kept: after a kill they are read again.
 * 4. A tail as long as the table touches each of its pages for many entries, and so does one of 65,536 in a table of millions.
 */
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import { RowsTogether } from './rowsTogether.ts'

const hashBytes = 6
const tailMin = 32
const tailMax = 65_536
/** Subjects for each of the tail before it is moved. */
const settledPerTail = 1
/** Of a tail that is moved go so many for each new one, so that it is gone before the next is due. */
const movedPerNew = 8
const movedMin = 64
/** Hashes that one statement looks up. */
const hashesPerLook = 32

/** The part of an index that is in the table. @throws vault.damaged where it is too short to be one */
function hashOf(index: Buffer): number {
  if (index.length < hashBytes) throw new VultusError('vault.damaged', 'subjects.id_index')
  return index.readUIntBE(0, hashBytes)
}

interface TailRow {
  readonly subject_no: number
  readonly id_index: Buffer
}

/** Subjects of the tail on their way into the table. */
interface Move {
  /** In the order of the table. */
  readonly hashes: Float64Array
  /** The highest number of them: when all are moved, it is settled up to there. */
  readonly until: number
  at: number
}

export class SubjectIds {
  readonly #settled: Database.Statement<[number], number>
  readonly #someSettled: Database.Statement<[readonly number[]], number>
  readonly #unsettled: Database.Statement<[number], TailRow>
  readonly #settledUntil: Database.Statement<[], number>
  readonly #setSettledUntil: Database.Statement<[number]>
  readonly #rows: RowsTogether<[number, number]>
  readonly #delete: Database.Statement<[number, number]>
  /** Numbers of the newest subjects by their hash, where they have been read. */
  #tail: Map<number, number[]> | undefined
  #move: Move | undefined
  /** Whether the open transaction has changed what is in memory. */
  #changed = false

  constructor(database: Database.Database) {
    this.#settled = database.prepare<[number], number>('SELECT subject_no FROM subject_ids WHERE id_hash = ?').pluck()
    this.#someSettled = database
      .prepare<[readonly number[]], number>(
        `SELECT DISTINCT id_hash FROM subject_ids WHERE id_hash IN (${Array(hashesPerLook).fill('?').join(', ')})`,
      )
      .pluck()
    this.#unsettled = database.prepare('SELECT subject_no, id_index FROM subjects WHERE subject_no > ? ORDER BY subject_no')
    this.#settledUntil = database.prepare<[], number>('SELECT settled_until FROM subject_id_tail WHERE only_row = 1').pluck()
    this.#setSettledUntil = database.prepare('UPDATE subject_id_tail SET settled_until = ? WHERE only_row = 1')
    // A move that was cut off is begun again.
    this.#rows = new RowsTogether(database, 'INSERT OR IGNORE INTO subject_ids', { own: ['id_hash', 'subject_no'] })
    this.#delete = database.prepare('DELETE FROM subject_ids WHERE id_hash = ? AND subject_no = ?')
  }

  /** Numbers of subjects that may have the id of an index: nearly always of the one that has it, or none. */
  candidates(index: Buffer): number[] {
    const hash = hashOf(index)
    return [...(this.#theTail().get(hash) ?? []), ...this.#settled.all(hash)]
  }

  /** Of many indexes those for which there are candidates. */
  withCandidates(indexes: readonly Buffer[]): Set<Buffer> {
    const tail = this.#theTail()
    const hashes = Float64Array.from(indexes, hashOf)
    const found = new Set<number>(hashes.filter((hash) => tail.has(hash)))
    // In the order of the table, so that each page of it is looked at once.
    const sorted = hashes.toSorted()
    for (let at = 0; at < sorted.length; at += hashesPerLook) {
      // Where fewer are left, the last one is asked for again.
      const some = Array.from({ length: hashesPerLook }, (_, of) => sorted[Math.min(at + of, sorted.length - 1)] as number)
      for (const hash of this.#someSettled.all(some)) found.add(hash)
    }
    return new Set(indexes.filter((index) => found.has(hashOf(index))))
  }

  /** Notes a new subject, whose row is or will be in the transaction. */
  add(index: Buffer, subjectNo: number): void {
    const tail = this.#theTail()
    this.#changed = true
    put(tail, hashOf(index), subjectNo)
  }

  /** Forgets a subject whose row goes in the transaction. */
  remove(index: Buffer, subjectNo: number): void {
    const hash = hashOf(index)
    const tail = this.#theTail()
    this.#changed = true
    const left = (tail.get(hash) ?? []).filter((no) => no !== subjectNo)
    if (left.length > 0) tail.set(hash, left)
    else tail.delete(hash)
    this.#delete.run(hash, subjectNo)
  }

  /** Moves a slice of the tail into the table where it has grown too long. The caller is in the transaction that brought so many subjects. */
  settle(newSubjects: number): void {
    const tail = this.#theTail()
    const settledUntil = this.#settledUntil.get() as number
    const limit = Math.min(tailMax, Math.max(tailMin, settledUntil / settledPerTail))
    if (this.#move === undefined && tail.size <= limit) return
    this.#changed = true
    this.#move ??= { hashes: Float64Array.from(tail.keys()).sort(), until: highest(tail), at: 0 }
    const move = this.#move
    const end = Math.min(move.hashes.length, move.at + Math.max(movedMin, movedPerNew * newSubjects))
    for (; move.at < end; move.at++) {
      const hash = move.hashes[move.at] as number
      // Who was erased meanwhile is not in the tail any more; who came meanwhile is moved next time.
      for (const no of tail.get(hash) ?? []) if (no <= move.until) this.#rows.put([hash, no], {}, true)
    }
    this.#rows.flush()
    if (move.at === move.hashes.length) this.#endMove(tail, move)
  }

  #endMove(tail: Map<number, number[]>, { hashes, until }: Move): void {
    this.#setSettledUntil.run(until)
    for (const hash of hashes) {
      const left = (tail.get(hash) ?? []).filter((no) => no > until)
      if (left.length > 0) tail.set(hash, left)
      else tail.delete(hash)
    }
    this.#move = undefined
  }

  /** The transaction is over: what it changed is durable, or is read again. */
  ended(committed: boolean): void {
    if (!committed && this.#changed) this.drop()
    this.#changed = false
  }

  /** Lets go of the tail until it is asked for. */
  drop(): void {
    this.#tail = undefined
    this.#move = undefined
    this.#rows.drop()
  }

  #theTail(): Map<number, number[]> {
    if (this.#tail !== undefined) return this.#tail
    const tail = new Map<number, number[]>()
    for (const { subject_no, id_index } of this.#unsettled.iterate(this.#settledUntil.get() as number))
      put(tail, hashOf(id_index), subject_no)
    this.#tail = tail
    return tail
  }
}

function put(tail: Map<number, number[]>, hash: number, subjectNo: number): void {
  const known = tail.get(hash)
  if (known === undefined) tail.set(hash, [subjectNo])
  else if (!known.includes(subjectNo)) known.push(subjectNo)
}

const highest = (tail: ReadonlyMap<number, readonly number[]>): number => {
  let most = 0
  for (const nos of tail.values()) for (const no of nos) most = Math.max(most, no)
  return most
}

const rowsPerFlush = 4_096

/** Makes the whole table anew from the rows of the subjects. The caller is in a transaction, and nobody else has the database. */
export function settleAllIds(database: Database.Database): void {
  const count = database.prepare<[], number>('SELECT count(*) FROM subjects').pluck().get() as number
  const hashes = new Float64Array(count)
  const nos = new Float64Array(count)
  let rows = 0
  for (const { subject_no, id_index } of database.prepare<[], TailRow>('SELECT subject_no, id_index FROM subjects').iterate()) {
    hashes[rows] = hashOf(id_index)
    nos[rows++] = subject_no
  }
  const order = Uint32Array.from(hashes.keys()).sort((left, right) => (hashes[left] as number) - (hashes[right] as number))
  database.exec('DELETE FROM subject_ids')
  const table = new RowsTogether<[number, number]>(database, 'INSERT INTO subject_ids', { own: ['id_hash', 'subject_no'] })
  for (const [at, row] of order.entries()) {
    table.put([hashes[row] as number, nos[row] as number], {}, true)
    if (at % rowsPerFlush === rowsPerFlush - 1) table.flush()
  }
  table.flush()
  database.exec('UPDATE subject_id_tail SET settled_until = (SELECT coalesce(max(subject_no), 0) FROM subjects)')
}

const rowsPerStep = 250

/**
 * Whether every settled subject has its entry, and every entry its subject; `undefined` between steps, in which others may write.
 * @returns what is wrong, or nothing
 */
export function* wrongIds(database: Database.Database): Generator<undefined, string | undefined> {
  const subjects = database.prepare<[number, number], TailRow>(
    `SELECT subject_no, id_index FROM subjects WHERE subject_no > ? AND subject_no <= (SELECT settled_until FROM subject_id_tail)
      ORDER BY subject_no LIMIT ?`,
  )
  const entry = database.prepare<[number, number], number>('SELECT 1 FROM subject_ids WHERE id_hash = ? AND subject_no = ?').pluck()
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const step = subjects.all(after, rowsPerStep)
    if (step.some(({ subject_no, id_index }) => entry.get(hashOf(id_index), subject_no) === undefined))
      return 'subjects that their id does not find'
    if (step.length < rowsPerStep) break
    after = step.at(-1)?.subject_no as number
    yield undefined
  }
  const entries = database.prepare<[number, number, number], { id_hash: number; subject_no: number; id_index: Buffer | null }>(
    `SELECT i.id_hash, i.subject_no, s.id_index FROM subject_ids i LEFT JOIN subjects s ON s.subject_no = i.subject_no
      WHERE (i.id_hash, i.subject_no) > (?, ?) ORDER BY i.id_hash, i.subject_no LIMIT ?`,
  )
  for (let after = { id_hash: Number.MIN_SAFE_INTEGER, subject_no: 0 }; ; ) {
    const step = entries.all(after.id_hash, after.subject_no, rowsPerStep)
    if (step.some(({ id_hash, id_index }) => id_index === null || hashOf(id_index) !== id_hash)) return 'ids without a subject'
    if (step.length < rowsPerStep) return undefined
    after = step.at(-1) as (typeof step)[number]
    yield undefined
  }
}

/** @throws vault.damaged where an id would not find its subject: an older page of the table was put back */
export function assertIds(database: Database.Database): void {
  // A database of an earlier schema gets the table when it is opened.
  if (database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'subject_ids'`).get() === undefined) return
  const looks = wrongIds(database)
  for (let look = looks.next(); ; look = looks.next()) {
    if (look.done !== true) continue
    if (look.value !== undefined) throw new VultusError('vault.damaged', look.value)
    return
  }
}
