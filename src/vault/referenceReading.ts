/** References and samples as the station reads them. */
import { VultusError } from '../contract/errors.ts'
import type { ReferenceRecord, StoredReference } from '../contract/records.ts'
import type { LabelRows } from './labelRows.ts'
import type { ReferenceDetails } from './referencePayload.ts'
import type { KeyedReferenceRow, References } from './references.ts'
import type { Restrictions } from './restrictions.ts'
import type { Subjects } from './subjects.ts'
import type { Transactions } from './transactions.ts'

export interface ReferenceReadingParts {
  readonly transactions: Transactions
  readonly subjects: Subjects
  readonly references: References
  readonly restrictions: Restrictions
  readonly labels: LabelRows
}

/** Left out where there is none, so that what is read says the same as what was written. */
const exemptionOf = ({ exemption }: ReferenceDetails) => (exemption === undefined ? {} : { exemption })

export class ReferenceReading {
  readonly #parts: ReferenceReadingParts

  constructor(parts: ReferenceReadingParts) {
    this.#parts = parts
  }

  /** Active references with these numbers; those that are gone are left out. */
  byNo(referenceNos: readonly number[]): StoredReference[] {
    const { transactions, references } = this.#parts
    return transactions.read(() =>
      referenceNos.flatMap((referenceNo) => {
        const row = references.activeByNo(referenceNo)
        return row === undefined ? [] : [this.#stored(row)]
      }),
    )
  }

  /** Labels of references (core/labels.ts), 0 where there is none. @throws vault.damaged */
  labelBitsOf(referenceNos: readonly number[]): Uint32Array {
    const { transactions, labels } = this.#parts
    return transactions.read(() => Uint32Array.from(referenceNos, (referenceNo) => labels.bitsOf(referenceNo)))
  }

  /** Active references of one subject for one model; undefined where there is no such subject. @throws subject.restricted */
  ofSubject(id: string, model: string): StoredReference[] | undefined {
    const { transactions, subjects, references, restrictions } = this.#parts
    return transactions.read(() => {
      const subject = subjects.find(id)
      if (subject === undefined) return undefined
      restrictions.refuse(subject.subject_no)
      const key = subjects.keyOf(subject)
      return references
        .activeOfModel(subject.subject_no, model)
        .map((row) => ({ referenceNo: row.reference_no, subjectId: id, model, template: references.templateOf(row, key) }))
    })
  }

  /** Every reference of a subject, superseded ones too, oldest first; empty where there is no such subject. */
  history(id: string): ReferenceRecord[] {
    const { transactions, subjects, references, restrictions } = this.#parts
    return transactions.read(() => {
      const subject = subjects.find(id)
      if (subject === undefined) return []
      const key = subjects.keyOf(subject)
      const withheld = restrictions.withheld(subject.subject_no, key)
      return references.ofSubject(subject.subject_no).map((row) => {
        const details = references.detailsOf(row, key)
        return {
          ...exemptionOf(details),
          referenceNo: row.reference_no,
          version: row.version,
          active: row.active === 1 || withheld.includes(row.reference_no),
          model: row.model,
          captureSource: row.capture_source,
          pad: row.pad,
          quality: details.quality,
          createdAt: new Date(row.created_ms).toISOString(),
        }
      })
    })
  }

  /** Every stored sample of a subject, superseded ones too, by the number of its reference. */
  samplesOf(id: string): ReadonlyMap<number, Uint8Array> {
    const { transactions, subjects, references } = this.#parts
    return transactions.read(() => {
      const subject = subjects.find(id)
      const samples = new Map<number, Uint8Array>()
      if (subject === undefined) return samples
      const key = subjects.keyOf(subject)
      for (const { reference_no } of references.ofSubject(subject.subject_no)) {
        const sample = references.sampleOf(reference_no, subject.subject_no, key)
        if (sample !== null) samples.set(reference_no, sample)
      }
      return samples
    })
  }

  /** The newest stored sample of a subject (JPEG), or null. @throws subject.restricted */
  newestSample(id: string): Uint8Array | null {
    const { transactions, subjects, references, restrictions } = this.#parts
    return transactions.read(() => {
      const subject = subjects.find(id)
      if (subject === undefined) return null
      restrictions.refuse(subject.subject_no)
      return references.newestSample(subject.subject_no, subjects.keyOf(subject))
    })
  }

  #stored(row: KeyedReferenceRow): StoredReference {
    const { subjects, references } = this.#parts
    const subject = subjects.byNo(row.subject_no)
    if (subject === undefined) throw new VultusError('vault.damaged', `subject_references ${row.reference_no}`)
    return {
      referenceNo: row.reference_no,
      subjectId: subjects.identityOf(subject).id,
      model: row.model,
      template: references.templateOf(row, subjects.keyOf(row)),
      label: subjects.labelOf(row),
    }
  }
}
