/**
 * Signed checkpoints of the audit chain.
 *
 * 1. A checkpoint says how many records there were and what the hash of the last one was; the station signs that text.
 * 2. From the first one on there is never a gap of more than `recordsPerCheckpoint` records between two.
 * 3. A checkpoint is committed with the record that it covers, and only over a head that verified.
 */
import type Database from 'better-sqlite3'
import { CheckpointBody, checkpointFormat, SignedText } from '../contract/rows/audit.ts'
import { canonicalJson } from './canonical.ts'
import { exactBase64, signatureBytes } from './signature.ts'
import type { StationKey } from './stationKey.ts'
import type { Steps } from './turns.ts'

export const recordsPerCheckpoint = 100
/** Each takes a signature's check. */
const checkpointsPerStep = 8

export interface Checkpoint extends CheckpointBody {
  /** The canonical text that is signed. */
  readonly text: string
  readonly signature: Buffer
}

interface CheckpointRow {
  readonly records: number
  readonly body: string
  readonly signature: Buffer
}

/** What a canonical text says, or undefined where it is no checkpoint. */
function bodyOf(text: string): CheckpointBody | undefined {
  try {
    const parsed = CheckpointBody.safeParse(JSON.parse(text))
    return parsed.success && canonicalJson(parsed.data) === text ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** A checkpoint as files and the keychain carry it: one line of JSON. */
export function lineOf({ text, signature }: Checkpoint): string {
  return JSON.stringify({ body: text, signature: signature.toString('base64') })
}

/** The checkpoint of a line, or undefined where the line is none; whose it is and whether it is signed is not yet said. */
export function checkpointOfLine(line: string): Checkpoint | undefined {
  try {
    const signed = SignedText.parse(JSON.parse(line))
    const body = bodyOf(signed.body)
    const signature = exactBase64(signed.signature, signatureBytes)
    return body === undefined || signature === undefined ? undefined : { ...body, text: signed.body, signature }
  } catch {
    return undefined
  }
}

export class AuditCheckpoints {
  readonly #key: StationKey
  readonly #vaultId: string
  readonly #newest: Database.Statement<[], CheckpointRow>
  readonly #first: Database.Statement<[], number>
  readonly #count: Database.Statement<[number], number>
  readonly #after: Database.Statement<[number, number], CheckpointRow>
  readonly #step: Database.Statement<[number, number], CheckpointRow>
  readonly #insert: Database.Statement<[number, string, Buffer]>

  constructor(database: Database.Database, key: StationKey, vaultId: string) {
    this.#key = key
    this.#vaultId = vaultId
    const select = 'SELECT records, body, signature FROM audit_checkpoints'
    this.#newest = database.prepare(`${select} ORDER BY records DESC LIMIT 1`)
    this.#first = database.prepare<[], number>('SELECT records FROM audit_checkpoints ORDER BY records LIMIT 1').pluck()
    this.#count = database.prepare<[number], number>('SELECT count(*) FROM audit_checkpoints WHERE records <= ?').pluck()
    this.#after = database.prepare(`${select} WHERE records > ? AND records <= ? ORDER BY records`)
    this.#step = database.prepare(`${select} WHERE records > ? ORDER BY records LIMIT ?`)
    this.#insert = database.prepare('INSERT INTO audit_checkpoints (records, body, signature) VALUES (?, ?, ?)')
  }

  /** Records of the newest checkpoint, or -1 where there is none. */
  get newestRecords(): number {
    return this.#newest.get()?.records ?? -1
  }

  /** Records of the first checkpoint; records after it obey all rules of this version. */
  get firstRecords(): number | undefined {
    return this.#first.get()
  }

  /** The newest checkpoint, or undefined where there is none that can be read. */
  newest(): Checkpoint | undefined {
    const row = this.#newest.get()
    return row === undefined ? undefined : this.#parsed(row)
  }

  /** Signs and keeps a checkpoint; the caller is in a transaction and has verified the head. */
  add(head: { readonly records: number; readonly hash: Buffer }, atMs: number): void {
    const text = canonicalJson({
      format: checkpointFormat,
      vaultId: this.#vaultId,
      records: head.records,
      headHash: head.hash.toString('hex'),
      time: new Date(atMs).toISOString(),
    })
    this.#insert.run(head.records, text, this.#key.sign(text))
  }

  /** Checkpoints with more records than the one number and at most the other, ascending; unreadable ones are left out. */
  between(above: number, atMost: number): Checkpoint[] {
    return this.#after.all(above, atMost).flatMap((row) => this.#parsed(row) ?? [])
  }

  count(atMost: number): number {
    return this.#count.get(atMost) ?? 0
  }

  /** Whether the station of this vault signed it for this vault. */
  isOurs(checkpoint: Checkpoint): boolean {
    return checkpoint.vaultId === this.#vaultId && this.#key.signed(checkpoint.text, checkpoint.signature)
  }

  /**
   * Checks every checkpoint and that none is missing, in steps.
   * @param agrees whether record `records` has that hash
   * @param records how many records there are
   */
  *verification(agrees: (checkpoint: Checkpoint) => boolean, records: number): Steps<{ count: number; bad: number | null }> {
    let count = 0
    let bad: number | null = null
    let previous: number | undefined
    for (let after = -1, more = true; more; ) {
      const rows = this.#step.all(after, checkpointsPerStep)
      for (const row of rows) {
        count += 1
        after = row.records
        if (bad !== null) continue
        const checkpoint = this.#parsed(row)
        if (previous !== undefined && row.records - previous > recordsPerCheckpoint) bad = previous + recordsPerCheckpoint
        else if (checkpoint === undefined || !this.isOurs(checkpoint) || !agrees(checkpoint)) bad = row.records
        previous = row.records
      }
      more = rows.length === checkpointsPerStep
      if (more) yield
    }
    if (bad === null && records - (previous ?? -recordsPerCheckpoint) >= recordsPerCheckpoint) {
      bad = previous === undefined ? 0 : previous + recordsPerCheckpoint
    }
    return { count, bad }
  }

  #parsed(row: CheckpointRow): Checkpoint | undefined {
    const body = bodyOf(row.body)
    return body?.records === row.records ? { ...body, text: row.body, signature: row.signature } : undefined
  }
}
