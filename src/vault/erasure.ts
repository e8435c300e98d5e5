/**
 * Erasure of a subject.
 *
 * 1. Key, rows, samples, audit entry and certificate are one transaction.
 * 2. Before it is committed every table that holds anything of a subject is asked (subjectData.ts); a row that is left ends it.
 * 3. The certificate names the audit record and its hash, so that neither can be made later.
 * 4. Where there are backups, it is signed anew when all their key files have followed the erasure; both are right, and the
 *    newer one is kept.
 */
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { AuditEntry, CommittedChange } from '../contract/records.ts'
import { type Certificate, CertificateBody, certificateFormat, type KeptCertificate } from '../contract/rows/audit.ts'
import type { AuditLog } from './auditLog.ts'
import { canonicalJson } from './canonical.ts'
import { saltBytes, subjectIdHashOf } from './certificate.ts'
import type { Drafts } from './drafts.ts'
import type { Gallery } from './gallery.ts'
import type { LookUp } from './lookUp.ts'
import type { RandomSource } from './random.ts'
import type { References } from './references.ts'
import type { Restrictions } from './restrictions.ts'
import type { Segments } from './segments.ts'
import { isSignatureOf } from './signature.ts'
import { type SubjectData, tablesOfSubjects } from './subjectData.ts'
import type { SubjectRecords } from './subjectRecords.ts'
import type { SubjectRow, Subjects } from './subjects.ts'

export interface ErasureParts {
  readonly database: Database.Database
  readonly vaultId: string
  readonly random: RandomSource
  readonly subjects: Subjects
  readonly references: References
  readonly records: SubjectRecords
  readonly restrictions: Restrictions
  readonly drafts: Drafts
  readonly lookUp: LookUp
  readonly segments: Segments
  readonly gallery: Gallery
  readonly audit: AuditLog
}

export type Erased = CommittedChange & { readonly certificate: Certificate }

/** With the files of segments that have to go once it is committed. */
export type ErasedWithFiles = Erased & { readonly files: readonly number[] }

type Destroyed = CertificateBody['destroyed']

export class Erasure {
  readonly #parts: ErasureParts
  readonly #referenceNos: Database.Statement<[number], number>
  readonly #counts: Database.Statement<[number], { references: number; samples: number; versions: number }>
  readonly #keyEpochs: Database.Statement<[number], number>
  readonly #kept: Database.Statement<[number], { body: string; signature: Buffer }>
  readonly #keep: Database.Statement<[number, string, Buffer, number | null]>
  readonly #backups: Database.Statement<[], { keyFiles: number; erasureNo: number; restoredMs: number | null; restoredNo: number | null }>
  readonly #awaiting: Database.Statement<[number], { record_no: number; body: string; signature: Buffer }>
  readonly #renew: Database.Statement<[string, Buffer, number]>
  readonly #leftOfSubject: readonly Database.Statement<[number], string>[]
  readonly #leftOfReference: readonly Database.Statement<[number], string>[]

