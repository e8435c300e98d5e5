/** What an enrolment brings beside its references, written in its transaction: what was filled in, an exception, a decision, a draft that it ends. */

import type { DraftClaim } from '../contract/draftRecords.ts'
import { VultusError } from '../contract/errors.ts'
import type { SubjectForm } from '../contract/form.ts'
import type { KeptException } from '../contract/intake.ts'
import type { KeptDecision } from '../contract/records.ts'
import type { Drafts } from './drafts.ts'
import type { SubjectRecords } from './subjectRecords.ts'
import type { SubjectRow, Subjects } from './subjects.ts'

export interface Intake {
  /** In place of what was filled in before. */
  readonly form?: SubjectForm | undefined
  /** The draft, or what waited for a supervisor, that this completes. */
  readonly takes?: DraftClaim | undefined
  readonly decision?: Omit<KeptDecision, 'at'> | undefined
  readonly exception?: NewException | undefined
}

export interface NewException {
  /** Proposed in the same moment where it is not said when. */
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

interface IntakeParts {
  readonly records: SubjectRecords
  readonly drafts: Drafts
  readonly subjects: Subjects
}

/** The caller is in the transaction of the enrolment. @throws draft.unknown */
export function writeIntake({ records, drafts, subjects }: IntakeParts, subject: SubjectRow, intake: Intake, nowMs: number): void {
  const { form, takes, decision, exception } = intake
  if (takes !== undefined) drafts.take(takes)
  const put = (kind: 'form' | 'exception' | 'decision', json: unknown, blobs: readonly Uint8Array[] = []) =>
    records.put(subject.subject_no, subjects.keyOf(subject), kind, { json, blobs }, nowMs)
  if (form !== undefined) put('form', form)
  const at = new Date(nowMs).toISOString()
  if (decision !== undefined) put('decision', { ...decision, at })
  if (exception !== undefined) {
    const { kept, proof } = exception
    put('exception', { ...kept, proposedAt: kept.proposedAt ?? at, confirmedAt: at }, proof === null ? [] : [proof])
  }
  // A face was captured after all: the reason why there was none, and its proof, are not needed any more.
  else records.remove(subject.subject_no, 'exception')
}

/** @throws vault.damaged */
export function intakeOf({ records, subjects }: IntakeParts, subject: SubjectRow): SubjectIntake {
  const key = subjects.keyOf(subject)
  const of = (kind: 'form' | 'exception' | 'decision') => records.get(subject.subject_no, key, kind)
  const exception = of('exception')
  return {
    form: (of('form')?.json as SubjectForm | undefined) ?? null,
    exception: exception === undefined ? null : { ...(exception.json as KeptException), hasProof: exception.blobs.length > 0 },
    decision: (of('decision')?.json as KeptDecision | undefined) ?? null,
  }
}

/** The picture that proves an exception, JPEG. @throws subject.notException, vault.damaged */
export function proofOf({ records, subjects }: IntakeParts, subject: SubjectRow): Uint8Array | null {
  const exception = records.get(subject.subject_no, subjects.keyOf(subject), 'exception')
  if (exception === undefined) throw new VultusError('subject.notException')
  return exception.blobs[0] ?? null
}
