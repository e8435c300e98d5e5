/**
 * Looking after the vault: SQLite's own check, whether rows belong together, seals, the index of beginnings, the audit chain,
 * segments, and free space. It works in slices, so that the station goes on; what it finds it reports and leaves as it is,
 * but for segments and rows of the index, which are made again.
 */
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import { MaintenanceReport } from '../contract/rows/maintenance.ts'
import { inconsistencies } from './consistency.ts'
import { checkPages } from './database.ts'
import type { Drafts } from './drafts.ts'
import { sizeOf } from './folder.ts'
import type { LookUp } from './lookUp.ts'
import type { References } from './references.ts'
import type { Restrictions } from './restrictions.ts'
import type { RowDigest } from './rowDigest.ts'
import type { Segments } from './segments.ts'
import type { SubjectRecords } from './subjectRecords.ts'
import type { SubjectRow, Subjects } from './subjects.ts'
import { nextTurn } from './turns.ts'

const subjectsPerSlice = 8
const numbersPerSlice = 250
/** Of a larger vault the scheduled check looks at so many subjects, from a number on that changes each time. */
const sampledSubjectsMax = 20_000
/** About a quarter of a second. */
const checkedBytesMax = 128 * 1024 * 1024
const problemsMax = 20
const reportsKept = 20
const pagesPerSlice = 64
const pagesFreeMin = 256
const everyMs = 24 * 60 * 60_000

type Check = MaintenanceReport['checks'][number]

export interface MaintenanceParts {
  readonly database: Database.Database
  readonly subjects: Subjects
  readonly references: References
  readonly records: SubjectRecords
  readonly restrictions: Restrictions
  readonly drafts: Drafts
  readonly lookUp: LookUp
  readonly segments: Segments
  readonly verifyAudit: () => Promise<{ ok: boolean; records: number; firstBad: number | null }>
  /** SQLite's own check on a copy, beside other work; undefined where none could be made, and where the vault has no folder. */
  readonly checkCopy: (problemsMax: number) => Promise<{ pages: number; problems: string[] } | undefined>
  readonly rows: RowDigest
  readonly nowMs: () => number
  /** Runs in a transaction. */
  readonly write: (run: () => void) => void
}

export class Maintenance {
  readonly #parts: MaintenanceParts
  readonly #reports: Database.Statement<[], string>
  readonly #keep: Database.Statement<[number, string]>
  readonly #forget: Database.Statement<[]>
  readonly #lastMs: Database.Statement<[], number | null>
  #sampleFrom = 0

