/**
 * The gallery on its way to the matcher. Ranges of reference numbers that have a sealed segment come from it, opened by a thread while
 * the ones before are passed on; of the others it is settled at the beginning which rows belong to the gallery, and they come as templates.
 *
 * 1. A segment is used as it is when it comes to it: rows that left the gallery since it was made are named beside it, rows that came into
 *    it come after it as templates. A row that is erased before it is read is left out.
 * 2. Changes that are committed meanwhile are applied after the load by whoever loads: applying one again that has been brought already
 *    changes nothing.
 */
import type { GalleryBatch, GalleryBlockPart, GalleryHandOver } from '../contract/records.ts'
import { openGalleryBlock } from '../core/gallery/block.ts'
import type { GalleryModel } from '../core/gallery/galleryFormat.ts'
import type { Gallery } from './gallery.ts'
import type { LabelRows } from './labelRows.ts'
import type { References } from './references.ts'
import type { OpenedSegment, SegmentRow, Segments } from './segments.ts'

/** Segments that are opened before it is their turn: 2 MiB each with 512 numbers. */
const openAhead = 3

/** A range of reference numbers: with a segment, or rows of their own. */
interface Range {
  readonly index: number
  readonly numbers: Uint32Array | undefined
}

export interface HandOverParts {
  readonly gallery: Gallery
  readonly references: References
  readonly segments: Segments
  readonly labels: LabelRows
  /** Runs while the vault is open. @throws vault.locked */
  readonly read: <T>(run: () => T) => T
  /** A segment cannot be used: it is given up. */
  readonly drop: (segment: SegmentRow) => void
}

export class HandOver {
  readonly #parts: HandOverParts

  constructor(parts: HandOverParts) {
    this.#parts = parts
  }

  begin(model: GalleryModel, batchRows: number): GalleryHandOver {
    if (!Number.isInteger(batchRows) || batchRows < 1) throw new RangeError('batchRows is a whole number above 0')
    return this.#parts.read(() => {
      const { gallery, references, segments, labels, read } = this.#parts
      const { sequence } = gallery.counts()
      const ranges: Range[] = []
      let rows = 0
      for (let index = 0; index <= segments.indexOf(references.lastNo()); index++) {
        const segment = segments.find(model.id, index)
        // What a clean segment holds need not be counted.
        const numbers = segment?.dirty === 0 ? undefined : this.#numbersOf(model.id, index)
        rows += numbers?.length ?? segment?.row_count ?? 0
        ranges.push({ index, numbers: segment === undefined ? numbers : undefined })
      }
      return { sequence, rows, parts: this.#all(model.id, ranges, batchRows), labels: labels.all(read) }
    })
  }

  async *#all(model: string, ranges: readonly Range[], batchRows: number): AsyncGenerator<GalleryBatch | GalleryBlockPart, void> {
    const opening = new Map<Range, Promise<{ segment: SegmentRow | undefined; opened: OpenedSegment }>>()
    try {
      for (const [at, range] of ranges.entries()) {
        for (const next of ranges.slice(at, at + openAhead + 1)) {
          if (next.numbers !== undefined || opening.has(next)) continue
          const begun = this.#open(model, next.index)
          // What fails is told when it is its turn.
          begun.catch(() => undefined)
          opening.set(next, begun)
        }
        const under = opening.get(range)
        if (under === undefined) {
          yield* this.#rows(model, range.numbers ?? new Uint32Array(), batchRows)
          continue
        }
        const { segment, opened } = await under
        opening.delete(range)
        yield* this.#fromSegment(model, range.index, segment, opened, batchRows)
      }
    } finally {
      for (const left of opening.values()) left.then(({ opened }) => wipe(opened)).catch(() => undefined)
    }
  }

  async #open(model: string, index: number): Promise<{ segment: SegmentRow | undefined; opened: OpenedSegment }> {
    const { segments, read } = this.#parts
    const segment = read(() => segments.find(model, index))
    try {
      return { segment, opened: segment === undefined ? 'unread' : await segments.open(segment) }
    } catch (error) {
      // A vault that was closed has ended the thread.
      read(() => undefined)
      throw error
    }
  }

  *#fromSegment(
    model: string,
    index: number,
    segment: SegmentRow | undefined,
    opened: OpenedSegment,
    batchRows: number,
  ): Iterable<GalleryBatch | GalleryBlockPart> {
    const { segments, read, drop } = this.#parts
    const now = read(() => segments.find(model, index))
    const same = segment !== undefined && now?.generation === segment.generation
    if (opened === 'broken' && same) drop(segment)
    if (typeof opened === 'string' || !same) {
      wipe(opened)
      yield* this.#rows(model, this.#numbersOf(model, index), batchRows)
      return
    }
    const active = now.dirty === 0 ? [] : [...this.#numbersOf(model, index)]
    const held = now.dirty === 0 ? [] : opened.flatMap(({ block }) => [...(openGalleryBlock(block)?.referenceNos ?? [])])
    const gone = missingFrom(held, active)
    const more = missingFrom(active, held)
    for (const { block, rows, firstNo, lastNo } of opened) {
      const within = (number: number) => number >= firstNo && number <= lastNo
      const without = gone.filter(within)
      const instead = () => {
        if (segments.report(segment, 'refused by the matcher') === 'broken') drop(segment)
        return this.#rows(
          model,
          this.#numbersOf(model, index).filter((number) => within(number) && !more.includes(number)),
          batchRows,
        )
      }
      yield { block, rows: rows - without.length, without, instead }
    }
    yield* this.#rows(model, more, batchRows)
  }

  *#rows(model: string, numbers: Uint32Array, batchRows: number): Iterable<GalleryBatch> {
    const batches = this.#parts.gallery.batches(model, numbers, batchRows)[Symbol.iterator]()
    for (;;) {
      const next = this.#parts.read(() => batches.next())
      if (next.done === true) return
      yield next.value
    }
  }

  #numbersOf(model: string, index: number): Uint32Array {
    const { references, segments, read } = this.#parts
    return read(() => references.galleryNos(model, ...segments.rangeOf(index)))
  }
}

/** Numbers of the first list that are not in the second, in their order. */
function missingFrom(numbers: readonly number[], other: readonly number[]): Uint32Array {
  const known = new Set(other)
  return Uint32Array.from(numbers.filter((number) => !known.has(number)))
}

function wipe(opened: OpenedSegment): void {
  if (typeof opened !== 'string') for (const { block } of opened) block.fill(0)
}
