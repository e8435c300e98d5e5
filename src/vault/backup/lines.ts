/**
 * What the vault knows of its backups: lines of key files, each with the generations that its newest one names.
 *
 * 1. A line of key files (one, and all that replace it) is known before its first stands anywhere, so that no erasure can miss
 *    one. A line that is not in its folder, because another disk is there now, stays pending.
 * 2. Which erasure a key file follows is noted after it was replaced: a kill between the two makes it pending, and it is written
 *    once more.
 */
import type Database from 'better-sqlite3'
import { VultusError } from '../../contract/errors.ts'
import type { AuditEntry } from '../../contract/records.ts'
import type { BackupFolderReport } from '../../contract/rows/backup.ts'
import type { Settings } from '../settings.ts'
import type { Transactions } from '../transactions.ts'
import type { Generation } from './keyFile.ts'

/** Of a line whose first key file is not complete. */
const nothingFollowed = -1

/** Key files that replace each other, and where they stand. */
export interface Line {
  readonly folder: string
  readonly lineId: string
}

interface LineRow {
  readonly line_id: string
  readonly folder: string
  readonly erasure_no: number
  readonly header_digest: string
  readonly refreshed_ms: number
}

interface GenerationRow {
  readonly number: number
  readonly created_ms: number
  readonly bytes: number
  readonly subjects: number
  readonly verified_ms: number
}

/** A key file that has just replaced the one before. */
export interface WrittenKeyFile {
  /** The erasure that it follows, of when it was begun. */
  readonly erasureNo: number
  /** Digest of the vault's header that it carries. */
  readonly digest: string
  readonly nowMs: number
  readonly generations: readonly Generation[]
  /** Where it is of a backup. */
  readonly made?: Generation | undefined
}

export interface LinesParts {
  readonly database: Database.Database
  readonly transactions: Transactions
  readonly settings: Settings
  /** Digest of the vault's header as it is now. */
  readonly headerDigest: () => string
  /** Every key file follows the erasures up to that number, since that time: certificates say so. In a transaction. @returns how many */
  readonly renewCertificates: (followedErasureNo: number, atMs: number) => number
}

const isoOf = (ms: number) => new Date(ms).toISOString()

export class Lines {
  readonly #parts: LinesParts
  readonly #all: Database.Statement<[], LineRow>
  readonly #generations: Database.Statement<[string], GenerationRow>
  readonly #lastIn: Database.Statement<[string], number | null>
  readonly #followed: Database.Statement<[], number | null>
  readonly #lastErasure: Database.Statement<[], number>
  readonly #erased: Database.Statement<[], string>

