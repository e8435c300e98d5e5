/**
 * The audit chain.
 *
 * 1. A record's body is canonical JSON and holds its number and the hash of the record before it; its hash is SHA-256 of
 *    the body, so that the chain can be checked without a key; its MAC keeps those without the key from writing a chain
 *    of their own.
 * 2. The head holds the number of records and the last hash under a MAC, so that a missing tail is found. (Replacing the
 *    whole database by an older copy of itself is not: that takes a witness outside.)
 * 3. Nothing is appended to a head that does not verify: that would make a false chain a true one.
 * 4. Time never goes back within the chain: while the machine's clock is behind the record before, that record's time is
 *    kept, and the machine's own stands beside it.
 */
import { createHash, type KeyObject, timingSafeEqual } from 'node:crypto'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { AuditEntry } from '../contract/records.ts'
import { canonicalJson } from './canonical.ts'
import { macOf } from './keys/derive.ts'
import type { Steps } from './turns.ts'

const bodyCharactersMax = 4096
const recordsPerStep = 64

/** How many records there are and the hash of the last one. */
export interface AuditHead {
  readonly records: number
  readonly hash: Buffer
}

interface HeadRow extends AuditHead {
  readonly mac: Buffer
}

/** What was appended. */
export interface Appended extends AuditHead {
  /** Time of the record. */
  readonly atMs: number
}

interface RecordRow {
  readonly record_no: number
  readonly body: string
  readonly hash: Buffer
  readonly mac: Buffer
}

const sha256 = (text: string) => createHash('sha256').update(text).digest()
const isoOf = (ms: number) => new Date(ms).toISOString()
const same = (left: Buffer, right: Buffer) => left.length === right.length && timingSafeEqual(left, right)

/** Time in a body, milliseconds. @throws audit.broken where a damaged body has none */
function timeIn(body: string): number {
  try {
    const atMs = Date.parse((JSON.parse(body) as { at: string }).at)
    if (Number.isFinite(atMs)) return atMs
  } catch {
    // Not JSON: told below.
  }
  throw new VultusError('audit.broken')
}

/** Result of a check of the whole chain; firstBad is the number of the first record that is wrong or missing. */
export interface AuditVerdict {
  readonly ok: boolean
  readonly records: number
  readonly firstBad: number | null
}

export class AuditChain {
  readonly #key: KeyObject
  readonly #genesis: Buffer
  readonly #head: Database.Statement<[], HeadRow>
  readonly #after: Database.Statement<[number, number], RecordRow>
  readonly #bodyOf: Database.Statement<[number], string>
  readonly #hashOf: Database.Statement<[number], Buffer>
  readonly #insert: Database.Statement<[number, string, Buffer, Buffer]>
  readonly #setHead: Database.Statement<[number, Buffer, Buffer]>
  /** Time of the record with that hash, so that the newest one is not read again for every append. */
  #newestTime: { readonly hash: Buffer; readonly atMs: number } | undefined

  constructor(database: Database.Database, key: KeyObject, vaultId: string) {
    this.#key = key
    this.#genesis = sha256(`vultus/1/audit/${vaultId}`)
    this.#head = database.prepare('SELECT records, hash, mac FROM audit_head WHERE only_row = 1')
    this.#after = database.prepare('SELECT record_no, body, hash, mac FROM audit WHERE record_no > ? ORDER BY record_no LIMIT ?')
    this.#bodyOf = database.prepare<[number], string>('SELECT body FROM audit WHERE record_no = ?').pluck()
    this.#hashOf = database.prepare<[number], Buffer>('SELECT hash FROM audit WHERE record_no = ?').pluck()
    this.#insert = database.prepare('INSERT INTO audit (record_no, body, hash, mac) VALUES (?, ?, ?, ?)')
    this.#setHead = database.prepare('INSERT OR REPLACE INTO audit_head (only_row, records, hash, mac) VALUES (1, ?, ?, ?)')
  }

  /** Starts the chain of a new vault; the caller is in a transaction. */
  start(): void {
    this.#writeHead(0, this.#genesis)
  }

