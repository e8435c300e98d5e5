/** Enrolments of subjects: from captures, as exceptions, in batches. */
import { VultusError } from '../contract/errors.ts'
import type { LabelChange } from '../contract/label.ts'
import type { AuditEntry, BatchEntry, CommittedChange, NewReference } from '../contract/records.ts'
import type { Consent } from '../contract/rows/consent.ts'
import type { Intake, NewException } from './intake.ts'
import type { Subjects } from './subjects.ts'
import type { Transactions } from './transactions.ts'
import type { VersionWriter } from './versionWriter.ts'

/** What every enrolment has. */
interface Enrolment extends Omit<Intake, 'exception'> {
  readonly id: string
  readonly name?: string | undefined
  /** Recorded with the subject, beside those before. */
  readonly consent?: Consent | undefined
  readonly audit: AuditEntry
}

export interface EnrolmentsParts {
  readonly transactions: Transactions
  readonly subjects: Subjects
  readonly writer: VersionWriter
}

export class Enrolments {
  readonly #parts: EnrolmentsParts

  constructor(parts: EnrolmentsParts) {
    this.#parts = parts
  }

  /**
   * New subject, or a new version of an existing one: its older references leave the gallery and stay stored. What it brings
   * beside them is written with it, and the draft that it completes goes with it.
   * @throws capture.simulatedRefused for simulated captures in a real vault, template.invalid, draft.unknown
   */
  commit(
    change: Enrolment & {
      readonly references: readonly NewReference[]
      readonly label?: LabelChange | undefined
    },
  ): CommittedChange {
    const { references, ...rest } = change
    if (references.length === 0) throw new RangeError('An enrolment has at least one reference')
    const { writer, transactions } = this.#parts
    return writer.commit({ ...rest, origin: 'enrolled', contents: references }, transactions.nowMs())
  }

  /**
   * A new subject of whom no face can be captured: without a reference.
   * @throws subject.exists, draft.unknown
   */
  commitException(change: Enrolment & { readonly exception: NewException }): CommittedChange {
    const { writer, transactions, subjects } = this.#parts
    const nowMs = transactions.nowMs()
    return transactions.write(() => {
      if (subjects.find(change.id) !== undefined) throw new VultusError('subject.exists')
      const { subjectNo: _, ...committed } = writer.write({ ...change, origin: 'enrolled', contents: [] }, nowMs)
      return committed
    })
  }

  /**
   * Bulk import: a new subject or a new version for each entry, all of them or none, as one change of the gallery with one
   * audit entry, which carries a digest of the subjects' audit ids in the order of the entries.
   * @throws capture.simulatedRefused, template.invalid, request.tooLarge, request.invalid where an id stands twice
   */
  commitBatch(change: { entries: readonly BatchEntry[]; audit: AuditEntry }): CommittedChange {
    const { entries, audit } = change
    if (entries.some((entry) => entry.references.length === 0)) throw new RangeError('Each entry of a batch has a reference')
    return this.#parts.writer.commitTogether(
      entries.map(({ id, name, references }) => ({ id, name, origin: 'enrolled', contents: references })),
      audit,
    )
  }
}
