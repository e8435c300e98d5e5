/** The gallery as the vault knows it: its sequence, its counts, and its rows for the matcher. */
import type { KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { GalleryBatch } from '../contract/records.ts'
import type { KeyedReferenceRow, References } from './references.ts'
import type { Subjects } from './subjects.ts'

export interface GalleryCounts {
  readonly subjects: number
  readonly references: number
  readonly sequence: number
}

export class Gallery {
  readonly #subjects: Subjects
  readonly #references: References
  readonly #counts: Database.Statement<[], GalleryCounts>
  readonly #change: Database.Statement<[number, number], { sequence: number }>

  constructor(database: Database.Database, subjects: Subjects, references: References) {
    this.#subjects = subjects
    this.#references = references
    this.#counts = database.prepare('SELECT subjects, active_references AS "references", sequence FROM gallery WHERE only_row = 1')
    this.#change =
      database.prepare(`UPDATE gallery SET sequence = sequence + 1, subjects = subjects + ?, active_references = active_references + ?
      WHERE only_row = 1 RETURNING sequence`)
  }

  counts(): GalleryCounts {
    return this.#counts.get()!
  }

  /** Counts a change; the caller is in its transaction. @returns the new sequence */
  change(subjectsMore: number, referencesMore: number): number {
    return this.#change.get(subjectsMore, referencesMore)!.sequence
  }

  /** The templates of a model's gallery, out of their rows; those that are erased before they are read are left out. */
  load(model: string, batchRows: number): { sequence: number; rows: number; batches: Iterable<GalleryBatch> } {
    if (!Number.isInteger(batchRows) || batchRows < 1) throw new RangeError('batchRows is a whole number above 0')
    const { sequence } = this.counts()
    const numbers = this.#references.galleryNos(model, 1, this.#references.lastNo())
    return { sequence, rows: numbers.length, batches: this.batches(model, numbers, batchRows) }
  }

  /** Templates of references of a model with these numbers, ascending; those that are gone are left out. */
  rowsOf(model: string, wanted: Uint32Array): GalleryBatch {
    if (wanted.length === 0) return { referenceNos: wanted, templates: new Float32Array(0) }
    return this.#batch(this.#references.range(model, wanted[0]!, wanted[wanted.length - 1]!), wanted)
  }

  /** The rows with these numbers, in batches; those that are gone are left out. */
  *batches(model: string, numbers: Uint32Array, batchRows: number): Iterable<GalleryBatch> {
    for (let at = 0; at < numbers.length; at += batchRows) {
      const batch = this.rowsOf(model, numbers.subarray(at, at + batchRows))
      if (batch.referenceNos.length > 0) yield batch
    }
  }

  #batch(rows: readonly KeyedReferenceRow[], wanted: Uint32Array): GalleryBatch {
    const referenceNos = new Uint32Array(wanted.length)
    let templates = new Float32Array(0)
    let dimension = 0
    let count = 0
    let at = 0
    let last: { subjectNo: number; key: KeyObject } | undefined
    for (const row of rows) {
      while (wanted[at]! < row.reference_no) at += 1
      if (wanted[at] !== row.reference_no) continue
      // References of one subject stand together, so the key before is often the key again.
      if (last?.subjectNo !== row.subject_no) last = { subjectNo: row.subject_no, key: this.#subjects.keyOf(row) }
      const template = this.#references.templateOf(row, last.key)
      if (count === 0) {
        dimension = template.length
        templates = new Float32Array(wanted.length * dimension)
      }
      if (template.length !== dimension) throw new VultusError('vault.damaged', `reference ${row.reference_no} has another dimension`)
      templates.set(template, count * dimension)
      template.fill(0)
      referenceNos[count] = row.reference_no
      count += 1
    }
    return { referenceNos: referenceNos.subarray(0, count), templates: templates.subarray(0, count * dimension) }
  }
}
