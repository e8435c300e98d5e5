/** Versions of a subject's references: a new one supersedes those before, which leave the gallery and stay stored. */
import { VultusError } from '../contract/errors.ts'
import type { ReferenceContent, References } from './references.ts'
import type { Segments } from './segments.ts'
import type { SubjectOrigin, SubjectRow, Subjects } from './subjects.ts'

export interface NewVersion {
  readonly id: string
  readonly name?: string | undefined
  readonly origin: SubjectOrigin
  readonly contents: readonly ReferenceContent[]
}

export interface WrittenVersion {
  readonly subject: SubjectRow
  readonly isNew: boolean
  readonly referenceNos: readonly number[]
  readonly removedReferenceNos: readonly number[]
}

export class Versions {
  readonly #subjects: Subjects
  readonly #references: References
  readonly #segments: Segments

  constructor(subjects: Subjects, references: References, segments: Segments) {
    this.#subjects = subjects
    this.#references = references
    this.#segments = segments
  }

  /** Writes a subject or a new version of it; the caller is in a transaction. @throws template.idTaken */
  write(change: NewVersion, nowMs: number): WrittenVersion {
    const { id, name, origin, contents } = change
    const known = this.#subjects.find(id)
    if (known?.origin === 'enrolled' && origin === 'stored') throw new VultusError('template.idTaken')
    const subject = known ?? this.#subjects.create(id, name ?? null, origin, nowMs)
    if (known !== undefined && name !== undefined) this.#subjects.rename(known, id, name)
    const removedReferenceNos = known === undefined ? [] : this.#references.retire(subject.subject_no)
    this.#segments.noteChanged(removedReferenceNos)
    const version = subject.version + 1
    const referenceNos = this.#references.addVersion(subject.subject_no, this.#subjects.keyOf(subject), version, contents, nowMs)
    if (known !== undefined) this.#subjects.setVersion(subject, version, origin)
    return { subject, isNew: known === undefined, referenceNos, removedReferenceNos }
  }
}
