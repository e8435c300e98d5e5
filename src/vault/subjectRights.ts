/**
 * Rights of subjects over what is kept of them: correction, and restriction of processing.
 *
 * 1. While processing of a subject is restricted none of its references is active, so that it is in no gallery, no job takes it and no
 *    search names it; which ones were stands in the restriction. Lifting makes exactly those active again.
 * 2. Nothing of it is deleted meanwhile but by an erasure, and nothing is added: versions, labels and pictures are refused.
 * 3. A correction names what was shown; where that has changed since, it is refused.
 * 4. The audit entry names fields and numbers, never what stands in them or why.
 */
import { createHash } from 'node:crypto'
import { VultusError } from '../contract/errors.ts'
import type { SubjectForm } from '../contract/form.ts'
import type { AuditEntry, CommittedChange, Lifted } from '../contract/records.ts'
import type { Duplicates } from './duplicates.ts'
import type { KeyedReferenceRow } from './references.ts'
import type { Grounds } from './restrictions.ts'
import type { Stores } from './stores.ts'
import type { SubjectRecords } from './subjectRecords.ts'
import type { SubjectRow } from './subjects.ts'
import type { Transactions } from './transactions.ts'
import type { Versions } from './versions.ts'

/** Enough that two revisions of one subject are never the same. */
const revisionBytes = 16

/** Seals have tags that no other seal has: what is the same by them has not been written since. */
export function revisionOf(subject: SubjectRow, records: SubjectRecords): string {
  const hash = createHash('sha256').update(subject.identity_tag)
  const form = records.tagOf(subject.subject_no, 'form')
  if (form !== undefined) hash.update(form)
  return hash.digest().subarray(0, revisionBytes).toString('base64url')
}

export interface SubjectRightsParts extends Stores {
  readonly transactions: Transactions
  readonly versions: Versions
  readonly duplicates: Duplicates
}

interface RightsChange extends Grounds {
  readonly id: string
  readonly audit: AuditEntry
}

/** What is right; what is left out stays. */
interface Correction {
  readonly id: string
  readonly name?: string | null | undefined
  readonly form?: SubjectForm | undefined
  readonly revision?: string | undefined
  readonly audit: AuditEntry
}

export class SubjectRights {
  readonly #parts: SubjectRightsParts

  constructor(parts: SubjectRightsParts) {
    this.#parts = parts
  }

  /** Takes a subject out of the gallery; all that is kept of it stays. @throws subject.unknown, subject.restricted */
  restrict({ id, reason, by, audit }: RightsChange): CommittedChange & { since: string } {
    const { transactions, subjects, references, restrictions, segments, gallery } = this.#parts
    const nowMs = transactions.nowMs()
    return transactions.write(() => {
      const subject = subjects.known(id)
      restrictions.refuse(subject.subject_no)
      const withheld = references.withhold(subject.subject_no)
      segments.noteChanged(withheld)
      restrictions.begin(subject.subject_no, subjects.keyOf(subject), { reason, by }, withheld, nowMs)
      const sequence = gallery.change(0, -withheld.length)
      const details = { ...audit.details, references: withheld.length, sequence }
      transactions.audit({ ...audit, subject: subject.audit_id, details })
      return { since: new Date(nowMs).toISOString(), sequence, referenceNos: [], removedReferenceNos: withheld }
    })
  }

  /** Puts a subject back into the gallery as it was. @throws subject.unknown, subject.notRestricted */
  lift({ id, reason, by, audit }: RightsChange): Lifted {
    const { transactions, subjects, references, restrictions, segments, gallery, duplicates } = this.#parts
    return transactions.write(() => {
      const subject = subjects.known(id)
      const key = subjects.keyOf(subject)
      const referenceNos = restrictions.lift(subject.subject_no, key, { reason, by }, transactions.nowMs())
      references.release(subject.subject_no, referenceNos)
      segments.noteChanged(referenceNos)
      duplicates.reactivated(referenceNos)
      const added = referenceNos.map((referenceNo) => {
        const row = references.activeByNo(referenceNo) as KeyedReferenceRow
        return { referenceNo, model: row.model, template: references.templateOf(row, key) }
      })
      const sequence = gallery.change(0, referenceNos.length)
      const details = { ...audit.details, references: referenceNos.length, sequence }
      transactions.audit({ ...audit, subject: subject.audit_id, details })
      return { sequence, referenceNos, removedReferenceNos: [], added }
    })
  }

  /**
   * Corrects name and form; also while processing is restricted, since that may be what it waits for. Finding by the wrong name ends
   * with it.
   * @returns the revision as it now is
   * @throws subject.unknown, subject.changed
   */
  correct({ id, name, form, revision, audit }: Correction): string {
    const { transactions, subjects, records, versions } = this.#parts
    const nowMs = transactions.nowMs()
    return transactions.write(() => {
      const subject = subjects.known(id)
      if (revision !== undefined && revision !== revisionOf(subject, records)) throw new VultusError('subject.changed')
      if (name !== undefined) versions.rename(subject, name)
      if (form !== undefined) records.put(subject.subject_no, subjects.keyOf(subject), 'form', { json: form, blobs: [] }, nowMs)
      transactions.audit({ ...audit, subject: subject.audit_id })
      return revisionOf(subjects.known(id), records)
    })
  }
}
