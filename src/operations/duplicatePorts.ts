/** What the search for double enrolments sees of the vault. */
import type { Job } from '../contract/jobs.ts'
import type { AuditEntry } from '../contract/records.ts'

/** What a job compares by, fixed when it begins. */
export interface DuplicateSettings {
  readonly model: string
  readonly threshold: number
  /** The rate that stands behind the threshold, and whether the calibration supports it. */
  readonly fmr: number
  readonly supported: boolean
}

/** An active reference, with its subject as a number that leaves the vault nowhere else. */
export interface NumberedReference {
  readonly referenceNo: number
  readonly subjectNo: number
  readonly template: Float32Array
}

/** Two references of two subjects at or above the threshold. */
export interface ReferencePair {
  readonly one: NumberedReference
  readonly other: NumberedReference
  readonly comparisonScore: number
}

export interface DuplicateReport {
  readonly job: Job
  readonly settings: DuplicateSettings
  /** References that have been compared with all others. */
  readonly compared: number
  readonly completeFrom: number
  readonly found: number
  readonly pairs: readonly { readonly first: string; readonly second: string; readonly comparisonScore: number }[]
}

export interface DuplicatesPort {
  begin(settings: DuplicateSettings, audit: AuditEntry): Job
  /** The next references that are to be compared with all others, and the score that a pair has to have to be kept. */
  next(id: string, count: number): { settings: DuplicateSettings; threshold: number; probes: NumberedReference[] }
  /** Active references of a model with these numbers; those that are gone are left out. */
  references(model: string, referenceNos: readonly number[]): NumberedReference[]
  /** Keeps pairs ahead of `record`. @returns the score that a pair has to have from now on to be kept */
  keep(id: string, pairs: readonly ReferencePair[]): number
  /** Keeps what the next references matched, and moves the job behind them; the job is done where there were none. */
  record(id: string, result: { probes: readonly NumberedReference[]; pairs: readonly ReferencePair[] }): Job
  /** Pairs that a job has found, most similar first. @param page job: the newest where it is left out */
  report(page: { job: string | undefined; limit: number; after: number }): DuplicateReport
}
