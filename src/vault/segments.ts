/**
 * Sealed segments of the gallery: a load reads hundreds of files instead of a million sealed rows.
 *
 * 1. A segment holds references of one model whose numbers lie in one range of so many (4,096), as a block that the matcher can load without
 *    computing anything (core/gallery/block.ts). Ranges that are still filling up have none, nor have models whose mean template
 *    nobody has told yet: rows depend on it.
 * 2. The database is the truth. A segment is used only where its file is the very one that the manifest names (AES-256-GCM
 *    with the tag in the manifest; vault, model, index, generation and format are authenticated), and of the format that its model has
 *    now; anything else is reported, and the segment is made again from the rows.
 * 3. Its key is derived from the root key and a random salt that stands in the manifest alone: with the manifest's row goes
 *    what opens the file, wherever a copy of it may be.
 * 4. What leaves the gallery makes a segment dirty: rows that are no longer active are left out when it is read. What is
 *    erased takes the segment with it before the erasure is acknowledged.
 */
import { createHash, type KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import type { GalleryBatch } from '../contract/records.ts'
import { formatNumberOf, type GalleryModel, galleryFormatOf } from '../core/gallery/galleryFormat.ts'
import { canonicalJson } from './canonical.ts'
import { macOf } from './keys/derive.ts'
import type { RandomSource } from './random.ts'
import { SegmentFiles } from './segmentFiles.ts'
import { SegmentThread, ThreadEnded } from './segmentThread.ts'
import type { OpenedBlock, SegmentSeal } from './segmentWorker.ts'

/** Reference numbers that one segment covers. */
export const segmentRowsDefault = 4096
const nonceBytes = 12
const saltBytes = 32
const tagBytes = 16
const problemsKeptMax = 100
/** How often an order is given to the thread that ends without an answer. */
const triesMax = 2

/** A row of the manifest. */
export interface SegmentRow {
  readonly generation: number
  readonly segment_index: number
  readonly model: string
  /** Number of the format (core/gallery/galleryFormat.ts). */
  readonly format: number
  readonly row_count: number
  readonly byte_count: number
  readonly dirty: 0 | 1
  readonly salt: Buffer
  readonly nonce: Buffer
  readonly tag: Buffer
}

export interface SegmentProblem {
  readonly model: string
  readonly index: number
  readonly reason: 'another format' | 'missing or of another size' | 'not what was sealed' | 'refused by the matcher'
}

/** Its blocks; `broken` where it is not what was sealed, which is reported; `unread` where it was replaced, or could not be looked at. */
export type OpenedSegment = readonly OpenedBlock[] | 'broken' | 'unread'

/** What blocks of a model are made for. */
interface Layout {
  readonly meanTemplate: Float32Array
  readonly format: string
  readonly number: number
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

export class Segments {
  readonly #vaultId: string
  readonly #key: KeyObject
  readonly #random: RandomSource
  readonly #segmentRows: number
  readonly #files: SegmentFiles
  readonly #thread: SegmentThread
  readonly #layouts = new Map<string, Layout>()
  readonly #find: Database.Statement<[number, string], SegmentRow>
  readonly #all: Database.Statement<[], SegmentRow>
  readonly #generations: Database.Statement<[], number>
  readonly #nextGeneration: Database.Statement<[], number>
  readonly #insert: Database.Statement<[number, number, string, number, number, number, 0 | 1, Buffer, Buffer, Buffer]>
  readonly #markDirty: Database.Statement<[number]>
  readonly #remove: Database.Statement<[number], number>
  readonly #removeOne: Database.Statement<[number]>
  /** Segments that changed while one was being made: index to whether something was erased. */
  readonly #touched = new Map<number, boolean>()
  readonly #problems: SegmentProblem[] = []

  /** @param segmentRows another number than before makes every segment anew: it is authenticated with them */
  constructor(
    database: Database.Database,
    key: KeyObject,
    vaultId: string,
    random: RandomSource,
    segmentRows = segmentRowsDefault,
    thread = new SegmentThread(),
  ) {
    this.#thread = thread
    this.#segmentRows = segmentRows
    this.#vaultId = vaultId
    this.#key = key
    this.#random = random
    this.#files = new SegmentFiles(database.name)
    this.#find = database.prepare('SELECT * FROM gallery_segments WHERE segment_index = ? AND model = ?')
    this.#all = database.prepare('SELECT * FROM gallery_segments ORDER BY segment_index')
    this.#generations = database.prepare<[], number>('SELECT generation FROM gallery_segments').pluck()
    this.#nextGeneration = database
      .prepare<[], number>(`SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'gallery_segments'`)
      .pluck()
    this.#insert = database.prepare(`INSERT INTO gallery_segments
      (generation, segment_index, model, format, row_count, byte_count, dirty, salt, nonce, tag) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    this.#markDirty = database.prepare('UPDATE gallery_segments SET dirty = 1 WHERE segment_index = ? AND dirty = 0')
    this.#remove = database.prepare<[number], number>('DELETE FROM gallery_segments WHERE segment_index = ? RETURNING generation').pluck()
    this.#removeOne = database.prepare('DELETE FROM gallery_segments WHERE generation = ?')
    this.#files.sweep(new Set(this.#generations.all()))
  }

  /** Tells what a model's rows depend on. @returns whether that is news */
  learn(model: GalleryModel): boolean {
    const format = galleryFormatOf(model, sha256)
    if (this.#layouts.get(model.id)?.format === format) return false
    this.#layouts.set(model.id, { meanTemplate: model.meanTemplate.slice(), format, number: formatNumberOf(format, sha256) })
    return true
  }

  /** Numbers of a template of a model, as far as it is known. */
  dimensionOf(model: string): number | undefined {
    return this.#layouts.get(model)?.meanTemplate.length
  }

  /** Whether a segment holds what its model's rows are now. */
  isCurrent(row: SegmentRow): boolean {
    return row.dirty === 0 && row.format === this.#layouts.get(row.model)?.number
  }

  /** The segment in which a reference is. */
  indexOf(referenceNo: number): number {
    return Math.floor((referenceNo - 1) / this.#segmentRows)
  }

  /** First and last reference number of a segment. */
  rangeOf(index: number): readonly [first: number, last: number] {
    return [index * this.#segmentRows + 1, (index + 1) * this.#segmentRows]
  }

  find(model: string, index: number): SegmentRow | undefined {
    return this.#find.get(index, model)
  }

  all(): SegmentRow[] {
    return this.#all.all()
  }

  /** Segments that were found wrong since the vault was opened, the latest 100. */
  problems(): readonly SegmentProblem[] {
    return this.#problems
  }

  /** References entered or left the gallery; the caller is in their transaction. */
  noteChanged(referenceNos: readonly number[]): void {
    for (const index of this.#indexesOf(referenceNos)) {
      this.#markDirty.run(index)
      if (!this.#touched.get(index)) this.#touched.set(index, false)
    }
  }

  /**
   * References are erased: the segments in which they may be go too. The caller is in their transaction.
   * @returns what has to be removed from the disk once it is committed
   */
  noteErased(referenceNos: readonly number[]): number[] {
    return this.#indexesOf(referenceNos).flatMap((index) => {
      this.#touched.set(index, true)
      return this.#remove.all(index)
    })
  }

  /** Removes files whose rows of the manifest are gone. */
  removeFiles(generations: readonly number[]): void {
    this.#files.remove(generations)
  }

  /** The blocks of a segment. Of a model that nobody has told of only its seal counts. @throws ThreadEnded where the vault was closed */
  async open(row: SegmentRow): Promise<OpenedSegment> {
    const layout = this.#layouts.get(row.model)
    if (layout !== undefined && layout.number !== row.format) return this.report(row, 'another format')
    if (row.nonce.length !== nonceBytes || row.tag.length !== tagBytes) return this.report(row, 'not what was sealed')
    const { generation, segment_index, model, byte_count, row_count, format, tag, nonce, salt } = row
    const answer = await this.#tried(() =>
      this.#thread.open({
        kind: 'open',
        path: this.#files.path(generation),
        bytes: byte_count,
        rows: row_count,
        format,
        tag,
        seal: this.#sealOf(salt, nonce, model, segment_index, generation, format),
      }),
    )
    if (answer === undefined) return 'unread'
    if ('blocks' in answer) return answer.blocks
    return this.report(row, answer.problem)
  }

  /** A segment was found wrong. @returns `unread` where it is not in the manifest any more: it was replaced meanwhile */
  report(row: SegmentRow, reason: SegmentProblem['reason']): 'broken' | 'unread' {
    if (this.#find.get(row.segment_index, row.model)?.generation !== row.generation) return 'unread'
    if (this.#problems.length === problemsKeptMax) this.#problems.shift()
    this.#problems.push({ model: row.model, index: row.segment_index, reason })
    return 'broken'
  }

  /** Gives up a segment; the caller is in a transaction. */
  drop(row: SegmentRow): void {
    this.#removeOne.run(row.generation)
  }

  /**
   * Makes a block of rows that were collected since `begin`, seals it, and enters it in the manifest.
   * @param rows of a model that was told of; the templates are passed to the thread
   * @param enter runs the given function in a transaction
   * @returns whether it was entered: not where something of it was erased meanwhile, or a template fits no block
   * @throws ThreadEnded
   */
  async seal(model: string, index: number, rows: GalleryBatch, enter: (run: () => void) => boolean): Promise<boolean> {
    const { meanTemplate, format, number } = this.#layouts.get(model) as Layout
    const generation = this.#nextGeneration.get() as number
    const salt = Buffer.from(this.#random(saltBytes))
    const nonce = Buffer.from(this.#random(nonceBytes))
    const { referenceNos, templates } = rows
    const seal = this.#sealOf(salt, nonce, model, index, generation, number)
    const answer = await this.#thread.seal({ kind: 'seal', format, meanTemplate, referenceNos, templates, seal })
    if (answer === null) return false
    const { sealed } = answer
    const tag = Buffer.from(answer.tag)
    await this.#files.write(generation, [sealed])
    let old: number[] = []
    const entered =
      this.#touched.get(index) !== true &&
      enter(() => {
        const known = this.#find.get(index, model)
        if (known !== undefined) this.#removeOne.run(known.generation)
        old = known === undefined ? [] : [known.generation]
        const dirty = this.#touched.has(index) ? 1 : 0
        this.#insert.run(generation, index, model, number, referenceNos.length, sealed.length, dirty, salt, nonce, tag)
      })
    this.#files.remove(entered ? old : [generation])
    return entered
  }

  /** From here on changes to a segment are noticed until it is sealed. */
  begin(index: number): void {
    this.#touched.delete(index)
  }

  wasErased(index: number): boolean {
    return this.#touched.get(index) === true
  }

  /** Ends the thread; what it was doing is abandoned. */
  close(): void {
    this.#thread.close()
  }

  /** Gives an order again when the thread ended over it. @returns undefined where it did so each time @throws ThreadEnded where it was closed */
  async #tried<Answer>(order: () => Promise<Answer>): Promise<Answer | undefined> {
    for (let tries = 0; tries < triesMax; tries++) {
      try {
        return await order()
      } catch (error) {
        if (!(error instanceof ThreadEnded) || this.#thread.closed) throw error
      }
    }
    return undefined
  }

  /** The key is for the thread, which zeroes it. */
  #sealOf(salt: Buffer, nonce: Buffer, model: string, index: number, generation: number, format: number): SegmentSeal {
    const mac = macOf(this.#key, `segment/${salt.toString('hex')}`)
    const key = Uint8Array.from(mac)
    mac.fill(0)
    return { key, nonce, place: this.#placeOf(model, index, generation, format) }
  }

  #placeOf(model: string, index: number, generation: number, format: number): Buffer {
    return Buffer.from(canonicalJson(['gallery segment', this.#vaultId, model, this.#segmentRows, index, generation, format]))
  }

  #indexesOf(referenceNos: readonly number[]): number[] {
    return [...new Set(referenceNos.map((referenceNo) => this.indexOf(referenceNo)))]
  }
}
