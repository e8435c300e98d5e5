/**
 * Bulk imports: a job that enrols row after row, and the rows that wait for a decision.
 *
 * 1. What a row does and that the job is behind it are one transaction: after a kill the job goes on with the next row, and no row is
 *    enrolled twice.
 * 2. Of a row the vault keeps its number, what became of it, and a keyed digest of what it said; no name, no number of a person, no
 *    path. What links it to a subject goes with the subject.
 * 3. A number that is enrolled is never given a new version by an import.
 */

import type Database from 'better-sqlite3'
import type { ImportOutcome } from '../contract/bulkImport.ts'
import { VultusError } from '../contract/errors.ts'
import type { SubjectForm } from '../contract/form.ts'
import type { EnrolledRow, ImportedRow, ImportSettings, KeptRow, RowCandidate, RowProblem } from '../contract/importRecords.ts'
import { type Job, JobKindName } from '../contract/jobs.ts'
import type { AuditEntry, CommittedChange, NewReference } from '../contract/records.ts'
import type { Consent } from '../contract/rows/consent.ts'
import { ImportRows } from './importRows.ts'
import type { Jobs } from './jobs.ts'
import type { Subjects } from './subjects.ts'
import type { Transactions } from './transactions.ts'

const kind = JobKindName.enum.import
const detailCharactersMax = 200

interface Position {
  readonly settings: ImportSettings
  /** The last row that is done. */
  readonly after: number
}

export interface ImportsParts {
  readonly database: Database.Database
  readonly transactions: Transactions
  readonly subjects: Subjects
  readonly jobs: Jobs
  /** Writes an enrolment with its entry, in the transaction of the caller. */
  readonly enrol: (change: {
    id: string
    name: string | undefined
    form?: SubjectForm | undefined
    consent?: Consent | undefined
    references: readonly NewReference[]
    audit: AuditEntry
  }) => CommittedChange & { subjectNo: number }
}

export class Imports {
  readonly #parts: ImportsParts
  readonly #rows: ImportRows
  readonly #jobNo: Database.Statement<[string], number>

  constructor(parts: ImportsParts) {
    this.#parts = parts
    this.#rows = new ImportRows(parts.database, parts.subjects)
    this.#jobNo = parts.database.prepare<[string], number>('SELECT job_no FROM jobs WHERE job_id = ?').pluck()
  }

  begin(settings: ImportSettings, total: number, audit: AuditEntry): Job {
    const position: Position = { settings, after: 0 }
    return this.#parts.jobs.begin({ kind, total, position }, audit)
  }