  constructor(parts: ErasureParts) {
    const { database } = parts
    this.#parts = parts
    this.#referenceNos = database.prepare<[number], number>('SELECT reference_no FROM subject_references WHERE subject_no = ?').pluck()
    this.#counts =
      database.prepare(`SELECT count(*) AS "references", count(p.reference_no) AS samples, count(DISTINCT r.version) AS versions
      FROM subject_references r LEFT JOIN samples p ON p.reference_no = r.reference_no WHERE r.subject_no = ?`)
    this.#keyEpochs = database
      .prepare<[number], number>('SELECT key_epoch FROM subject_keys WHERE subject_no = ? ORDER BY key_epoch')
      .pluck()
    this.#kept = database.prepare('SELECT body, signature FROM erasure_certificates WHERE record_no = ?')
    this.#keep = database.prepare('INSERT INTO erasure_certificates (record_no, body, signature, awaits_erasure_no) VALUES (?, ?, ?, ?)')
    this.#backups = database.prepare(`SELECT (SELECT count(*) FROM backup_lines) AS keyFiles,
      (SELECT coalesce(max(erasure_no), 0) FROM erasures) AS erasureNo,
      (SELECT restored_from_ms FROM vault WHERE only_row = 1) AS restoredMs,
      (SELECT restored_subject_no FROM vault WHERE only_row = 1) AS restoredNo`)
    this.#awaiting = database.prepare('SELECT record_no, body, signature FROM erasure_certificates WHERE awaits_erasure_no <= ?')
    this.#renew = database.prepare('UPDATE erasure_certificates SET body = ?, signature = ?, awaits_erasure_no = NULL WHERE record_no = ?')
    this.#leftOfSubject = leftIn(database, 'subjectNos', 'subject_no')
    this.#leftOfReference = leftIn(database, 'referenceNos', 'reference_no')
  }

  /** The caller is in a transaction. @throws subject.unknown */
  erase({ id, audit }: { id: string; audit: AuditEntry }, nowMs: number): ErasedWithFiles {
    const { subjects, references, records, restrictions, drafts, lookUp, segments, gallery } = this.#parts
    const subject = subjects.find(id)
    if (subject === undefined) throw new VultusError('subject.unknown')
    const referenceNos = this.#referenceNos.all(subject.subject_no)
    const destroyed = { ...this.#counts.get(subject.subject_no)!, keyEpochs: this.#keyEpochs.all(subject.subject_no) }
    const files = segments.noteErased(referenceNos)
    lookUp.removeAll(subject.subject_no)
    const removedReferenceNos = references.erase(subject.subject_no)
    records.erase(subject.subject_no)
    restrictions.erase(subject.subject_no)
    drafts.eraseOf(id)
    subjects.erase(subject)
    this.#assertNothingLeft(subject.subject_no, referenceNos)
    const sequence = gallery.change(-1, -removedReferenceNos.length)
    const certificate = this.#certify(subject, id, { ...audit, details: { ...audit.details, sequence } }, destroyed, nowMs)
    return { sequence, referenceNos: [], removedReferenceNos, certificate, files }
  }

  /** The certificate of the erasure with that audit record. @throws certificate.unknown */
  certificateOf(recordNo: number): KeptCertificate {
    const kept = this.#kept.get(recordNo)
    if (kept === undefined) throw new VultusError('certificate.unknown')
    const { publicKey } = this.#parts.audit.summary
    return { body: kept.body, signature: kept.signature.toString('base64'), publicKey }
  }

  /**
   * Every key file of the backups follows the erasures up to that number now: signs the certificates that awaited it anew. The
   * caller is in a transaction.
   * @param atMs after the last of them was replaced
   * @returns how many
   */
  renew(followedErasureNo: number, atMs: number): number {
    const { stationKey } = this.#parts.audit
    const awaiting = this.#awaiting.all(followedErasureNo)
    for (const { record_no, body, signature } of awaiting) {
      // What is not what was signed stays as it is: a new signature must not make it good.
      const right = isSignatureOf(stationKey.publicKey, Buffer.from(body), signature)
      const renewed = right ? replacedAt(body, atMs) : body
      this.#renew.run(renewed, right ? stationKey.sign(renewed) : signature, record_no)
    }
    return awaiting.length
  }

  #certify(subject: SubjectRow, id: string, entry: AuditEntry, destroyed: Destroyed, nowMs: number): Certificate {
    const { audit, random, vaultId } = this.#parts
    const { references, samples, versions, keyEpochs } = destroyed
    const record = audit.append(
      {
        ...entry,
        subject: subject.audit_id,
        details: { ...entry.details, references, samples, versions, keyEpochs: keyEpochs.join(' ') },
      },
      nowMs,
    )
    const salt = random(saltBytes)
    const { role, door, ...rest } = entry.actor
    const { publicKey, fingerprint } = audit.summary
    const { keyFiles, erasureNo, restoredMs, restoredNo } = this.#backups.get()!
    const isInRestored = restoredMs !== null && subject.subject_no <= (restoredNo ?? 0)
    const certificate: CertificateBody = {
      format: certificateFormat,
      vaultId,
      subject: subject.audit_id,
      subjectIdHash: subjectIdHashOf(salt, id),
      destroyed,
      time: new Date(record.atMs).toISOString(),
      by: { role, door, operator: 'operator' in rest && typeof rest.operator === 'string' ? rest.operator : null },
      auditRecord: { no: record.records, hash: record.hash.toString('hex') },
      backupKeyFile: keyFiles === 0 ? null : { keyFiles, replacedAt: null },
      ...(isInRestored ? { restoredFrom: new Date(restoredMs).toISOString() } : {}),
      stationKey: fingerprint,
    }
    const body = canonicalJson(certificate)
    const signature = audit.stationKey.sign(body)
    this.#keep.run(record.records, body, signature, keyFiles === 0 ? null : erasureNo)
    return { body, signature: signature.toString('base64'), publicKey, salt: salt.toString('base64') }
  }

  #assertNothingLeft(subjectNo: number, referenceNos: readonly number[]): void {
    const table =
      firstOf(this.#leftOfSubject, [subjectNo]) ??
      // A reference that had no row of its own any more cannot be known here; every one that had is asked for.
      firstOf(this.#leftOfReference, referenceNos)
    if (table !== undefined) throw new Error(`Erasure would have left rows in ${table}`)
  }
}

/** A certificate's text with the time from which on no key file opens the old copies. Never before the erasure: clocks go back. */
function replacedAt(text: string, atMs: number): string {
  const body = CertificateBody.parse(JSON.parse(text))
  if (body.backupKeyFile === null) return text
  const time = new Date(Math.max(atMs, Date.parse(body.time))).toISOString()
  return canonicalJson({ ...body, backupKeyFile: { ...body.backupKeyFile, replacedAt: time } })
}

function firstOf(statements: readonly Database.Statement<[number], string>[], numbers: readonly number[]): string | undefined {
  for (const statement of statements) {
    for (const number of numbers) {
      const table = statement.get(number)
      if (table !== undefined) return table
    }
  }
  return undefined
}

/** So many rows of a table without an index on the column are looked at; whoever keeps a larger one looks after it. */
const scannedRowsMax = 50_000

/** For every table that holds anything by such a number: does a row with it stand there. A table that nobody told of is asked too. */
function leftIn(database: Database.Database, numbers: keyof SubjectData, column: string): Database.Statement<[number], string>[] {
  const told = Object.entries(tablesOfSubjects).flatMap(([table, data]) => (data[numbers] ?? []).map((name) => ({ table, column: name })))
  const others = database
    .prepare<[string], string>(
      `SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = ? ORDER BY m.name`,
    )
    .pluck()
    .all(column)
    .filter((table) => tablesOfSubjects[table] === undefined)
  return [...told, ...others.map((table) => ({ table, column }))].map((place) => leftAt(database, place))
}

function leftAt(database: Database.Database, { table, column }: { table: string; column: string }): Database.Statement<[number], string> {
  const direct = `SELECT '${table}' FROM "${table}" WHERE ${column} = ? LIMIT 1`
  const plan = database.prepare<[number], { detail: string }>(`EXPLAIN QUERY PLAN ${direct}`).all(0)
  const scanned = `SELECT '${table}' FROM (SELECT ${column} FROM "${table}" LIMIT ${scannedRowsMax}) WHERE ${column} = ? LIMIT 1`
  const scans = plan.some(({ detail }) => detail.startsWith('SCAN'))
  return database.prepare<[number], string>(scans ? scanned : direct).pluck()
}
