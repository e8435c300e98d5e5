/**
 * What is kept of a subject beside name and references: what was filled in, why there is no reference, how a supervisor decided.
 * One record of each kind, sealed under the subject's key and gone with it.
 */
import type { KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { type Packed, pack, unpack } from './packed.ts'
import { type Place, type Sealed, type Sealer, unseal } from './seal.ts'

export type RecordKind = 'form' | 'exception' | 'decision'

interface RecordRow extends Sealed {
  readonly record_no: number
  readonly subject_no: number
  readonly kind: RecordKind
  readonly created_ms: number
}

const placeOf = ({ record_no, subject_no, kind, created_ms }: Omit<RecordRow, keyof Sealed>): Place => [
  'subject_records',
  'sealed',
  record_no,
  subject_no,
  kind,
  created_ms,
]

export class SubjectRecords {
  readonly #sealer: Sealer
  readonly #nextNo: Database.Statement<[], number>
  readonly #insert: Database.Statement<[number, number, RecordKind, number, string, Buffer, Buffer, Buffer]>
  readonly #get: Database.Statement<[number, RecordKind], RecordRow>
  readonly #ofSubject: Database.Statement<[number], RecordRow>
  readonly #setSealed: Database.Statement<[string, Buffer, Buffer, Buffer, number]>
  readonly #delete: Database.Statement<[number, RecordKind]>
  readonly #deleteAll: Database.Statement<[number]>

  constructor(database: Database.Database, sealer: Sealer) {
    this.#sealer = sealer
    this.#nextNo = database
      .prepare<[], number>(`SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'subject_records'`)
      .pluck()
    this.#insert = database.prepare(`INSERT INTO subject_records
      (record_no, subject_no, kind, created_ms, algorithm, nonce, tag, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
    this.#get = database.prepare('SELECT * FROM subject_records WHERE subject_no = ? AND kind = ?')
    this.#ofSubject = database.prepare('SELECT * FROM subject_records WHERE subject_no = ? ORDER BY record_no')
    this.#setSealed = database.prepare('UPDATE subject_records SET algorithm = ?, nonce = ?, tag = ?, sealed = ? WHERE record_no = ?')
    this.#delete = database.prepare('DELETE FROM subject_records WHERE subject_no = ? AND kind = ?')
    this.#deleteAll = database.prepare('DELETE FROM subject_records WHERE subject_no = ?')
  }

  /** Keeps a record in place of the one of its kind. The caller is in a transaction. */
  put(subjectNo: number, key: KeyObject, kind: RecordKind, content: Packed, nowMs: number): void {
    this.#delete.run(subjectNo, kind)
    const placed = { record_no: this.#nextNo.get() as number, subject_no: subjectNo, kind, created_ms: nowMs }
    const plain = pack(content)
    const { algorithm, nonce, tag, sealed } = this.#sealer.seal(key, placeOf(placed), plain)
    plain.fill(0)
    this.#insert.run(placed.record_no, subjectNo, kind, nowMs, algorithm, nonce, tag, sealed)
  }

  /** @throws vault.damaged */
  get(subjectNo: number, key: KeyObject, kind: RecordKind): Packed | undefined {
    const row = this.#get.get(subjectNo, kind)
    if (row === undefined) return undefined
    const plain = unseal(key, placeOf(row), row)
    const content = unpack(plain)
    plain.fill(0)
    return content
  }

  has(subjectNo: number, kind: RecordKind): boolean {
    return this.#get.get(subjectNo, kind) !== undefined
  }

  /** The tag of a record's seal: another one wherever it was written since. */
  tagOf(subjectNo: number, kind: RecordKind): Buffer | undefined {
    return this.#get.get(subjectNo, kind)?.tag
  }

  /** The caller is in a transaction. @returns whether there was one */
  remove(subjectNo: number, kind: RecordKind): boolean {
    return this.#delete.run(subjectNo, kind).changes > 0
  }

  /** Seals all records of a subject under another key; the caller is in a transaction. @throws vault.damaged */
  reseal(subjectNo: number, old: KeyObject, renewed: KeyObject): void {
    for (const row of this.#ofSubject.all(subjectNo)) {
      const plain = unseal(old, placeOf(row), row)
      const { algorithm, nonce, tag, sealed } = this.#sealer.seal(renewed, placeOf(row), plain)
      plain.fill(0)
      this.#setSealed.run(algorithm, nonce, tag, sealed, row.record_no)
    }
  }

  /** Unseals every record of a subject and keeps nothing. @returns how many @throws vault.damaged */
  verifyAll(subjectNo: number, key: KeyObject): number {
    const rows = this.#ofSubject.all(subjectNo)
    for (const row of rows) unseal(key, placeOf(row), row).fill(0)
    return rows.length
  }

  /** Deletes all records of a subject; the caller is in a transaction. */
  erase(subjectNo: number): void {
    this.#deleteAll.run(subjectNo)
  }
}
