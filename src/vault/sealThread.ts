/**
 * The vault's end of the thread that helps to seal batches.
 *
 * 1. The thread is started by the first batch, which mostly does without it, and ended when there was none for a while.
 * 2. Nothing depends on it: what it has not claimed by the time it is wanted is sealed by the vault's own thread.
 * 3. It is asked and answers through the memory alone, because the vault's thread does not come to read messages in a transaction.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { SealBatch } from './sealBatch.ts'

/** Where the thread's file lies, seen from the source, from a built entry (out/main) and from a shared chunk (out/main/chunks). */
const places = ['./sealWorker.ts', './sealWorker.js', '../sealWorker.js']
/** A thread without an order is ended after so long. */
const restMs = 5_000
/** A claimed batch takes a few milliseconds; a thread that has not sealed it by then is lost. */
const waitMsMax = 30_000

export class SealThread {
  readonly #file: string | undefined
  readonly #waitMs: number
  #worker: Worker | undefined
  #rest: NodeJS.Timeout | undefined

  /** @param options stand in for the thread's program and the wait in tests */
  constructor(options: { file?: string; waitMs?: number } = {}) {
    this.#file = options.file
    this.#waitMs = options.waitMs ?? waitMsMax
  }

  /** Lets the thread claim a batch. */
  offer(batch: SealBatch): void {
    if (this.#rest) this.#rest.refresh()
    else this.#rest = setTimeout(() => this.end(), restMs).unref()
    this.#worker ??= this.#start()
    this.#worker?.postMessage(batch.order)
  }

  /**
   * Has a batch sealed, by the thread or here.
   * @param next of which some may be sealed meanwhile
   * @throws Error where the thread is lost; nothing of the batch is to be used then
   */
  finish(batch: SealBatch, next: Iterable<SealBatch>): void {
    if (batch.seal() || batch.isSealed) return
    for (const other of next) {
      other.seal()
      if (batch.isSealed) return
    }
    try {
      batch.wait(this.#waitMs)
    } catch (error) {
      this.end()
      batch.erase()
      throw error
    }
  }

  /** Ends the thread; what it has claimed is lost. */
  end(): void {
    clearTimeout(this.#rest)
    this.#rest = undefined
    const worker = this.#worker
    this.#worker = undefined
    void worker?.terminate()
  }

  /** @returns undefined where there can be no thread: then the vault does without it */
  #start(): Worker | undefined {
    const file = this.#file ?? places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((place) => existsSync(place))
    if (file === undefined) return undefined
    const worker = new Worker(file)
    worker.unref()
    const over = () => {
      if (this.#worker === worker) this.#worker = undefined
    }
    worker.once('error', over)
    worker.once('exit', over)
    return worker
  }
}
