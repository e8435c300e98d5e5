/**
 * Makes the segments that are missing or dirty, one at a time and in slices, while the vault goes on with its work. What
 * costs is unsealing the rows, which is done here, since the one connection of the database is here; sealing 8 MiB takes
 * 3 ms; writing and syncing them is done by the threads of the file system calls.
 */
import type { GalleryBatch } from '../contract/records.ts'
import type { Gallery } from './gallery.ts'
import type { References } from './references.ts'
import type { Segments } from './segments.ts'
import { nextTurn } from './turns.ts'

/** Rows unsealed at a stretch: about 5 ms. */
const rowsPerSlice = 256

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
      // The range of the next number is still filling up.
      for (let index = 0; index < (read(() => segments.indexOf(references.lastNo() + 1)) ?? 0); index++) {
        if (await this.#sealOne(model, index)) sealed += 1
      }
    }
    return sealed
  }

  async #sealOne(model: string, index: number): Promise<boolean> {
    const { segments, references, read, write } = this.#parts
    const wanted = read(() => {
      const known = segments.find(model, index)
      if (known?.dirty === 0) return undefined
      segments.begin(index)
      const numbers = references.galleryNos(model, ...segments.rangeOf(index))
      if (numbers.length > 0 || known === undefined) return numbers
      write(() => segments.drop(known))
      segments.removeFiles([known.generation])
      return undefined
    })
    if (wanted === undefined || wanted.length === 0) return false
    const block = await this.#collect(model, index, wanted)
    if (block === undefined) return false
    try {
      return await segments.seal(model, index, block, write)
    } finally {
      block.templates.fill(0)
    }
  }

  /** @returns undefined where something was erased or the vault was closed meanwhile */
  async #collect(model: string, index: number, wanted: Uint32Array): Promise<GalleryBatch | undefined> {
    const { segments, gallery, read } = this.#parts
    let templates: Float32Array | undefined
    for (let at = 0; at < wanted.length; at += rowsPerSlice) {
      await nextTurn()
      const numbers = wanted.subarray(at, at + rowsPerSlice)
      const slice = read(() => gallery.rowsOf(model, numbers))
      if (slice === undefined || slice.referenceNos.length !== numbers.length || segments.wasErased(index)) {
        templates?.fill(0)
        return undefined
      }
      templates ??= new Float32Array((slice.templates.length / numbers.length) * wanted.length)
      templates.set(slice.templates, at * (slice.templates.length / numbers.length))
      slice.templates.fill(0)
    }
    return templates === undefined ? undefined : { referenceNos: wanted, templates }
  }
}