  next(id: string): { settings: ImportSettings; after: number; mark: string | null } {
    return this.#parts.transactions.read(() => {
      const { settings, after } = this.#positionOf(id)
      return { settings, after, mark: this.#rows.find(this.#noOf(id), after)?.mark ?? null }
    })
  }

  standingOf(id: string, number: string): 'free' | 'skipped' | 'numberTaken' {
    return this.#parts.transactions.read(() => this.#standingOf(this.#noOf(id), number))
  }

  enrol(id: string, row: EnrolledRow): { job: Job; change: CommittedChange | undefined } {
    const { transactions, jobs } = this.#parts
    return transactions.write(() => {
      const job = jobs.get(id)
      if (job.state !== 'running') return { job, change: undefined }
      const jobNo = this.#noOf(id)
      const standing = this.#standingOf(jobNo, row.number)
      if (standing !== 'free') {
        const kept = { ...row, ...keptAs(standing) }
        this.#rows.add(jobNo, { ...kept, subjectNo: this.#subjectNoOf(kept) })
        return { job: this.#advance(job, row.row), change: undefined }
      }
      const details = { ...row.details, references: row.references.length, job: id, row: row.row }
      const audit: AuditEntry = { event: 'subject.enrol', actor: jobs.ownerOf(id), outcome: 'done', details }
      const { subjectNo: enrolled, ...change } = this.#parts.enrol({ ...row, id: row.number, audit })
      this.#rows.add(jobNo, { ...row, outcome: 'enrolled', subjectNo: enrolled })
      return { job: this.#advance(job, row.row), change }
    })
  }

  keep(id: string, row: KeptRow): Job {
    const { transactions, jobs } = this.#parts
    return transactions.write(() => {
      const job = jobs.get(id)
      if (job.state !== 'running') return job
      const jobNo = this.#noOf(id)
      const problem = row.problem && { ...row.problem, detail: row.problem.detail?.slice(0, detailCharactersMax) }
      this.#rows.add(jobNo, { ...row, problem, subjectNo: this.#subjectNoOf(row) })
      if (row.candidates !== undefined) this.#rows.setCandidates(jobNo, row.row, row.candidates)
      return this.#advance(job, row.row)
    })
  }

  finish(id: string): Job {
    const { transactions, jobs } = this.#parts
    return transactions.write(() => {
      const job = jobs.get(id)
      if (job.state !== 'running') return job
      jobs.advance(id, { done: job.done, total: job.done, position: this.#positionOf(id) })
      jobs.end(id, 'done')
      const details = { job: id, phase: 'done', ...this.#rows.counts(this.#noOf(id)) }
      transactions.audit({ event: 'import.start', actor: jobs.ownerOf(id), outcome: 'done', details })
      return jobs.get(id)
    })
  }

  report(page: { job: string | undefined; outcomes: readonly ImportOutcome[]; after: number; limit: number }) {
    return this.#parts.transactions.read(() => {
      const job = this.#jobOf(page.job)
      const jobNo = this.#noOf(job.id)
      const { settings } = this.#positionOf(job.id)
      return {
        job,
        settings,
        counts: this.#rows.counts(jobNo),
        reasons: this.#rows.reasons(jobNo),
        rows: this.#rows.page(jobNo, page.outcomes, page.after, page.limit),
      }
    })
  }

  waiting(id: string | undefined, row: number): { job: Job; settings: ImportSettings; row: ImportedRow } {
    return this.#parts.transactions.read(() => {
      const job = this.#jobOf(id)
      return { job, settings: this.#positionOf(job.id).settings, row: this.#waiting(job.id, row) }
    })
  }

  setCandidates(id: string, row: number, candidates: readonly RowCandidate[]): void {
    this.#parts.transactions.write(() => {
      this.#waiting(id, row)
      this.#rows.setCandidates(this.#noOf(id), row, candidates)
    })
  }

  decide(change: {
    job: string
    row: number
    outcome: 'enrolled' | 'added'
    id: string
    name: string | undefined
    form?: SubjectForm | undefined
    consent?: Consent | undefined
    references: readonly NewReference[]
    audit: AuditEntry
  }): CommittedChange {
    const { transactions, subjects } = this.#parts
    return transactions.write(() => {
      this.#waiting(change.job, change.row)
      const known = subjects.find(change.id)
      if (change.outcome === 'enrolled' && known !== undefined) throw new VultusError('import.numberTaken')
      if (change.outcome === 'added' && known === undefined) throw new VultusError('subject.unknown')
      const { subjectNo, ...committed } = this.#parts.enrol(change)
      this.#rows.settle(this.#noOf(change.job), change.row, change.outcome, subjectNo)
      return committed
    })
  }

  dismiss({ job, row, audit }: { job: string; row: number; audit: AuditEntry }): void {
    const { transactions } = this.#parts
    transactions.write(() => {
      this.#waiting(job, row)
      this.#rows.settle(this.#noOf(job), row, 'dismissed', null)
      transactions.audit(audit)
    })
  }

  #advance(job: Job, row: number): Job {
    const position = this.#positionOf(job.id)
    if (row !== position.after + 1) throw new RangeError(`Row ${row} does not follow row ${position.after}`)
    // A list may have grown since its rows were counted.
    const total = Math.max(row, job.total)
    return this.#parts.jobs.advance(job.id, { done: row, total, position: { ...position, after: row } })
  }

  /** The subject that a row was left out for, since its number is theirs: what tells of the row goes with them. */
  #subjectNoOf({ outcome, problem, number }: Pick<KeptRow, 'outcome' | 'problem' | 'number'>): number | undefined {
    if (number === undefined || (outcome !== 'skipped' && problem?.code !== 'import.numberTaken')) return undefined
    return this.#parts.subjects.find(number)?.subject_no
  }

  #standingOf(jobNo: number, number: string): 'free' | 'skipped' | 'numberTaken' {
    const subject = this.#parts.subjects.find(number)
    if (subject === undefined) return 'free'
    return this.#rows.enrolled(jobNo, subject.subject_no) ? 'numberTaken' : 'skipped'
  }

  #waiting(id: string, row: number): ImportedRow {
    const found = this.#rows.find(this.#noOf(id), row)
    if (found?.outcome !== 'suspected') throw new VultusError('import.rowUnknown')
    return found
  }

  #jobOf(id: string | undefined): Job {
    const { jobs } = this.#parts
    const job = id === undefined ? jobs.list().find((candidate) => candidate.kind === kind) : jobs.get(id)
    if (job?.kind !== kind) throw new VultusError('job.unknown')
    return job
  }

  #noOf(id: string): number {
    const jobNo = this.#jobNo.get(id)
    if (jobNo === undefined) throw new VultusError('job.unknown')
    return jobNo
  }

  #positionOf(id: string): Position {
    return this.#parts.jobs.positionOf<Position>(id)
  }
}

/** What a row is kept as whose number was taken. */
function keptAs(standing: 'skipped' | 'numberTaken'): { outcome: 'skipped' | 'refused'; problem?: RowProblem } {
  return standing === 'skipped' ? { outcome: 'skipped' } : { outcome: 'refused', problem: { code: 'import.numberTaken' } }
}