  constructor(parts: LinesParts) {
    const { database } = parts
    this.#parts = parts
    this.#all = database.prepare(
      'SELECT line_id, folder, erasure_no, header_digest, refreshed_ms FROM backup_lines ORDER BY folder, line_id',
    )
    this.#generations = database.prepare(
      'SELECT number, created_ms, bytes, subjects, verified_ms FROM backup_generations WHERE line_id = ? ORDER BY number',
    )
    this.#lastIn = database
      .prepare<[string], number | null>('SELECT max(created_ms) FROM backup_generations JOIN backup_lines USING (line_id) WHERE folder = ?')
      .pluck()
    this.#followed = database.prepare<[], number | null>('SELECT min(erasure_no) FROM backup_lines').pluck()
    this.#lastErasure = database.prepare<[], number>('SELECT coalesce(max(erasure_no), 0) FROM erasures').pluck()
    this.#erased = database.prepare<[], string>('SELECT audit_id FROM erasures').pluck()
  }

  /** What is known of the backups, without looking into their folders. */
  folders(): BackupFolderReport[] {
    return this.#parts.transactions.read(() =>
      this.#all.all().map((row) => ({
        folder: row.folder,
        keyFile: { refreshedAt: row.erasure_no === nothingFollowed ? null : isoOf(row.refreshed_ms), pending: this.#isPending(row) },
        generations: this.#generations.all(row.line_id).map(({ number, created_ms, bytes, subjects, verified_ms }) => ({
          number,
          createdAt: isoOf(created_ms),
          bytes,
          subjects,
          verifiedAt: isoOf(verified_ms),
        })),
      })),
    )
  }

  /** @param which pending: only those whose key file still has to follow an erasure or a change of the vault's header */
  list(which: 'all' | 'pending'): Line[] {
    return this.#parts.transactions.read(() =>
      this.#all
        .all()
        .filter((row) => which === 'all' || this.#isPending(row))
        .map(({ folder, line_id: lineId }) => ({ folder, lineId })),
    )
  }

  isPending({ lineId }: Line): boolean {
    return this.list('pending').some((line) => line.lineId === lineId)
  }

  /** When the key file of a line was last replaced. */
  refreshedAt({ lineId }: Line): string {
    return isoOf(this.#all.all().find((row) => row.line_id === lineId)?.refreshed_ms ?? 0)
  }

  /** When the newest generation in a folder was made, milliseconds since 1970; null where there is none. */
  lastMs(folder: string): number | null {
    return this.#parts.transactions.read(() => this.#lastIn.get(folder) ?? null)
  }

  /** Number of the latest erasure, 0 where there was none. @throws vault.locked after close */
  lastErasureNo(): number {
    return this.#parts.transactions.read(() => this.#lastErasure.get() ?? 0)
  }

  /** Audit ids of all subjects that were erased. */
  erased(): ReadonlySet<string> {
    return new Set(this.#erased.all())
  }

  /** Knows a line from before its first key file on. @returns whether it is new */
  announce({ folder, lineId }: Line): boolean {
    if (this.#all.all().some((known) => known.line_id === lineId)) return false
    this.#parts.transactions.write(() =>
      this.#parts.database
        .prepare(`INSERT INTO backup_lines (line_id, folder, erasure_no, header_digest, refreshed_ms) VALUES (?, ?, ?, '', 0)`)
        .run(lineId, folder, nothingFollowed),
    )
    return true
  }

  /** A line that was announced got no key file. */
  withdraw({ lineId }: Line): void {
    this.#parts.transactions.write(() => this.#parts.database.prepare('DELETE FROM backup_lines WHERE line_id = ?').run(lineId))
  }

  /** Notes that the key file of a line was replaced, and renews the certificates that waited for it. */
  note(line: Line, written: WrittenKeyFile, audit: AuditEntry): void {
    const { transactions } = this.#parts
    const { erasureNo, nowMs, generations, made } = written
    transactions.write(() => {
      this.#put(line, written)
      const ofBackup = made === undefined ? {} : { generation: made.number, bytes: made.bytes, subjects: made.subjects }
      const certificates = this.#certify(nowMs)
      const details = { ...audit.details, ...ofBackup, generations: generations.length, erasure: erasureNo, certificates }
      transactions.audit({ ...audit, details })
    })
  }

  /** Forgets every line of a folder: the key files that stood in it stay as they are and follow no erasure. @throws backup.missing */
  forget(folder: string, audit: AuditEntry): void {
    const { database, transactions, settings } = this.#parts
    transactions.write(() => {
      const rows = this.#all.all().filter((known) => known.folder === folder)
      if (rows.length === 0) throw new VultusError('backup.missing', folder)
      // Of what its key files do not follow nobody can certify any more that they were replaced.
      const followed = Math.min(...rows.map((row) => row.erasure_no))
      database.prepare('UPDATE erasure_certificates SET awaits_erasure_no = NULL WHERE awaits_erasure_no > ?').run(followed)
      database.prepare('DELETE FROM backup_lines WHERE folder = ?').run(folder)
      const schedule = settings.get('backup.schedule')
      if (schedule.folder === folder) settings.set('backup.schedule', { ...schedule, folder: null }, transactions.nowMs())
      this.#certify(transactions.nowMs())
      transactions.audit(audit)
    })
  }

  #put({ folder, lineId }: Line, { erasureNo, digest, nowMs, generations, made }: WrittenKeyFile): void {
    const { database } = this.#parts
    database
      .prepare(
        `INSERT INTO backup_lines (line_id, folder, erasure_no, header_digest, refreshed_ms) VALUES (?, ?, ?, ?, ?) ON CONFLICT (line_id)
          DO UPDATE SET folder = excluded.folder, erasure_no = excluded.erasure_no, header_digest = excluded.header_digest, refreshed_ms = excluded.refreshed_ms`,
      )
      .run(lineId, folder, erasureNo, digest, nowMs)
    const verifiedMs = new Map(this.#generations.all(lineId).map((row) => [row.number, row.verified_ms]))
    database.prepare('DELETE FROM backup_generations WHERE line_id = ?').run(lineId)
    const insert = database.prepare(
      'INSERT INTO backup_generations (line_id, number, created_ms, bytes, subjects, verified_ms) VALUES (?, ?, ?, ?, ?, ?)',
    )
    for (const { number, createdAt, bytes, subjects } of generations) {
      const createdMs = Date.parse(createdAt)
      insert.run(lineId, number, createdMs, bytes, subjects, made?.number === number ? nowMs : (verifiedMs.get(number) ?? createdMs))
    }
  }

  /** Signs the certificates anew whose erasure every key file follows by now; the caller is in a transaction. @returns how many */
  #certify(nowMs: number): number {
    const followed = this.#followed.get() ?? null
    return followed === null ? 0 : this.#parts.renewCertificates(followed, nowMs)
  }

  #isPending(row: LineRow): boolean {
    return row.erasure_no < (this.#lastErasure.get() ?? 0) || row.header_digest !== this.#parts.headerDigest()
  }
}
