/**
 * Sealed segments of the gallery: a load reads hundreds of files instead of a million sealed rows.
 *
 * 1. A segment holds references of one model whose numbers lie in one range of so many (4,096). Ranges that are still filling up
 *    have none.
 * 2. The database is the truth. A segment is used only where its file is the very one that the manifest names (AES-256-GCM
 *    with the tag in the manifest; vault, model, index, generation and format are authenticated); anything else is
 *    reported, and the segment is made again from the rows.
 * 3. Its key is derived from the root key and a random salt that stands in the manifest alone: with the manifest's row goes
 *    what opens the file, wherever a copy of it may be.
 * 4. What leaves the gallery makes a segment dirty: rows that are no longer active are left out when it is read. What is
 *    erased takes the segment with it before the erasure is acknowledged.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { decodeGalleryBlock, encodeGalleryBlock, type GalleryBlock, galleryBlockFormat } from '../core/galleryBlock.ts'
import { canonicalJson } from './canonical.ts'
import { macOf } from './keys/derive.ts'
import type { RandomSource } from './random.ts'
import { SegmentFiles } from './segmentFiles.ts'

/** Reference numbers that one segment covers. */
export const segmentRowsDefault = 4096
const nonceBytes = 12
const saltBytes = 32
const tagBytes = 16
const problemsKeptMax = 100

/** A row of the manifest. */
export interface SegmentRow {
  readonly generation: number
  readonly segment_index: number
  readonly model: string
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
  readonly reason: 'another format' | 'missing or of another size' | 'not what was sealed'
}

export class Segments {
  readonly #vaultId: string
  readonly #key: KeyObject
  readonly #random: RandomSource
  readonly #segmentRows: number
  readonly #files: SegmentFiles
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
  constructor(database: Database.Database, key: KeyObject, vaultId: string, random: RandomSource, segmentRows = segmentRowsDefault) {
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

  /** The block of a segment, in memory of its own. @returns undefined where it is not what was sealed, which is reported */
  read(row: SegmentRow): GalleryBlock | undefined {
    const problem = (reason: SegmentProblem['reason']) => {
      if (this.#problems.length === problemsKeptMax) this.#problems.shift()
      this.#problems.push({ model: row.model, index: row.segment_index, reason })
      return undefined
    }
    if (row.format !== galleryBlockFormat) return problem('another format')
    const plain = this.#unsealed(row)
    if (plain === undefined) return problem('missing or of another size')
    const block = plain === null ? undefined : decodeGalleryBlock(plain)
    if (block === undefined || block.referenceNos.length !== row.row_count) return problem('not what was sealed')
    return block
  }

  /** Gives up a segment; the caller is in a transaction. */
  drop(row: SegmentRow): void {
    this.#removeOne.run(row.generation)
  }

  /**
   * Seals a block that was collected since `begin`, and enters it in the manifest.
   * @param enter runs the given function in a transaction
   * @returns whether it was entered: not where something of it was erased meanwhile
   */
  async seal(model: string, index: number, block: GalleryBlock, enter: (run: () => void) => boolean): Promise<boolean> {
    const plain = encodeGalleryBlock(block)
    const generation = this.#nextGeneration.get() as number
    const salt = Buffer.from(this.#random(saltBytes))
    const nonce = Buffer.from(this.#random(nonceBytes))
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(salt), nonce, { authTagLength: tagBytes })
    cipher.setAAD(this.#placeOf(model, index, generation, galleryBlockFormat))
    const sealed = cipher.update(plain)
    cipher.final()
    plain.fill(0)
    const tag = cipher.getAuthTag()
    await this.#files.write(generation, [sealed])
    let old: number[] = []
    const entered =
      this.#touched.get(index) !== true &&
      enter(() => {
        const known = this.#find.get(index, model)
        if (known !== undefined) this.#removeOne.run(known.generation)
        old = known === undefined ? [] : [known.generation]
        const dirty = this.#touched.has(index) ? 1 : 0
        this.#insert.run(generation, index, model, galleryBlockFormat, block.referenceNos.length, sealed.length, dirty, salt, nonce, tag)
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

  /** Lets go of the memory that reading kept. */
  endReading(): void {
    this.#files.endReading()
  }

  /** @returns the plaintext; undefined where the file is not there or of another size, null where its seal is not right */
  #unsealed(row: SegmentRow): Buffer | null | undefined {
    const { generation, segment_index, model, format, salt, nonce, tag } = row
    const sealed = this.#files.read(generation, row.byte_count)
    if (sealed === undefined) return undefined
    if (nonce.length !== nonceBytes || tag.length !== tagBytes) return null
    const decipher = createDecipheriv('aes-256-gcm', this.#keyOf(salt), nonce, { authTagLength: tagBytes })
    decipher.setAAD(this.#placeOf(model, segment_index, generation, format))
    decipher.setAuthTag(tag)
    const plain = decipher.update(sealed)
    try {
      decipher.final()
    } catch {
      plain.fill(0)
      return null
    }
    return plain
  }

  #keyOf(salt: Buffer): KeyObject {
    const bytes = macOf(this.#key, `segment/${salt.toString('hex')}`)
    const key = createSecretKey(bytes)
    bytes.fill(0)
    return key
  }

  #placeOf(model: string, index: number, generation: number, format: number): Buffer {
    return Buffer.from(canonicalJson(['gallery segment', this.#vaultId, model, this.#segmentRows, index, generation, format]))
  }

  #indexesOf(referenceNos: readonly number[]): number[] {
    return [...new Set(referenceNos.map((referenceNo) => this.indexOf(referenceNo)))]
  }
}
