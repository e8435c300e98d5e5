/** Versions of a subject's references: a new one supersedes those before, which leave the gallery and stay stored. */
import { VultusError } from '../contract/errors.ts'
import type { Consent } from '../contract/rows/consent.ts'
import type { LookUp } from './lookUp.ts'
import type { ReferenceContent } from './referenceDraft.ts'
import type { References } from './references.ts'
import type { Restrictions } from './restrictions.ts'
import type { Segments } from './segments.ts'
import type { Identity, SubjectOrigin, SubjectRow, Subjects } from './subjects.ts'

export interface NewVersion {
  readonly id: string
  readonly name?: string | undefined
  readonly origin: SubjectOrigin
  readonly consent?: Consent | undefined
  readonly contents: readonly ReferenceContent[]
}

export interface WrittenVersion {
  readonly subject: SubjectRow
  readonly isNew: boolean
  readonly referenceNos: readonly number[]
  readonly removedReferenceNos: readonly number[]
}

export const identityOf = ({ id, name, consent }: NewVersion): Identity => ({
  id,
  name: name ?? null,
  ...(consent === undefined ? {} : { consents: [consent] }),
})

export interface VersionsParts {
  readonly subjects: Subjects
  readonly references: References
  readonly segments: Segments
  readonly lookUp: LookUp
  readonly restrictions: Restrictions
}

export class Versions {
  readonly #subjects: Subjects
  readonly #references: References
  readonly #segments: Segments
  readonly #lookUp: LookUp
  readonly #restrictions: Restrictions

  constructor({ subjects, references, segments, lookUp, restrictions }: VersionsParts) {
    this.#subjects = subjects
    this.#references = references
    this.#segments = segments
    this.#lookUp = lookUp
    this.#restrictions = restrictions
  }

  /**
   * Writes a subject or a new version of it; the caller is in a transaction.
   * @param firstNo the number of the first reference, where it was reserved @throws template.idTaken, subject.restricted
   */
  write(change: NewVersion, nowMs: number, firstNo?: number): WrittenVersion {
    const { id, name, origin, consent, contents } = change
    const known = this.#subjects.find(id)
    if (known?.origin === 'enrolled' && origin === 'stored') throw new VultusError('template.idTaken')
    if (known !== undefined) this.#restrictions.refuse(known.subject_no)
    const subject = known ?? this.#subjects.create(identityOf(change), origin, nowMs)
    if (origin === 'enrolled') this.#index(known, subject, id, name)
    if (known !== undefined && (name !== undefined || consent !== undefined)) this.#subjects.amend(known, { name, consent })
    const removedReferenceNos = known === undefined ? [] : this.#references.retire(subject.subject_no, nowMs)
    this.#segments.noteChanged(removedReferenceNos)
    const version = subject.version + 1
    const referenceNos = this.#references.addVersion(subject.subject_no, this.#subjects.keyOf(subject), version, contents, nowMs, firstNo)
    if (known !== undefined) this.#subjects.setVersion(subject, version, origin)
    return { subject, isNew: known === undefined, referenceNos, removedReferenceNos }
  }

  /**
   * Makes an older version active again; what is active now becomes superseded. The caller is in a transaction.
   * @throws reference.unknown, reference.active, subject.restricted
   */
  rollBack(subject: SubjectRow, version: number, nowMs: number): { referenceNos: number[]; removedReferenceNos: number[] } {
    this.#restrictions.refuse(subject.subject_no)
    const referenceNos = this.#references.nosOfVersion(subject.subject_no, version)
    const [first] = referenceNos
    if (first === undefined) throw new VultusError('reference.unknown')
    if (this.#references.activeByNo(first) !== undefined) throw new VultusError('reference.active')
    const removedReferenceNos = this.#references.retire(subject.subject_no, nowMs)
    this.#references.activate(subject.subject_no, version)
    this.#segments.noteChanged([...referenceNos, ...removedReferenceNos])
    return { referenceNos, removedReferenceNos }
  }

  /**
   * Deletes a superseded version. The caller is in a transaction.
   * @returns files that have to go once it is committed
   * @throws reference.unknown, reference.active, subject.restricted
   */
  remove(subject: SubjectRow, version: number): { referenceNos: number[]; files: number[] } {
    this.#restrictions.refuse(subject.subject_no)
    const referenceNos = this.#references.nosOfVersion(subject.subject_no, version)
    const [first] = referenceNos
    if (first === undefined) throw new VultusError('reference.unknown')
    if (this.#references.activeByNo(first) !== undefined) throw new VultusError('reference.active')
    this.#references.remove(referenceNos)
    return { referenceNos, files: this.#segments.noteErased(referenceNos) }
  }

  /** Deletes references that were superseded until then, so many of them. The caller is in a transaction. */
  sweep(untilMs: number, count: number): { referenceNos: number[]; files: number[] } {
    const referenceNos = this.#references.superseded(untilMs, count).map((row) => row.reference_no)
    this.#references.remove(referenceNos)
    return { referenceNos, files: this.#segments.noteErased(referenceNos) }
  }

  /** Gives a subject another name, or none, and makes it findable by that. The caller is in a transaction. */
  rename(subject: SubjectRow, name: string | null): void {
    const before = this.#subjects.identityOf(subject)
    if (name === before.name) return
    if (subject.origin === 'enrolled') {
      this.#lookUp.remove(subject.subject_no, before)
      this.#lookUp.add(subject.subject_no, { id: before.id, name })
    }
    this.#subjects.amend(subject, { name })
  }

  /** Templates that were stored by a client are found by their exact id only. */
  #index(known: SubjectRow | undefined, subject: SubjectRow, id: string, name: string | undefined): void {
    if (known === undefined) {
      this.#lookUp.add(subject.subject_no, { id, name: name ?? null })
      return
    }
    const before = this.#subjects.identityOf(known)
    const after = { id, name: name ?? before.name }
    if (known.origin === 'enrolled' && after.name === before.name) return
    if (known.origin === 'enrolled') this.#lookUp.remove(known.subject_no, before)
    this.#lookUp.add(known.subject_no, after)
  }
}
