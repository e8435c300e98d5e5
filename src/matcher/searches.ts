/**
 * Searches of an engine's galleries.
 * 1. Passes over large galleries follow one another; what was asked of the same gallery meanwhile shares the next pass, up to 32.
 * 2. A pass begins by taking its snapshot: it sees every change that was made before the search was asked for, and none that comes later.
 * 3. Small galleries are searched at once, in this thread.
 */
import { VultusError } from '../contract/errors.ts'
import { answersOf, type Planned } from './answers.ts'
import type { BatchQuery, SearchAnswer } from './api.ts'
import type { Gallery, Searcher } from './gallery.ts'
import type { Kernel } from './kernelFile.ts'
import { labelTestOf } from './labels.ts'
import { PassRunner } from './pass.ts'
import { type Pass, type PassPart, type PassQuery, sharedWords } from './passJob.ts'
import { Pool } from './pool.ts'
import { encodeQuery, type Query } from './query.ts'
import { queriesMax } from './shape.ts'
import { streamBytes, streamRows } from './stream.ts'

/** Searches that may wait for a pass. */
export const waitingMax = 1_024

interface Waiting {
  readonly gallery: Gallery
  readonly query: BatchQuery
  readonly settle: { resolve(answer: SearchAnswer): void; reject(error: unknown): void }
}

export interface SearchesOptions {
  readonly kernel: Kernel
  readonly threads: number
  readonly bankBytesMax: number
  readonly directRowsMax: number
}

export class Searches implements Searcher {
  readonly #options: SearchesOptions
  readonly #waiting: Waiting[] = []
  #pool: Pool | undefined
  #known = new Map<Gallery, number>()
  #busy = false
  #closed = false

  constructor(options: SearchesOptions) {
    this.#options = options
  }

  /** The threads, once a gallery was large enough for them. */
  get pool(): Pool | undefined {
    return this.#pool
  }

