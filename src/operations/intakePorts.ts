/** What enrolment sees of the vault beside references: the form, drafts, and what waits for a supervisor. */
import type { DraftClaim, DraftRecord, DraftState, WaitingCandidate } from '../contract/draftRecords.ts'
import type { FormPolicy, SubjectForm } from '../contract/form.ts'
import type { DraftContent, KeptException, WaitingContent } from '../contract/intake.ts'
import type { LabelChange } from '../contract/label.ts'
import type { KeptCapture } from '../contract/processes.ts'
import type { AuditEntry, CommittedChange, KeptDecision, NewReference } from '../contract/records.ts'
import type { Consent } from '../contract/rows/consent.ts'

export interface StoredForm {
  readonly version: number
  readonly setAt: string | null
  readonly policy: FormPolicy
}

export interface FormsPort {
  current(): StoredForm
  version(version: number): StoredForm | undefined
  set(policy: FormPolicy, audit: AuditEntry): StoredForm
  /** The day at the desk, YYYY-MM-DD. */
  today(): string
}

/** Unfinished enrolments. Who asks for one that is not theirs is refused with draft.unknown. */
export interface DraftsPort {
  save(change: {
    id?: string | undefined
    owner: string | null
    content: DraftContent
    captures: readonly KeptCapture[]
    /** JPEG. */
    proof: Uint8Array | null
    audit: AuditEntry
  }): DraftRecord<DraftContent>
  leave(change: {
    state: 'duplicate' | 'exception'
    owner: string | null
    content: WaitingContent
    captures: readonly KeptCapture[]
    proof: Uint8Array | null
    candidates: readonly WaitingCandidate[]
    takes?: DraftClaim | undefined
    audit: AuditEntry
  }): string
  list<Content>(page: { states: readonly DraftState[]; owner: string | null | 'everybody'; limit: number; after: number }): {
    records: DraftRecord<Content>[]
    after: number | null
  }
  waiting(): number
  candidatesOf(id: string): WaitingCandidate[]
  open<Content>(claim: DraftClaim): DraftRecord<Content>
  discard(claim: DraftClaim, audit: AuditEntry): void
  replaceCandidates(id: string, candidates: readonly WaitingCandidate[]): void
}

/** What an enrolment brings beside its references; it is committed with them. */
export interface Intake {
  readonly form?: SubjectForm | undefined
  readonly takes?: DraftClaim | undefined
  readonly decision?: Omit<KeptDecision, 'at'> | undefined
}

export interface NewException {
  readonly kept: Omit<KeptException, 'proposedAt' | 'confirmedAt'> & { readonly proposedAt?: string | undefined }
  /** JPEG. */
  readonly proof: Uint8Array | null
}

/** What is kept of a subject's intake. */
export interface SubjectIntake {
  readonly form: SubjectForm | null
  readonly exception: (KeptException & { readonly hasProof: boolean }) | null
  readonly decision: KeptDecision | null
}

export interface EnrolmentsPort {
  /** New subject or new version of an existing one (older versions leave the gallery and stay stored); references, what comes with them and audit entry in one transaction. */
  commit(
    change: {
      id: string
      name?: string | undefined
      references: readonly NewReference[]
      /** What is given of it; the rest stays as it is. */
      label?: LabelChange | undefined
      /** Recorded with the subject, beside those before. */
      consent?: Consent | undefined
      audit: AuditEntry
    } & Intake,
  ): CommittedChange
  /** A new subject without a reference. */
  commitException(
    change: { id: string; name?: string | undefined; exception: NewException; consent?: Consent | undefined; audit: AuditEntry } & Intake,
  ): CommittedChange
}
