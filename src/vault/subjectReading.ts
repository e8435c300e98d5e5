/** Subjects as the station reads them, and their labels. */
import type { LabelChange, SubjectLabel } from '../contract/label.ts'
import type { AuditEntry, Relabelled } from '../contract/records.ts'
import type { Restriction } from '../contract/restriction.ts'
import type { Consent } from '../contract/rows/consent.ts'
import type { SubjectSummary } from '../contract/rows/subject.ts'
import type { SubjectId } from '../contract/types.ts'
import type { Drafts } from './drafts.ts'
import { intakeOf, proofOf, type SubjectIntake } from './intake.ts'
import type { Stores } from './stores.ts'
import { revisionOf } from './subjectRights.ts'
import type { SubjectRow } from './subjects.ts'
import type { Transactions } from './transactions.ts'

export interface SubjectReadingParts extends Stores {
  readonly transactions: Transactions
  readonly drafts: Drafts
}

interface SubjectPage {
  readonly subjects: SubjectSummary[]
  readonly after: number | null
}

export class SubjectReading {
  readonly #parts: SubjectReadingParts

  constructor(parts: SubjectReadingParts) {
    this.#parts = parts
  }

  get(id: string): SubjectSummary | undefined {
    return this.#ifKnown(id, (subject) => this.#summaryOf(subject))
  }

  /** All subjects, in the order in which they came. */
  all(): SubjectSummary[] {
    const { transactions, subjects } = this.#parts
    return transactions.read(() => subjects.all().map((row) => this.#summaryOf(row)))
  }

  /** Subjects in the order in which they came, so many of them. @param after of the page before, 0 for the first */
  page(page: { after: number; limit: number }): SubjectPage {
    const { transactions, subjects } = this.#parts
    return transactions.read(() => {
      const rows = subjects.after(page.after, page.limit)
      const after = rows.length < page.limit ? null : (rows.at(-1)?.subject_no ?? null)
      return { subjects: rows.map((row) => this.#summaryOf(row)), after }
    })
  }

  /**
   * Subjects whose name has words that begin as those of the query, or whose id is it or begins with it, in the order in which
   * they came. A page may have fewer than the limit and still be followed by more.
   * @throws search.tooShort
   */
  search(search: { query: string; limit: number; after: number }): SubjectPage {
    const { transactions, lookUp } = this.#parts
    return transactions.read(() => {
      const { rows, after } = lookUp.search(search.query, search.limit, search.after)
      return { subjects: rows.map((row) => this.#summaryOf(row)), after }
    })
  }

  /** Random id of a subject for the audit chain, or undefined where there is no such subject. */
  auditIdOf(id: string): string | undefined {
    return this.#ifKnown(id, (subject) => subject.audit_id)
  }

  /** How a subject is labelled. @throws subject.unknown */
  labelOf(id: string): SubjectLabel {
    const { transactions, subjects } = this.#parts
    return transactions.read(() => subjects.labelOf(subjects.known(id)))
  }

  /** @param audit makes the entry from the label as it then is @throws subject.unknown, subject.restricted */
  changeLabel(change: { id: string; label: LabelChange; audit: (label: SubjectLabel) => AuditEntry }): Relabelled {
    const { transactions, subjects, references, restrictions, gallery } = this.#parts
    return transactions.write(() => {
      const subject = subjects.known(change.id)
      restrictions.refuse(subject.subject_no)
      const label = subjects.changeLabel(subject, change.label)
      const sequence = gallery.change(0, 0)
      const audit = change.audit(label)
      transactions.audit({ ...audit, subject: subject.audit_id, details: { ...audit.details, sequence } })
      return {
        label,
        sequence,
        referenceNos: [],
        removedReferenceNos: [],
        relabelledReferenceNos: references.activeNos(subject.subject_no),
      }
    })
  }

  /** What a subject agreed to, oldest first; nothing for one that is not there. */
  consentsOf(id: string): readonly Consent[] {
    return this.#ifKnown(id, (subject) => this.#parts.subjects.identityOf(subject).consents) ?? []
  }

  /** What is kept of a subject beside name and references; undefined where there is no such subject. @throws vault.damaged */
  intakeOf(id: string): SubjectIntake | undefined {
    return this.#ifKnown(id, (subject) => intakeOf(this.#parts, subject))
  }

  /** Every restriction of processing that is kept of a subject, oldest first; nothing for one that is not there. @throws vault.damaged */
  restrictionsOf(id: string): Restriction[] {
    const { subjects, restrictions } = this.#parts
    return this.#ifKnown(id, (subject) => restrictions.of(subject.subject_no, subjects.keyOf(subject))) ?? []
  }

  /** What a correction names, so that it changes nothing that somebody else has changed; undefined where there is no such subject. */
  revisionOf(id: string): string | undefined {
    return this.#ifKnown(id, (subject) => revisionOf(subject, this.#parts.records))
  }

  /** The picture that proves the exception of a subject. @throws subject.unknown, subject.restricted, subject.notException, vault.damaged */
  exceptionProof(id: string): Uint8Array | null {
    const { transactions, subjects, restrictions } = this.#parts
    return transactions.read(() => {
      const subject = subjects.known(id)
      restrictions.refuse(subject.subject_no)
      return proofOf(this.#parts, subject)
    })
  }

  /** Lets go of unwrapped keys, which are only kept to be fast. */
  dropKeys(): void {
    this.#parts.subjects.dropCaches()
  }

  #ifKnown<T>(id: string, read: (subject: SubjectRow) => T): T | undefined {
    const { transactions, subjects } = this.#parts
    return transactions.read(() => {
      const subject = subjects.find(id)
      return subject === undefined ? undefined : read(subject)
    })
  }

  #summaryOf(row: SubjectRow): SubjectSummary {
    const { subjects, references, restrictions } = this.#parts
    const { id, name } = subjects.identityOf(row)
    const createdAt = new Date(row.created_ms).toISOString()
    const restrictedSince = restrictions.since(row.subject_no)
    const withheld = restrictedSince === undefined ? 0 : restrictions.withheld(row.subject_no, subjects.keyOf(row)).length
    // The id was checked by a door before it was sealed, and the seal says that it is the same.
    return {
      id: id as SubjectId,
      name,
      createdAt,
      references: references.activeCount(row.subject_no) + withheld,
      ...(restrictedSince === undefined ? {} : { restrictedSince }),
    }
  }
}