  /** A gallery has changed: starts the threads before a search has to wait for them. */
  expect(gallery: Gallery): void {
    if (!this.#isDirect(gallery)) this.#needPool()
  }

  async ask(gallery: Gallery, query: BatchQuery): Promise<SearchAnswer> {
    if (this.#closed) throw new VultusError('gallery.notReady', 'the matcher is closed')
    if (this.#isDirect(gallery)) return this.#direct(gallery, [query])[0]!
    if (this.#waiting.length >= waitingMax) throw new VultusError('rate.limited', `${waitingMax} searches are waiting`)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ gallery, query, settle: { resolve, reject } })
      // What is asked for in the same turn shares the pass.
      queueMicrotask(() => void this.#pump())
    })
  }

  async stream(gallery: Gallery): Promise<{ ms: number; bytes: number }> {
    const slots = gallery.slotsUsed
    const pool = this.#needPool()
    while (this.#busy) await new Promise((resolve) => setImmediate(resolve))
    this.#busy = true
    if (pool !== undefined) this.#tellBanks(pool, gallery)
    const started = performance.now()
    try {
      const shared = () => new Int32Array(new SharedArrayBuffer(4))
      if (pool === undefined) streamRows(gallery.rows.shape, gallery.rows.banks, slots, shared())
      else await pool.run((job) => ({ kind: 'stream', job, gallery: gallery.number, slots, shared: shared() }))
      return { ms: performance.now() - started, bytes: streamBytes(gallery.rows.shape, slots) }
    } finally {
      this.#busy = false
      void this.#pump()
    }
  }

  forget(gallery: Gallery): void {
    this.#known.delete(gallery)
    this.#pool?.dropGallery(gallery.number)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const { settle } of this.#waiting.splice(0)) settle.reject(new VultusError('gallery.notReady', 'the matcher is closed'))
    await this.#pool?.close()
  }

  async #pump(): Promise<void> {
    if (this.#busy || this.#waiting.length === 0) return
    this.#busy = true
    const { gallery } = this.#waiting[0]!
    const taken = this.#takeFor(gallery)
    try {
      const answers = await this.#pass(
        gallery,
        taken.map(({ query }) => query),
      )
      for (const [index, { settle }] of taken.entries()) settle.resolve(answers[index]!)
    } catch (error) {
      for (const { settle } of taken) settle.reject(error)
    } finally {
      this.#busy = false
      void this.#pump()
    }
  }

  #takeFor(gallery: Gallery): Waiting[] {
    const taken: Waiting[] = []
    for (let at = 0; at < this.#waiting.length && taken.length < queriesMax; ) {
      if (this.#waiting[at]!.gallery === gallery) taken.push(...this.#waiting.splice(at, 1))
      else at += 1
    }
    return taken
  }

  /** In this thread. */
  #direct(gallery: Gallery, queries: readonly BatchQuery[]): SearchAnswer[] {
    const started = performance.now()
    const snapshot = gallery.hold()
    try {
      const planned = queries.map((query) => this.#plan(gallery, query))
      const runner = new PassRunner(gallery.rows.shape, gallery.rows.banks, 0, passOf(snapshot, planned, new Int32Array(sharedWords)))
      return this.#finish(gallery, snapshot, planned, [runner.run()], 0, started)
    } finally {
      gallery.release(snapshot)
    }
  }

  async #pass(gallery: Gallery, queries: readonly BatchQuery[]): Promise<SearchAnswer[]> {
    const pool = this.#needPool()
    if (pool === undefined) return this.#direct(gallery, queries)
    this.#tellBanks(pool, gallery)
    const started = performance.now()
    const snapshot = gallery.hold()
    try {
      const planned = queries.map((query) => this.#plan(gallery, query))
      const parts = await pool.run((job) => ({
        kind: 'pass',
        job,
        gallery: gallery.number,
        pass: passOf(snapshot, planned, sharedByThreads()),
      }))
      return this.#finish(gallery, snapshot, planned, parts, pool.size, started)
    } finally {
      gallery.release(snapshot)
    }
  }

  #plan(gallery: Gallery, { probe, threshold, limit, filter, stage }: BatchQuery): Planned {
    const { rows, planner } = gallery
    const query: Query = rows.banks[0] === undefined ? nothingToCompare : encodeQuery(rows.encoder, rows.shape, probe, rows.rowLengthMax)
    const margin = query.length === 0 ? 0 : (threshold - query.meanScore) / query.length
    const choice = planner.choose(margin, stage)
    const asked: PassQuery = {
      query,
      threshold,
      limit: limit ?? 0,
      test: labelTestOf(filter),
      stage: choice.stage,
      shareMax: choice.shareMax,
    }
    return { asked, choice, margin }
  }

  #finish(
    gallery: Gallery,
    snapshot: ReturnType<Gallery['hold']>,
    planned: readonly Planned[],
    parts: readonly PassPart[],
    threads: number,
    started: number,
  ): SearchAnswer[] {
    if (planned.length === 1) gallery.planner.learnCosts(parts)
    return answersOf({ gallery, snapshot, planned, parts, threads, started, kernel: this.#options.kernel.name })
  }

  #isDirect(gallery: Gallery): boolean {
    // Of a gallery without rows the threads have not heard.
    const rows = gallery.slotsUsed
    return rows === 0 || rows < this.#options.directRowsMax || this.#options.threads === 0 || this.#pool?.broken === true
  }

  #needPool(): Pool | undefined {
    const { kernel, threads, bankBytesMax } = this.#options
    if (threads === 0 || this.#closed) return undefined
    this.#pool ??= new Pool(kernel, threads, bankBytesMax)
    return this.#pool.broken ? undefined : this.#pool
  }

  /** Each thread learns of each bank once. */
  #tellBanks(pool: Pool, gallery: Gallery): void {
    const { banks, shape } = gallery.rows
    for (let told = this.#known.get(gallery) ?? 0; told < banks.length; told++) {
      pool.addBank({ kind: 'bank', gallery: gallery.number, dimension: shape.dimension, memory: banks[told]!.memory })
    }
    this.#known.set(gallery, banks.length)
  }
}

const sharedByThreads = () => new Int32Array(new SharedArrayBuffer(4 * sharedWords))

/** @param shared words that the threads of one try share; the cuts start below every score */
function passOf(snapshot: { slots: number; generation: number }, planned: readonly Planned[], shared: Int32Array): Pass {
  shared.fill(-(2 ** 31), 1)
  return { slots: snapshot.slots, generation: snapshot.generation, queries: planned.map(({ asked }) => asked), shared }
}

/** Of an empty gallery there is nothing to compare with. */
const nothingToCompare: Query = {
  bytes: new Uint8Array(),
  meanScore: 0,
  length: 0,
  firstRemainder: 0,
  remainder: 0,
  slack: 0,
}
