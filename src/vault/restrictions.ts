/**
 * Restrictions of processing. That there is one stands in its row; why, by whom, and which references were in the gallery is sealed under
 * the subject's key, and its place says when it began and ended: none of that can be altered alone.
 */
import type { KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import { type Restriction, restrictionLimits } from '../contract/restriction.ts'
import { type Place, type Sealed, type Sealer, unseal } from './seal.ts'

interface RestrictionRow extends Sealed {
  readonly restriction_no: number
  readonly subject_no: number
  readonly began_ms: number
  readonly lifted_ms: number | null
}

/** Why something was done, and the random id of the account of whoever did it. */
export interface Grounds {
  readonly reason: string
  readonly by: string | null
}

interface Content extends Grounds {
  /** References that were active when it began. */
  readonly withheld: readonly number[]
  readonly lifted?: Grounds
}

const placeOf = ({ restriction_no, subject_no, began_ms, lifted_ms }: Omit<RestrictionRow, keyof Sealed>): Place => [
  'subject_restrictions',
  'sealed',
  restriction_no,
  subject_no,
  began_ms,
  lifted_ms ?? 0,
]

/** In a query: whether processing of the subject of a row is unrestricted. @param table the name that the query gives it */
export const unrestricted = (table: string): string =>
  `NOT EXISTS (SELECT 1 FROM subject_restrictions x WHERE x.subject_no = ${table}.subject_no AND x.lifted_ms IS NULL)`

const isoOf = (ms: number) => new Date(ms).toISOString()

export class Restrictions {
  readonly #sealer: Sealer
  readonly #inForce: Database.Statement<[number], RestrictionRow>
  readonly #ofSubject: Database.Statement<[number], RestrictionRow>
  readonly #nextNo: Database.Statement<[], number>
  readonly #insert: Database.Statement<[number, number, number, string, Buffer, Buffer, Buffer]>
  readonly #set: Database.Statement<[number | null, string, Buffer, Buffer, Buffer, number]>
  readonly #dropOldest: Database.Statement<[number, number]>
  readonly #deleteAll: Database.Statement<[number]>

  constructor(database: Database.Database, sealer: Sealer) {
    this.#sealer = sealer
    this.#inForce = database.prepare('SELECT * FROM subject_restrictions WHERE subject_no = ? AND lifted_ms IS NULL')
    this.#ofSubject = database.prepare('SELECT * FROM subject_restrictions WHERE subject_no = ? ORDER BY restriction_no')
    this.#nextNo = database
      .prepare<[], number>(`SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'subject_restrictions'`)
      .pluck()
    this.#insert = database.prepare(`INSERT INTO subject_restrictions
      (restriction_no, subject_no, began_ms, algorithm, nonce, tag, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)`)
    this.#set = database.prepare(
      'UPDATE subject_restrictions SET lifted_ms = ?, algorithm = ?, nonce = ?, tag = ?, sealed = ? WHERE restriction_no = ?',
    )
    this.#dropOldest = database.prepare(`DELETE FROM subject_restrictions WHERE restriction_no IN
      (SELECT restriction_no FROM subject_restrictions WHERE subject_no = ? ORDER BY restriction_no DESC LIMIT -1 OFFSET ?)`)
    this.#deleteAll = database.prepare('DELETE FROM subject_restrictions WHERE subject_no = ?')
  }

  /** Since when processing of a subject is restricted; undefined where it is not. */
  since(subjectNo: number): string | undefined {
    const row = this.#inForce.get(subjectNo)
    return row === undefined ? undefined : isoOf(row.began_ms)
  }

  /** @throws subject.restricted */
  refuse(subjectNo: number): void {
    if (this.#inForce.get(subjectNo) !== undefined) throw new VultusError('subject.restricted')
  }

  /** The references that a restriction in force keeps out of the gallery; none where there is no restriction. @throws vault.damaged */
  withheld(subjectNo: number, key: KeyObject): readonly number[] {
    const row = this.#inForce.get(subjectNo)
    return row === undefined ? [] : this.#contentOf(row, key).withheld
  }

  /** Every restriction that is kept of a subject, oldest first. @throws vault.damaged */
  of(subjectNo: number, key: KeyObject): Restriction[] {
    return this.#ofSubject.all(subjectNo).map((row) => {
      const { reason, by, lifted } = this.#contentOf(row, key)
      const ended = lifted === undefined || row.lifted_ms === null ? null : { at: isoOf(row.lifted_ms), ...lifted }
      return { since: isoOf(row.began_ms), by, reason, lifted: ended }
    })
  }

  /** The caller is in a transaction, and has looked that none is in force. @param withheld references that were in the gallery */
  begin(subjectNo: number, key: KeyObject, { reason, by }: Grounds, withheld: readonly number[], nowMs: number): void {
    const row = { restriction_no: this.#nextNo.get() as number, subject_no: subjectNo, began_ms: nowMs, lifted_ms: null }
    const { algorithm, nonce, tag, sealed } = this.#seal(row, key, { reason, by, withheld })
    this.#insert.run(row.restriction_no, subjectNo, nowMs, algorithm, nonce, tag, sealed)
    this.#dropOldest.run(subjectNo, restrictionLimits.keptMax)
  }

  /** Ends the restriction; the caller is in a transaction. @returns the references that it kept out @throws subject.notRestricted */
  lift(subjectNo: number, key: KeyObject, { reason, by }: Grounds, nowMs: number): readonly number[] {
    const row = this.#inForce.get(subjectNo)
    if (row === undefined) throw new VultusError('subject.notRestricted')
    const content = this.#contentOf(row, key)
    this.#put({ ...row, lifted_ms: nowMs }, key, { ...content, withheld: [], lifted: { reason, by } })
    return content.withheld
  }

  /** Seals all of a subject under another key; the caller is in a transaction. @throws vault.damaged */
  reseal(subjectNo: number, old: KeyObject, renewed: KeyObject): void {
    for (const row of this.#ofSubject.all(subjectNo)) this.#put(row, renewed, this.#contentOf(row, old))
  }

  /** Unseals all of a subject and keeps nothing. @returns how many @throws vault.damaged */
  verifyAll(subjectNo: number, key: KeyObject): number {
    return this.#ofSubject.all(subjectNo).map((row) => this.#contentOf(row, key)).length
  }

  /** Deletes all of a subject; the caller is in a transaction. */
  erase(subjectNo: number): void {
    this.#deleteAll.run(subjectNo)
  }

  #put(row: RestrictionRow, key: KeyObject, content: Content): void {
    const { algorithm, nonce, tag, sealed } = this.#seal(row, key, content)
    this.#set.run(row.lifted_ms, algorithm, nonce, tag, sealed, row.restriction_no)
  }

  #seal(row: Omit<RestrictionRow, keyof Sealed>, key: KeyObject, content: Content): Sealed {
    const plain = Buffer.from(JSON.stringify(content))
    const sealed = this.#sealer.seal(key, placeOf(row), plain)
    plain.fill(0)
    return sealed
  }

  #contentOf(row: RestrictionRow, key: KeyObject): Content {
    const plain = unseal(key, placeOf(row), row)
    const content: Content = JSON.parse(plain.toString())
    plain.fill(0)
    return content
  }
}
