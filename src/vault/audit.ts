/**
 * The audit chain.
 *
 * 1. A record's body is canonical JSON and holds its number and the hash of the record before it; its hash is SHA-256 of
 *    the body, so that the chain can be checked without a key; its MAC keeps those without the key from writing a chain
 *    of their own.
 * 2. The head holds the number of records and the last hash under a MAC, so that a missing tail is found. (Replacing the
 *    whole database by an older copy of itself is not: that takes a witness outside.)
 * 3. Nothing is appended to a head that does not verify: that would make a false chain a true one.
 */
import { createHash, type KeyObject, timingSafeEqual } from 'node:crypto'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { AuditEntry } from '../contract/records.ts'
import { canonicalJson } from './canonical.ts'
import { macOf } from './keys/derive.ts'

const bodyCharactersMax = 4096

interface HeadRow {
  readonly records: number
  readonly hash: Buffer
  readonly mac: Buffer
}

interface RecordRow {
  readonly record_no: number
  readonly body: string
  readonly hash: Buffer
  readonly mac: Buffer
}

const sha256 = (text: string) => createHash('sha256').update(text).digest()
const same = (left: Buffer, right: Buffer) => left.length === right.length && timingSafeEqual(left, right)

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
  readonly #records: Database.Statement<[], RecordRow>
  readonly #insert: Database.Statement<[number, string, Buffer, Buffer]>
  readonly #setHead: Database.Statement<[number, Buffer, Buffer]>

  constructor(database: Database.Database, key: KeyObject, vaultId: string) {
    this.#key = key
    this.#genesis = sha256(`vultus/1/audit/${vaultId}`)
    this.#head = database.prepare('SELECT records, hash, mac FROM audit_head WHERE only_row = 1')
    this.#records = database.prepare('SELECT record_no, body, hash, mac FROM audit ORDER BY record_no')
    this.#insert = database.prepare('INSERT INTO audit (record_no, body, hash, mac) VALUES (?, ?, ?, ?)')
    this.#setHead = database.prepare('INSERT OR REPLACE INTO audit_head (only_row, records, hash, mac) VALUES (1, ?, ?, ?)')
  }

  /** Starts the chain of a new vault; the caller is in a transaction. */
  start(): void {
    this.#writeHead(0, this.#genesis)
  }

  /** Appends an entry; the caller is in the transaction of its effect. @throws audit.broken where the head does not verify */
  append(entry: AuditEntry, nowMs: number): void {
    const head = this.#verifiedHead()
    if (head === undefined) throw new VultusError('audit.broken')
    const no = head.records + 1
    const { event, outcome, code, subject, details } = entry
    const actor = { role: entry.actor.role, door: entry.actor.door, operator: entry.actor.operator }
    const at = new Date(nowMs).toISOString()
    const body = canonicalJson({ no, at, event, actor, outcome, code, subject, details, previous: head.hash.toString('hex') })
    if (body.length > bodyCharactersMax) throw new RangeError(`An audit record has at most ${bodyCharactersMax} characters`)
    const hash = sha256(body)
    this.#insert.run(no, body, hash, this.#macOfRecord(hash))
    this.#writeHead(no, hash)
  }

  /** Checks every record and the head. */
  verify(): AuditVerdict {
    const head = this.#verifiedHead()
    let previous = this.#genesis
    let records = 0
    let firstBad: number | null = null
    for (const row of this.#records.iterate()) {
      records += 1
      if (firstBad !== null) continue
      if (this.#isGood(row, records, previous)) previous = row.hash
      else firstBad = records
    }
    if (firstBad === null && head !== undefined && head.records < records) firstBad = head.records + 1
    if (firstBad === null && (head === undefined || head.records > records || !same(head.hash, previous))) firstBad = records + 1
    return { ok: firstBad === null, records, firstBad }
  }

  #isGood(row: RecordRow, no: number, previous: Buffer): boolean {
    if (row.record_no !== no || !same(row.hash, sha256(row.body)) || !same(row.mac, this.#macOfRecord(row.hash))) return false
    // The MAC vouches for the body being one that append wrote; its place in the chain is what is left to check.
    const body: { no: number; previous: string } = JSON.parse(row.body)
    return body.no === no && body.previous === previous.toString('hex')
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
