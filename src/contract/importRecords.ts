/** Bulk imports as the vault keeps them and gives them back. */
import type { ImportOutcome } from './bulkImport.ts'
import type { ErrorCode } from './errors.ts'
import type { SubjectForm } from './form.ts'
import type { PresetId } from './quality.ts'
import type { AuditEntry, NewReference } from './records.ts'
import type { Consent, ConsentGiven } from './rows/consent.ts'
import type { Language } from './rows/desk.ts'

/** How the people of an import gave their consent; version and language of the text where one is recorded. */
export interface ImportConsent {
  readonly given: ConsentGiven
  readonly version?: number | undefined
  readonly language?: Language | undefined
}

/** What columns are called, where somebody said so; of the fields of the form always. */
export interface ImportColumns {
  readonly number?: string | undefined
  readonly name?: string | undefined
  readonly picture?: string | undefined
  /** Has the day on which each person consented. */
  readonly consent?: string | undefined
  /** Columns by the fields of the form that they fill in. */
  readonly fields?: Readonly<Record<string, string>> | undefined
}

/** What a job imports and how, fixed when it begins. */
export interface ImportSettings {
  readonly source: string
  readonly duplicates: 'ask' | 'refuse'
  readonly preset: 'none' | PresetId
  readonly fmr: number
  readonly kind: 'folder' | 'list'
  readonly fpir: number | null
  readonly columns: ImportColumns
  /** Undefined where the site asks nobody, and in imports of before. */
  readonly consent?: ImportConsent | undefined
  readonly unreadColumns: readonly string[]
  /** Random; goes into the mark of each row. */
  readonly salt: string
}

export interface RowProblem {
  readonly code: ErrorCode
  readonly detail?: string | undefined
}

export interface RowCandidate {
  readonly id: string
  readonly comparisonScore: number
  readonly model: string
}

/** A row that was not enrolled. */
export interface KeptRow {
  readonly row: number
  readonly mark: string
  readonly outcome: 'skipped' | 'suspected' | 'refused'
  /** What it gives as the number of the subject, where that can be read. */
  readonly number?: string | undefined
  readonly problem?: RowProblem | undefined
  readonly candidates?: readonly RowCandidate[] | undefined
}

export interface EnrolledRow {
  readonly row: number
  readonly mark: string
  readonly number: string
  readonly name: string | undefined
  readonly form?: SubjectForm | undefined
  readonly consent?: Consent | undefined
  readonly references: readonly NewReference[]
  /** For the audit entry. */
  readonly details: NonNullable<AuditEntry['details']>
}

/** What the vault knows of a row. */
export interface ImportedRow {
  readonly row: number
  readonly mark: string | null
  readonly outcome: ImportOutcome
  readonly code: ErrorCode | null
  readonly detail: string | null
  /** Id of the subject that it is, where there is one. */
  readonly subject: string | null
  readonly candidates: readonly RowCandidate[]
}
