/** Labels of references as rows of the gallery have them: 32 bits each, opened under the keys of their subjects. */
import type Database from 'better-sqlite3'
import type { GalleryLabels } from '../contract/processes.ts'
import { labelBits } from '../core/labels.ts'
import type { References } from './references.ts'
import type { Subjects } from './subjects.ts'

/** Subjects whose labels are opened in one go; others are served between two. */
const subjectsAtOnce = 128

export class LabelRows {
  readonly #subjects: Subjects
  readonly #references: References
  readonly #labelledSubjectOf: Database.Statement<[number], number>
  readonly #labelledAfter: Database.Statement<[number, number], number>

  constructor(database: Database.Database, subjects: Subjects, references: References) {
    this.#subjects = subjects
    this.#references = references
    this.#labelledSubjectOf = database
      .prepare<[number], number>(
        `SELECT l.subject_no FROM subject_references r JOIN subject_labels l ON l.subject_no = r.subject_no WHERE r.reference_no = ?`,
      )
      .pluck()
    this.#labelledAfter = database
      .prepare<[number, number], number>('SELECT subject_no FROM subject_labels WHERE subject_no > ? ORDER BY subject_no LIMIT ?')
      .pluck()
  }

  /** The label of a reference, 0 where there is none. @throws vault.damaged */
  bitsOf(referenceNo: number): number {
    const subjectNo = this.#labelledSubjectOf.get(referenceNo)
    return subjectNo === undefined ? 0 : this.#bitsOfSubject(subjectNo)
  }

  /** Active references of all models with a label, as they then are. @param read runs while the vault is open @throws vault.locked, vault.damaged */
  *all(read: <T>(run: () => T) => T): Iterable<GalleryLabels> {
    for (let after = 0; ; ) {
      const subjectNos = read(() => this.#labelledAfter.all(after, subjectsAtOnce))
      if (subjectNos.length === 0) return
      yield read(() => this.#labelsOf(subjectNos))
      after = subjectNos.at(-1) as number
    }
  }

  #labelsOf(subjectNos: readonly number[]): GalleryLabels {
    const referenceNos: number[] = []
    const labels: number[] = []
    for (const subjectNo of subjectNos) {
      const bits = this.#bitsOfSubject(subjectNo)
      for (const referenceNo of this.#references.activeNos(subjectNo)) {
        referenceNos.push(referenceNo)
        labels.push(bits)
      }
    }
    return { referenceNos: Uint32Array.from(referenceNos), labels: Uint32Array.from(labels) }
  }

  #bitsOfSubject(subjectNo: number): number {
    const row = this.#subjects.byNo(subjectNo)
    return row === undefined ? 0 : labelBits(this.#subjects.labelOf(row))
  }
}
