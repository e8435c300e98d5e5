/** The same rows in every process and library of the bench, drawn once and handed on block by block; nobody keeps the float32 of all. */

import type { GalleryRows } from '../../../src/contract/processes.ts'
import { batchRows } from '../../../src/station/galleryFeed.ts'
import { BruteForce } from './bruteForce.ts'
import { type BenchProcess, startEngine, startMatcher } from './processes.ts'
import type { Probe, Templates } from './templates.ts'
import { ExactRows, loadUsearch } from './usearch.ts'

export interface GalleriesOptions {
  readonly templates: Templates
  readonly probes: readonly Probe[]
  /** Rows at which the growing galleries are measured, ascending. */
  readonly milestones: readonly number[]
  /** The milestone up to which the matcher's own process, the single thread and the brute force go along. */
  readonly headline: number
  readonly threads: number
  /** The lowest threshold that the brute force is asked for. */
  readonly thresholdMin: number
  readonly say: (line: string) => void
}

export class Galleries {
  readonly engine = startEngine()
  readonly single = startEngine()
  readonly matcher = startMatcher()
  readonly bruteForce: BruteForce
  /** undefined where usearch is missing. */
  exact: ExactRows | undefined
  usearchMissing: string | undefined
  kernel = ''
  threads = 0
  rows = 0
  /** Loading of the headline's rows into the engine, milliseconds. */
  loadMs = 0
  readonly #options: GalleriesOptions
  #sequence = 0

  private constructor(options: GalleriesOptions) {
    this.#options = options
    this.bruteForce = new BruteForce(options.probes, options.templates.dimension, options.thresholdMin)
  }

  static async open(options: GalleriesOptions): Promise<Galleries> {
    const galleries = new Galleries(options)
    try {
      await galleries.#open()
    } catch (error) {
      await galleries.close()
      throw error
    }
    return galleries
  }

  async #open(): Promise<void> {
    const { templates, milestones, headline, threads } = this.#options
    const { meanTemplate, dimension } = templates
    const most = Math.max(...milestones)
    const opened = await this.engine.functions.open({ meanTemplate, rowsExpected: most, threads })
    this.kernel = opened.kernel
    this.threads = opened.threads
    await this.single.functions.open({ meanTemplate, rowsExpected: headline, threads: 1 })
    await this.matcher.functions.begin({ model: 'bench@1', dimension, meanTemplate, rowsExpected: headline })
    const usearch = await loadUsearch()
    if ('library' in usearch) this.exact = new ExactRows(usearch.library, most, dimension)
    else this.usearchMissing = usearch.missing
  }

  /** Draws and hands on rows until there are so many. */
  async growTo(rows: number): Promise<void> {
    const { templates, headline, say } = this.#options
    const startedMs = performance.now()
    let handedOn: Promise<unknown> = Promise.resolve()
    while (this.rows < rows) {
      // A block never reaches over the headline: beyond it fewer go along.
      const end = this.rows < headline ? Math.min(rows, headline) : rows
      const count = Math.min(batchRows, end - this.rows)
      const block = this.#block(this.rows, count)
      if (this.rows < headline) this.bruteForce.compare(this.rows, count, block)
      this.exact?.write(this.rows, block)
      await handedOn
      handedOn = this.#handOn(this.rows + 1, count, block)
      this.rows += count
    }
    await handedOn
    if (this.#sequence === 0) {
      await this.matcher.functions.ready({ sequence: 0, rows: Math.min(rows, headline) })
      this.#sequence = 1
    }
    say(`${rows} rows of ${templates.dimension} dimensions (${templates.kind}), ${((performance.now() - startedMs) / 1000).toFixed(0)} s`)
  }

  #block(firstRow: number, count: number): Float32Array {
    const { templates } = this.#options
    const { dimension } = templates
    const block = new Float32Array(count * dimension)
    for (let row = 0; row < count; row++) templates.row(firstRow + row, block.subarray(row * dimension, (row + 1) * dimension))
    return block
  }

  async #handOn(firstNo: number, count: number, block: Float32Array): Promise<void> {
    const { headline } = this.#options
    const added = { firstNo, templates: block }
    const ms = this.engine.functions.add(added)
    if (firstNo > headline) return void (await ms)
    const rows = { referenceNos: Uint32Array.from({ length: count }, (_, at) => firstNo + at), templates: block }
    const own = this.#sequence === 0 ? this.matcher.functions.loadRows(rows) : this.#apply(rows)
    const [loadMs] = await Promise.all([ms, this.single.functions.add(added), own])
    this.loadMs += loadMs
  }

  async #apply(added: GalleryRows): Promise<void> {
    const taken = await this.matcher.functions.apply({ sequence: this.#sequence++, added, removed: new Uint32Array() })
    if (!taken) throw new Error('The matcher refused a change as a gap')
  }

  async close(): Promise<void> {
    const processes: BenchProcess<unknown>[] = [this.engine, this.single, this.matcher]
    await Promise.all(processes.map((started) => started.end()))
  }
}
