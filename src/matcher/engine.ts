/** Makes the matcher's engine: galleries of several models, one set of worker threads. See api.ts. */
import { availableParallelism, totalmem } from 'node:os'
import { RowEncoder } from '../core/gallery/rowEncoder.ts'
import type { Engine, EngineOptions } from './api.ts'
import { Budget } from './budget.ts'
import { Gallery } from './gallery.ts'
import { kernelFolder, loadKernel } from './kernelFile.ts'
import { Rows } from './rows.ts'
import { Searches } from './searches.ts'
import { pageBytes, shapeOf } from './shape.ts'

/** All that 32-bit addresses reach, less a page, so that every address is a number below it. */
export const bankBytesLimit = 65_535 * pageBytes
/** Leaves a quarter of the machine to everything else. */
const memoryShareMax = 0.75
const directRowsDefault = 2_000
export const threadsMax = 64

/** What tests need beyond the interface. */
export interface TestableEngine extends Engine {
  readonly searches: Searches
  open(options: { model: string; meanTemplate: Float32Array; rowsExpected?: number; sequence?: number }): Gallery
  gallery(model: string): Gallery | undefined
}

export function createEngine(options: EngineOptions = {}): TestableEngine {
  const kernel = loadKernel(options.kernelFolder ?? kernelFolder(), options.kernel)
  const threads = Math.min(threadsMax, options.threads ?? availableParallelism())
  const bankBytesMax = Math.min(bankBytesLimit, Math.floor((options.bankBytesMax ?? bankBytesLimit) / pageBytes) * pageBytes)
  const budget = new Budget(options.memoryBytesMax ?? totalmem() * memoryShareMax)
  const searches = new Searches({ kernel, threads, bankBytesMax, directRowsMax: options.directRowsMax ?? directRowsDefault })
  const galleries = new Map<string, Gallery>()
  let opened = 0

  return {
    kernel: kernel.name,
    threads,
    searches,
    open: ({ model, meanTemplate, rowsExpected = 0, sequence = 0 }) => {
      const before = galleries.get(model)
      const rows = new Rows({
        shape: shapeOf(meanTemplate.length, threads, bankBytesMax),
        encoder: new RowEncoder(meanTemplate),
        kernel,
        budget,
        bankBytesMax,
      })
      // The rows of before make room, unless there is none even so.
      const making = before?.memoryBytes ?? 0
      budget.give(making)
      try {
        rows.reserve(rowsExpected)
      } catch (error) {
        rows.drop()
        throw error
      } finally {
        budget.takeBack(making)
      }
      const gallery = new Gallery({ model, number: ++opened, rows, sequence, searches })
      galleries.set(model, gallery)
      void before?.drop()
      return gallery
    },
    gallery: (model) => galleries.get(model),
    drop: async (model) => {
      const gallery = galleries.get(model)
      galleries.delete(model)
      await gallery?.drop()
      return gallery !== undefined
    },
    close: async () => {
      await searches.close()
      for (const gallery of galleries.values()) gallery.rows.drop()
      galleries.clear()
    },
  }
}
