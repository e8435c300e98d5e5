/**
 * Makes the segments that are missing, dirty or of another format, one at a time and in slices, while the vault goes on with its work.
 * Unsealing the rows is done here, since the one connection of the database is here; a thread makes blocks of them and
 * seals those; writing and syncing is done by the threads of the file system calls.
 */
import type { GalleryBatch } from '../contract/records.ts'
import type { Gallery } from './gallery.ts'
import type { References } from './references.ts'
import type { Segments } from './segments.ts'
import { ThreadEnded } from './segmentThread.ts'
import { nextTurn } from './turns.ts'

/** Rows unsealed at a stretch: about 2 ms. */
const rowsPerSlice = 64

export interface SealerParts {
  readonly segments: Segments
  readonly references: References
  readonly gallery: Gallery
  /** Runs in a transaction. @returns false where the vault was closed meanwhile */
  readonly write: (run: () => void) => boolean
  /** Runs while the vault is open. @returns undefined where it was closed */
  readonly read: <T>(run: () => T) => T | undefined
}

export class SegmentSealer {
  readonly #parts: SealerParts
  #running: Promise<number> | undefined

  constructor(parts: SealerParts) {
    this.#parts = parts
  }

  /** Seals whatever needs it. @returns how many segments were sealed; 0 where the vault was closed */
  run(): Promise<number> {
    this.#running ??= this.#sealAll().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #sealAll(): Promise<number> {
    const { references, segments, read } = this.#parts
    let sealed = 0
    for (const model of read(() => references.galleryModels()) ?? []) {
      if (segments.dimensionOf(model) === undefined) continue
      // The range of the next number is still filling up.
      for (let index = 0; index < (read(() => segments.indexOf(references.lastNo() + 1)) ?? 0); index++) {
        if (await this.#sealTried(model, index)) sealed += 1
      }
    }
    return sealed
  }

  /** A thread that ended has lost what it was making: it is collected anew, once. */
  async #sealTried(model: string, index: number): Promise<boolean> {
    try {
      return await this.#sealOne(model, index)
    } catch (error) {
      if (!(error instanceof ThreadEnded)) throw error
    }
    try {
      return await this.#sealOne(model, index)
    } catch (error) {
      if (!(error instanceof ThreadEnded)) throw error
      return false
    }
  }

  async #sealOne(model: string, index: number): Promise<boolean> {
    const { segments, references, read, write } = this.#parts
    const wanted = read(() => {
      const known = segments.find(model, index)
      if (known !== undefined && segments.isCurrent(known)) return undefined
      segments.begin(index)
      const numbers = references.galleryNos(model, ...segments.rangeOf(index))
      if (numbers.length > 0 || known === undefined) return numbers
      write(() => segments.drop(known))
      segments.removeFiles([known.generation])
      return undefined
    })
    if (wanted === undefined || wanted.length === 0) return false
    const rows = await this.#collect(model, index, wanted)
    return rows !== undefined && (await segments.seal(model, index, rows, write))
  }

  /** @returns undefined where something was erased or the vault was closed meanwhile, or a template is of another dimension */
  async #collect(model: string, index: number, wanted: Uint32Array): Promise<GalleryBatch | undefined> {
    const { segments, gallery, read } = this.#parts
    const dimension = segments.dimensionOf(model) ?? 0
    const templates = new Float32Array(dimension * wanted.length)
    for (let at = 0; at < wanted.length; at += rowsPerSlice) {
      await nextTurn()
      const numbers = wanted.subarray(at, at + rowsPerSlice)
      const slice = read(() => gallery.rowsOf(model, numbers))
      const whole = slice?.referenceNos.length === numbers.length && slice.templates.length === numbers.length * dimension
      if (whole && !segments.wasErased(index)) templates.set(slice.templates, at * dimension)
      slice?.templates.fill(0)
      if (whole && !segments.wasErased(index)) continue
      templates.fill(0)
      return undefined
    }
    return { referenceNos: wanted, templates }
  }
}
