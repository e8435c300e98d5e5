/** The galleries of the models on their way to the matcher, and the sealed segments that make that fast. */
import type Database from 'better-sqlite3'
import type { GalleryBatch, GalleryHandOver } from '../contract/records.ts'
import type { GalleryModel } from '../core/gallery/galleryFormat.ts'
import { guarded, vaultFailure } from './failure.ts'
import type { GalleryCounts } from './gallery.ts'
import { HandOver } from './handOver.ts'
import { SegmentSealer } from './segmentSealer.ts'
import type { SegmentProblem, SegmentRow } from './segments.ts'
import type { Stores } from './stores.ts'
import type { Transactions } from './transactions.ts'

export interface GalleriesParts extends Stores {
  readonly database: Database.Database
  readonly transactions: Transactions
  /** There is something to seal when the vault is idle. */
  readonly noteWork: () => void
}

export class Galleries {
  readonly #parts: GalleriesParts
  readonly #handOver: HandOver
  readonly #sealer: SegmentSealer

  constructor(parts: GalleriesParts) {
    this.#parts = parts
    const { database, transactions } = parts
    this.#handOver = new HandOver({
      ...parts,
      read: (run) => transactions.read(run),
      drop: (segment) => this.#drop(segment),
    })
    this.#sealer = new SegmentSealer({
      ...parts,
      read: (run) => (database.open ? guarded(run) : undefined),
      write: (run) => {
        if (!database.open) return false
        transactions.write(run)
        return true
      },
    })
  }

  counts(): GalleryCounts {
    return this.#parts.transactions.read(() => this.#parts.gallery.counts())
  }

  /**
   * The gallery of a model for the matcher: sealed blocks, and batches of the rows that are in none. From then on segments of this
   * model are made when the vault is idle.
   */
  handOver(model: GalleryModel, batchRows: number): GalleryHandOver {
    if (this.#parts.segments.learn(model)) this.#parts.noteWork()
    return this.#handOver.begin(model, batchRows)
  }

  /** The templates of a model's gallery in batches, out of their rows; other calls may come between batches. */
  load(model: string, batchRows: number): { sequence: number; rows: number; batches: Iterable<GalleryBatch> } {
    const { sequence, rows, batches } = this.#parts.transactions.read(() => this.#parts.gallery.load(model, batchRows))
    return { sequence, rows, batches: this.#guardedBatches(batches[Symbol.iterator]()) }
  }

  /**
   * Seals the segments of the gallery that are missing, dirty or of another format, in slices.
   * @param model one whose gallery was not handed over since the vault was opened
   * @returns how many; 0 where the vault was closed
   * @throws vault.diskFull, vault.unwritable
   */
  async seal(model?: GalleryModel): Promise<number> {
    if (model !== undefined) this.#parts.segments.learn(model)
    try {
      return await this.#sealer.run()
    } catch (error) {
      throw vaultFailure(error)
    }
  }

  /** Segments that were found wrong since the vault was opened; each is made again from the rows. */
  problems(): readonly SegmentProblem[] {
    return this.#parts.segments.problems()
  }

  *#guardedBatches(batches: Iterator<GalleryBatch>): Iterable<GalleryBatch> {
    for (;;) {
      const next = this.#parts.transactions.read(() => batches.next())
      if (next.done === true) return
      yield next.value
    }
  }

  #drop(segment: SegmentRow): void {
    const { transactions, segments } = this.#parts
    try {
      transactions.write(() => segments.drop(segment))
      segments.removeFiles([segment.generation])
    } catch {
      // A disk that cannot be written to keeps the segment, which will be found wrong again.
    }
  }
}
