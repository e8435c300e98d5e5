/** Reading the audit chain: pages for people, and the export that an independent verifier checks. docs/audit.md has the format. */
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import { type AuditFilter, AuditRecord, type AuditRecords, type ExportPage } from '../contract/rows/audit.ts'
import type { Checkpoint } from './auditCheckpoints.ts'
import type { AuditLog } from './auditLog.ts'
import { canonicalJson } from './canonical.ts'
import type { Steps } from './turns.ts'

export const exportFormat = 'vultus.audit-export/1'
/** Records looked at for one page; a rarer one is found on a later page. */
const scannedPerPageMax = 20_000
const rowsPerStep = 64

interface BodyRow {
  readonly record_no: number
  readonly body: string
}

export interface ExportRequest {
  readonly after: number
  readonly upTo?: number | undefined
  readonly limit: number
}

function recordOf({ record_no: no, body }: BodyRow): AuditRecord {
  try {
    const record = AuditRecord.parse(JSON.parse(body))
    if (record.no === no) return record
  } catch {
    // Told below.
  }
  throw new VultusError('audit.broken', `record ${no}`)
}

function matches(record: AuditRecord, { event, outcome, to }: AuditFilter): boolean {
  return (
    (event === undefined || record.event === event) &&
    (outcome === undefined || record.outcome === outcome) &&
    (to === undefined || record.at < to)
  )
}

/** One time, one text: so that texts can be compared. */
const utcOf = (time: string) => new Date(time).toISOString()

export class AuditReading {
  readonly #log: AuditLog
  readonly #vaultId: string
  readonly #newestFirst: Database.Statement<[number, number], BodyRow>
  readonly #between: Database.Statement<[number, number], BodyRow>

  constructor(database: Database.Database, log: AuditLog, vaultId: string) {
    this.#log = log
    this.#vaultId = vaultId
    this.#newestFirst = database.prepare('SELECT record_no, body FROM audit WHERE record_no < ? ORDER BY record_no DESC LIMIT ?')
    this.#between = database.prepare('SELECT record_no, body FROM audit WHERE record_no > ? AND record_no <= ? ORDER BY record_no')
  }

  /** Records newest first, in steps. @throws audit.broken where a record cannot be read */
  *list(filter: AuditFilter): Steps<AuditRecords> {
    const from = filter.from === undefined ? undefined : utcOf(filter.from)
    const normal = filter.to === undefined ? filter : { ...filter, to: utcOf(filter.to) }
    const records: AuditRecord[] = []
    let before = filter.before ?? Number.MAX_SAFE_INTEGER
    for (let scanned = 0; ; ) {
      const rows = this.#newestFirst.all(before, rowsPerStep)
      for (const row of rows) {
        const record = recordOf(row)
        before = record.no
        scanned += 1
        const early = from !== undefined && record.at < from
        if (early && record.no > this.#log.orderedAfter) return { records, next: null }
        if (!early && matches(record, normal)) records.push(record)
        const over = records.length >= filter.limit || scanned >= scannedPerPageMax
        if (over) return { records, next: record.no > 1 ? record.no : null }
      }
      if (rows.length < rowsPerStep) return { records, next: null }
      yield
    }
  }

  /** A page of the export; the first one begins with the header and signs the head. The caller is in a transaction. */
  exportPage({ after, upTo, limit }: ExportRequest, nowMs: number): ExportPage {
    const head = upTo === undefined ? this.#log.checkpoint(nowMs) : undefined
    const last = upTo ?? head?.records ?? 0
    const lines = head === undefined ? [] : [this.#header(head)]
    const to = Math.min(after + limit, last)
    const checkpoints = this.#log.checkpointsBetween(after === 0 ? -1 : after, to)
    if (checkpoints[0]?.records === 0) lines.push(checkpointLine(checkpoints.shift() as Checkpoint))
    for (const { record_no: no, body } of this.#between.iterate(after, to)) {
      lines.push(JSON.stringify({ type: 'record', body }))
      if (checkpoints[0]?.records === no) lines.push(checkpointLine(checkpoints.shift() as Checkpoint))
    }
    return { lines, next: to < last ? { after: to, upTo: last } : null }
  }

  /** Says where the export ends, so that a shorter one is found. */
  #header({ records, headHash, time }: Checkpoint): string {
    const { publicKey } = this.#log.summary
    const checkpoints = this.#log.checkpointCount(records)
    const body = canonicalJson({ format: exportFormat, vaultId: this.#vaultId, publicKey, records, headHash, checkpoints, time })
    return JSON.stringify({ type: 'header', body, signature: this.#log.stationKey.sign(body).toString('base64') })
  }
}

function checkpointLine({ text, signature }: Checkpoint): string {
  return JSON.stringify({ type: 'checkpoint', body: text, signature: signature.toString('base64') })
}
