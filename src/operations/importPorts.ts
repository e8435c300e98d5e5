/** What bulk import sees of the vault, and of the folder or list that it reads. */

import type { ImportOutcome } from '../contract/bulkImport.ts'
import type { SubjectForm } from '../contract/form.ts'
import type { EnrolledRow, ImportedRow, ImportSettings, KeptRow, RowCandidate, RowProblem } from '../contract/importRecords.ts'
import type { Job } from '../contract/jobs.ts'
import type { AuditEntry, CommittedChange, NewReference } from '../contract/records.ts'
import type { Consent } from '../contract/rows/consent.ts'

/** A row of a list, or a person of a folder. */
export interface SourceRow {
  /** From 1. */
  readonly row: number
  readonly line: number | null
  readonly number: string
  readonly name: string | undefined
  /** Of columns of the form, by field; empty ones are left out. */
  readonly form?: Readonly<Record<string, string>> | undefined
  /** Day of consent as the list says it, empty where it says none; undefined where it has no such column. */
  readonly consentDay?: string | undefined
  /** Path of the picture, or of the folder with the pictures, below that of the import. */
  readonly picture: string
  /** Why it cannot be enrolled, where that is seen without looking at a picture. */
  readonly problem: RowProblem | undefined
  /** Keyed digest of what it says: tells whether the row is the one that was imported. */
  readonly mark: string
  /** What reads each of its pictures, one or more. @throws VultusError import.*, and each of them picture.* */
  readonly pictures: () => Promise<readonly (() => Promise<Uint8Array>)[]>
}

export interface ImportedRows {
  readonly job: Job
  readonly settings: ImportSettings
  readonly counts: Readonly<Record<ImportOutcome, number>>
  /** How many rows were refused, by code. */
  readonly reasons: Readonly<Record<string, number>>
  readonly rows: readonly ImportedRow[]
}

export interface ImportsPort {
  begin(settings: ImportSettings, total: number, audit: AuditEntry): Job
  /** The job's settings, its last row that is done (0 for none), and the mark of that, where it has one. */
  next(id: string): { settings: ImportSettings; after: number; mark: string | null }
  /** Whether a number can be enrolled by this job: skipped where it was there before. */
  standingOf(id: string, number: string): 'free' | 'skipped' | 'numberTaken'
  /**
   * Enrols a row and moves the job behind it, in one transaction with the audit entry. A number that was taken meanwhile is kept as
   * that instead; a job that does not run any more is left as it is.
   */
  enrol(id: string, row: EnrolledRow): { job: Job; change: CommittedChange | undefined }
  /** Keeps what became of a row, and moves the job behind it. */
  keep(id: string, row: KeptRow): Job
  /** All rows are done. */
  finish(id: string): Job
  /** Rows with these outcomes, in their order. @param page job: the newest where it is left out @throws job.unknown */
  report(page: { job: string | undefined; outcomes: readonly ImportOutcome[]; after: number; limit: number }): ImportedRows
  /** A row that waits for a decision. @throws job.unknown, import.rowUnknown */
  waiting(job: string | undefined, row: number): { job: Job; settings: ImportSettings; row: ImportedRow }
  /** Puts other candidates to a row that waits. */
  setCandidates(job: string, row: number, candidates: readonly RowCandidate[]): void
  /**
   * Enrols a row that waited (new subject), or adds it to a subject that is there, with its audit entry in one transaction.
   * @throws import.rowUnknown, import.numberTaken, subject.unknown
   */
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
  }): CommittedChange
  /** Leaves a row out that waited. @throws import.rowUnknown */
  dismiss(change: { job: string; row: number; audit: AuditEntry }): void
}