  constructor(parts: MaintenanceParts) {
    this.#parts = parts
    const { database } = parts
    this.#reports = database.prepare<[], string>('SELECT report FROM maintenance_reports ORDER BY report_no DESC').pluck()
    this.#keep = database.prepare('INSERT INTO maintenance_reports (finished_ms, report) VALUES (?, ?)')
    this.#forget = database.prepare(`DELETE FROM maintenance_reports WHERE report_no <=
      (SELECT max(report_no) FROM maintenance_reports) - ${reportsKept}`)
    this.#lastMs = database
      .prepare<[], number | null>(
        'SELECT coalesce((SELECT finished_ms FROM maintenance_reports ORDER BY report_no DESC LIMIT 1), created_ms) FROM vault',
      )
      .pluck()
  }

  /** Whether the last check is more than a day ago, or seems to be still to come because the clock was set back since. */
  isDue(): boolean {
    const sinceMs = this.#parts.nowMs() - (this.#lastMs.get() ?? 0)
    return sinceMs > everyMs || sinceMs < 0
  }

  /** The latest 20 reports, newest first. */
  reports(): MaintenanceReport[] {
    return this.#reports.all().map((text) => MaintenanceReport.parse(JSON.parse(text)))
  }

  /**
   * Checks, gives free space back, and keeps the report.
   * @param finish runs in the transaction that keeps the report
   */
  async run(thorough: boolean, finish: (report: MaintenanceReport) => void): Promise<MaintenanceReport> {
    const { nowMs, write } = this.#parts
    const startedAt = new Date(nowMs()).toISOString()
    const checks = [
      await this.#checkDatabase(thorough),
      await this.#checkConsistency(thorough),
      ...(await this.#checkSubjects(thorough)),
      await this.#checkAudit(),
      await this.#checkSegments(),
      await this.#giveBackSpace(),
    ]
    const finishedMs = nowMs()
    const ok = checks.every(({ problems }) => problems.length === 0)
    const report = { startedAt, finishedAt: new Date(finishedMs).toISOString(), thorough, ok, checks }
    write(() => {
      this.#keep.run(finishedMs, JSON.stringify(report))
      this.#forget.run()
      finish(report)
    })
    return report
  }

  async #checkDatabase(thorough: boolean): Promise<Check> {
    const { database, checkCopy } = this.#parts
    const copied = await checkCopy(problemsMax)
    // Without a copy SQLite checks in one piece and everybody waits: large databases only where it is asked for.
    const skipped = copied === undefined && !thorough && (sizeOf(database.name) ?? 0) > checkedBytesMax
    if (skipped) return { name: 'database', lookedAt: 0, problems: [] }
    const found = copied ?? damageOf(() => checkPages(database, problemsMax))
    const { pages, problems } = 'damage' in found ? { pages: 0, problems: [found.damage] } : found
    return { name: 'database', lookedAt: pages, problems: problems.map((text) => text.slice(0, 200)) }
  }

  async #checkConsistency(thorough: boolean): Promise<Check> {
    const problems: string[] = []
    let lookedAt = 0
    const rules = inconsistencies(this.#parts.database)[Symbol.iterator]()
    for (;;) {
      await nextTurn()
      const next = damageOf(() => rules.next())
      if ('damage' in next) return { name: 'consistency', lookedAt, problems: [...problems, next.damage] }
      if (next.done === true) return this.#checkRows(thorough, { name: 'consistency', lookedAt, problems })
      if (next.value === undefined) continue
      lookedAt += 1
      if (next.value.broken !== undefined) problems.push(next.value.broken)
    }
  }

  /** Whether all rows are of one time: of a large database only where it is asked for. */
  async #checkRows(thorough: boolean, check: Check): Promise<Check> {
    const { database, rows } = this.#parts
    if (!thorough && (sizeOf(database.name) ?? 0) > checkedBytesMax) return check
    const look = rows.look()
    for (;;) {
      const next = damageOf(() => look.next())
      if ('damage' in next) return { ...check, problems: [...check.problems, next.damage] }
      if (next.done !== true) {
        await nextTurn()
        continue
      }
      return next.value
        ? { ...check, lookedAt: check.lookedAt + 1 }
        : { ...check, problems: [...check.problems, 'rows of different times'] }
    }
  }

  async #checkSubjects(thorough: boolean): Promise<Check[]> {
    const { subjects, lookUp, write } = this.#parts
    const seals = { name: 'seals' as const, lookedAt: 0, problems: [] as string[] }
    const index = { name: 'index' as const, lookedAt: 0, problems: [] as string[] }
    const tell = (check: Check, problem: string) => {
      if (check.problems.length < problemsMax) check.problems.push(problem)
    }
    for (let at = 0; ; ) {
      await nextTurn()
      const next = damageOf(() => this.#parts.drafts.verifyNext(at))
      if (next === undefined) break
      if (typeof next !== 'number') {
        tell(seals, next.damage)
        break
      }
      seals.lookedAt += 1
      at = next
    }
    let after = thorough ? 0 : this.#sampleFrom
    for (;;) {
      await nextTurn()
      const rows = damageOf(() => subjects.after(after, subjectsPerSlice))
      if ('damage' in rows) {
        tell(seals, rows.damage)
        break
      }
      for (const row of rows) {
        const seen = damageOf(() => this.unsealAll(row))
        if (typeof seen !== 'number') tell(seals, seen.damage)
        else seals.lookedAt += seen
        const wrong = damageOf(() => lookUp.wrongOf(row))
        if (wrong !== 0) tell(index, `prefixes of subject ${row.subject_no}`)
        if (typeof wrong === 'number' && wrong > 0) write(() => lookUp.mend(row.subject_no))
        index.lookedAt += 1
        after = row.subject_no
      }
      if (rows.length < subjectsPerSlice || (!thorough && index.lookedAt >= sampledSubjectsMax)) break
    }
    this.#sampleFrom = index.lookedAt >= sampledSubjectsMax && !thorough ? after : 0
    return [seals, await this.#checkOrphans(thorough, index)]
  }

  /** Rows of the index whose subject is gone: of a large vault only where it is asked for. */
  async #checkOrphans(thorough: boolean, index: Check): Promise<Check> {
    const { database, lookUp, write } = this.#parts
    if (!thorough && (sizeOf(database.name) ?? 0) > checkedBytesMax) return index
    const problems = [...index.problems]
    for (let after = Number.MIN_SAFE_INTEGER; ; ) {
      await nextTurn()
      const rows = damageOf(() => lookUp.numbersAfter(after, numbersPerSlice))
      if ('damage' in rows) return { ...index, problems: [...problems, rows.damage] }
      for (const { subject_no, orphaned } of rows) {
        if (orphaned === 0) continue
        if (problems.length < problemsMax) problems.push(`prefixes without a subject ${subject_no}`)
        write(() => lookUp.mend(subject_no))
      }
      if (rows.length < numbersPerSlice) return { ...index, problems }
      after = rows.at(-1)?.subject_no ?? after
    }
  }

  /** Unseals everything of a subject. @returns how many values @throws vault.damaged */
  unsealAll(row: SubjectRow): number {
    const { subjects, references, records, restrictions } = this.#parts
    subjects.identityOf(row)
    subjects.labelOf(row)
    const key = subjects.keyOf(row)
    const kept = [references, records, restrictions]
    return kept.reduce((values, store) => values + store.verifyAll(row.subject_no, key), 1)
  }

  async #checkAudit(): Promise<Check> {
    const verdict = await damageOfAsync(this.#parts.verifyAudit)
    if ('damage' in verdict) return { name: 'audit', lookedAt: 0, problems: [verdict.damage] }
    return { name: 'audit', lookedAt: verdict.records, problems: verdict.ok ? [] : [`record ${verdict.firstBad}`] }
  }

  async #checkSegments(): Promise<Check> {
    const { segments, write } = this.#parts
    const problems: string[] = []
    let lookedAt = 0
    const rows = damageOf(() => segments.all())
    if ('damage' in rows) return { name: 'segments', lookedAt, problems: [rows.damage] }
    for (const row of rows) {
      await nextTurn()
      // It may have been replaced meanwhile.
      const known = segments.find(row.model, row.segment_index)
      if (known?.generation !== row.generation) continue
      const opened = await segments.open(known)
      if (opened === 'unread') continue
      lookedAt += 1
      if (opened !== 'broken') {
        for (const { block } of opened) block.fill(0)
        continue
      }
      if (problems.length < problemsMax) problems.push(`segment ${row.segment_index} of ${row.model}`)
      write(() => segments.drop(known))
      segments.removeFiles([known.generation])
    }
    return { name: 'segments', lookedAt, problems }
  }

  /** Gives pages that are no longer used back to the disk, where the vault was made so that it can. */
  async #giveBackSpace(): Promise<Check> {
    const { database, write } = this.#parts
    let lookedAt = 0
    const free = () => Number(database.pragma('freelist_count', { simple: true }))
    if (Number(database.pragma('auto_vacuum', { simple: true })) !== 2) return { name: 'space', lookedAt, problems: [] }
    while (free() > pagesFreeMin) {
      const before = free()
      write(() => database.pragma(`incremental_vacuum(${pagesPerSlice})`))
      lookedAt += before - free()
      if (free() === before) break
      await nextTurn()
    }
    return { name: 'space', lookedAt, problems: [] }
  }
}

/** What a look gives, or what of the vault is damaged; anything else that is thrown is thrown on. */
function damageOf<T>(look: () => T): T | { readonly damage: string } {
  try {
    return look()
  } catch (error) {
    return { damage: damageIn(error) }
  }
}

async function damageOfAsync<T>(look: () => Promise<T>): Promise<T | { readonly damage: string }> {
  try {
    return await look()
  } catch (error) {
    return { damage: damageIn(error) }
  }
}

function damageIn(error: unknown): string {
  if (error instanceof VultusError && error.code === 'vault.damaged') return error.detail ?? 'vault.damaged'
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (/^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(code)) return code
  throw error
}
