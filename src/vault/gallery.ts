/** The gallery as the vault knows it: its sequence, its counts, and its rows for the matcher. */
import type { KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { GalleryBatch } from '../contract/records.ts'
import { rowsOfBlock } from '../core/galleryBlock.ts'
import type { KeyedReferenceRow, References } from './references.ts'
import type { SegmentRow, Segments } from './segments.ts'
import type { Subjects } from './subjects.ts'

export interface GalleryCounts {
  readonly subjects: number
  readonly references: number
  readonly sequence: number
}

export class Gallery {
  readonly #subjects: Subjects
  readonly #references: References
  readonly #segments: Segments
  readonly #onBroken: (segment: SegmentRow) => void
  readonly #counts: Database.Statement<[], GalleryCounts>
  readonly #change: Database.Statement<[number, number], { sequence: number }>

  /** @param onBroken is told of a segment that is not what was sealed */
  constructor(
    database: Database.Database,
    subjects: Subjects,
    references: References,
    segments: Segments,
    onBroken: (segment: SegmentRow) => void,
  ) {
    this.#subjects = subjects
    this.#segments = segments
    this.#onBroken = onBroken
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

  /**
   * The gallery of a model. Ranges of reference numbers that have a sealed segment come from it, as they are when they are
   * read; of the others it is settled here which rows belong to the gallery. A row that is erased before it is read is left
   * out. Changes that are committed meanwhile are applied after the load by whoever loads: applying one again that a
   * segment has brought already changes nothing.
   */
  load(model: string, batchRows: number): { sequence: number; rows: number; batches: Iterable<GalleryBatch> } {
    if (!Number.isInteger(batchRows) || batchRows < 1) throw new RangeError('batchRows is a whole number above 0')
    const { sequence } = this.counts()
    const last = this.#references.lastNo()
    const ranges: (Uint32Array | undefined)[] = []
    let rows = 0
    for (let index = 0; index <= this.#segments.indexOf(last); index++) {
      const segment = this.#segments.find(model, index)
      // What a clean segment holds need not be counted.
      const numbers = segment?.dirty === 0 ? undefined : this.#references.galleryNos(model, ...this.#segments.rangeOf(index))
      rows += numbers?.length ?? segment?.row_count ?? 0
      ranges.push(segment === undefined ? numbers : undefined)
    }
    return { sequence, rows, batches: this.#batches(model, ranges, batchRows) }
  }

  /** Templates of references of a model with these numbers, ascending; those that are gone are left out. */
  rowsOf(model: string, wanted: Uint32Array): GalleryBatch {
    if (wanted.length === 0) return { referenceNos: wanted, templates: new Float32Array(0) }
    return this.#batch(this.#references.range(model, wanted[0]!, wanted[wanted.length - 1]!), wanted)
  }

  *#batches(model: string, ranges: readonly (Uint32Array | undefined)[], batchRows: number): Iterable<GalleryBatch> {
    try {
      for (const [index, numbers] of ranges.entries()) {
        if (numbers === undefined) yield* this.#fromSegment(model, index, batchRows)
        else yield* this.#fromRows(model, numbers, batchRows)
      }
    } finally {
      this.#segments.endReading()
    }
  }

  *#fromRows(model: string, numbers: Uint32Array, batchRows: number): Iterable<GalleryBatch> {
    for (let at = 0; at < numbers.length; at += batchRows) {
      const batch = this.rowsOf(model, numbers.subarray(at, at + batchRows))
      if (batch.referenceNos.length > 0) yield batch
    }
  }

  *#fromSegment(model: string, index: number, batchRows: number): Iterable<GalleryBatch> {
    const segment = this.#segments.find(model, index)
    const block = segment === undefined ? undefined : this.#segments.read(segment)
    if (segment !== undefined && block === undefined) this.#onBroken(segment)
    if (segment === undefined || block === undefined) {
      yield* this.#fromRows(model, this.#references.galleryNos(model, ...this.#segments.rangeOf(index)), batchRows)
    } else if (segment.dirty === 0) {
      yield* pieces(block, batchRows)
    } else {
      const active = this.#references.galleryNos(model, ...this.#segments.rangeOf(index))
      const held = rowsOfBlock(block, active)
      block.templates.fill(0)
      yield* pieces(held, batchRows)
      const heldNos = new Set(held.referenceNos)
      yield* this.#fromRows(
        model,
        active.filter((referenceNo) => !heldNos.has(referenceNo)),
        batchRows,
      )
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

function* pieces({ referenceNos, templates }: GalleryBatch, batchRows: number): Iterable<GalleryBatch> {
  const rows = referenceNos.length
  const dimension = templates.length / rows
  for (let at = 0; at < rows; at += batchRows) {
    const end = Math.min(rows, at + batchRows)
    yield { referenceNos: referenceNos.subarray(at, end), templates: templates.subarray(at * dimension, end * dimension) }
  }
}