  /** Appends an entry; the caller is in the transaction of its effect. @throws audit.broken where the head does not verify */
  append(entry: AuditEntry, nowMs: number): Appended {
    const head = this.head()
    if (head === undefined) throw new VultusError('audit.broken')
    const records = head.records + 1
    const { event, outcome, code, subject, details } = entry
    const actor = { role: entry.actor.role, door: entry.actor.door, operator: entry.actor.operator }
    const atMs = Math.max(nowMs, this.timeOf(head))
    const machineAt = atMs === nowMs ? undefined : isoOf(nowMs)
    const previous = head.hash.toString('hex')
    const body = canonicalJson({ no: records, at: isoOf(atMs), machineAt, event, actor, outcome, code, subject, details, previous })
    if (body.length > bodyCharactersMax) throw new RangeError(`An audit record has at most ${bodyCharactersMax} characters`)
    const hash = sha256(body)
    this.#insert.run(records, body, hash, this.#macOfRecord(hash))
    this.#writeHead(records, hash)
    this.#newestTime = { hash, atMs }
    return { records, hash, atMs }
  }

  /** The head, or undefined where it does not verify. */
  head(): AuditHead | undefined {
    return this.#verifiedHead()
  }

  /** Time of the newest record, milliseconds; 0 before the first. */
  timeOf(head: AuditHead): number {
    if (this.#newestTime?.hash.equals(head.hash) === true) return this.#newestTime.atMs
    const body = this.#bodyOf.get(head.records)
    if (body === undefined) {
      if (head.records === 0) return 0
      throw new VultusError('audit.broken')
    }
    const atMs = timeIn(body)
    this.#newestTime = { hash: head.hash, atMs }
    return atMs
  }

  /** Hash of a record, of the chain's beginning for 0, or undefined where there is no such record. */
  hashAt(records: number): Buffer | undefined {
    return records === 0 ? this.#genesis : this.#hashOf.get(records)
  }

  /**
   * Checks every record and the head, in steps. Records that are appended meanwhile are checked too: between the last of
   * them and the head nobody comes.
   * @param orderedAfter time must not go back in records with larger numbers; those of older versions may
   */
  *verification(orderedAfter = 0): Steps<AuditVerdict> {
    let previous = this.#genesis
    let previousMs = 0
    let records = 0
    let firstBad: number | null = null
    for (let after = Number.MIN_SAFE_INTEGER, more = true; more; ) {
      const rows = this.#after.all(after, recordsPerStep)
      for (const row of rows) {
        records += 1
        after = row.record_no
        if (firstBad !== null) continue
        const atMs = this.#timeOfGood(row, records, previous)
        if (atMs === undefined || (records > orderedAfter && atMs < previousMs)) firstBad = records
        else {
          previous = row.hash
          previousMs = atMs
        }
      }
      more = rows.length === recordsPerStep
      if (more) yield
    }
    const head = this.#verifiedHead()
    if (firstBad === null && head !== undefined && head.records < records) firstBad = head.records + 1
    if (firstBad === null && (head === undefined || head.records > records || !same(head.hash, previous))) firstBad = records + 1
    return { ok: firstBad === null, records, firstBad }
  }

  /** Time of a record that stands where it was written, or undefined. */
  #timeOfGood(row: RecordRow, no: number, previous: Buffer): number | undefined {
    if (row.record_no !== no || !same(row.hash, sha256(row.body)) || !same(row.mac, this.#macOfRecord(row.hash))) return undefined
    // The MAC vouches for the body being one that append wrote; its place in the chain is what is left to check.
    const body: { no: number; previous: string; at: string } = JSON.parse(row.body)
    return body.no === no && body.previous === previous.toString('hex') ? Date.parse(body.at) : undefined
  }

  #verifiedHead(): HeadRow | undefined {
    const head = this.#head.get()
    return head !== undefined && same(head.mac, this.#macOfHead(head.records, head.hash)) ? head : undefined
  }

  #writeHead(records: number, hash: Buffer): void {
    this.#setHead.run(records, hash, this.#macOfHead(records, hash))
  }

  #macOfRecord(hash: Buffer): Buffer {
    return macOf(this.#key, `record/${hash.toString('hex')}`)
  }

  #macOfHead(records: number, hash: Buffer): Buffer {
    return macOf(this.#key, `head/${records}/${hash.toString('hex')}`)
  }
}
