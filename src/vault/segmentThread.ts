/**
 * The vault's end of the thread that makes and opens segments.
 *
 * 1. The thread is started by the first order and ended when there was none for a while.
 * 2. A thread that ends takes its orders with it: they are refused with `ThreadEnded`, whoever gave them does so again, and the next order
 *    starts another thread.
 * 3. What is passed to it (keys, templates) is passed, not copied: this side has it no more.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Numbered, OpenAnswer, OpenOrder, SealAnswer, SealOrder } from './segmentWorker.ts'

/** Where the thread's file lies, seen from the source, from a built entry (out/main) and from a shared chunk (out/main/chunks). */
const places = ['./segmentWorker.ts', './segmentWorker.js', '../segmentWorker.js']
/** A thread without an order is ended after so long. */
const restMs = 5_000

function workerFile(): string {
  for (const place of places) {
    const file = fileURLToPath(new URL(place, import.meta.url))
    if (existsSync(file)) return file
  }
  throw new Error('The entry of the thread for segments is not built; run: npm run build')
}

/** The thread has ended before it answered. */
export class ThreadEnded extends Error {}

interface Waiting {
  resolve(value: never): void
  reject(error: unknown): void
}

export class SegmentThread {
  readonly #file: string | undefined
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #orders = 0
  #rest: NodeJS.Timeout | undefined
  #closed = false

  /** @param file stands in for the thread's program in tests */
  constructor(file?: string) {
    this.#file = file
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Makes a block and seals it; templates and key are gone from here. @throws ThreadEnded */
  seal(order: SealOrder): Promise<SealAnswer> {
    return this.#give(order, [order.templates.buffer as ArrayBuffer, order.seal.key.buffer as ArrayBuffer])
  }

  /** Reads and opens a file; the key is gone from here. @throws ThreadEnded */
  open(order: OpenOrder): Promise<OpenAnswer> {
    return this.#give(order, [order.seal.key.buffer as ArrayBuffer])
  }

  /** Ends the thread; what it was doing is abandoned. */
  close(): void {
    this.#closed = true
    this.#end()
  }

  #give<Answer>(order: SealOrder | OpenOrder, passed: ArrayBuffer[]): Promise<Answer> {
    if (this.#closed) return Promise.reject(new ThreadEnded('The vault is closed'))
    clearTimeout(this.#rest)
    this.#worker ??= this.#start()
    const worker = this.#worker
    const number = ++this.#orders
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject })
      // A process that has nothing else to do waits for the order, and not for the thread.
      worker.ref()
      worker.postMessage({ number, value: order } satisfies Numbered<SealOrder | OpenOrder>, passed)
    })
  }

  #start(): Worker {
    const worker = new Worker(this.#file ?? workerFile())
    worker.on('message', ({ number, value }: Numbered<SealAnswer | OpenAnswer>) => {
      this.#waiting.get(number)?.resolve(value as never)
      this.#waiting.delete(number)
      if (this.#waiting.size > 0) return
      worker.unref()
      this.#rest = setTimeout(() => this.#end(), restMs).unref()
    })
    const over = (cause?: unknown) => {
      if (this.#worker === worker) this.#refuseAll(cause)
    }
    worker.once('error', over)
    worker.once('exit', () => over())
    return worker
  }

  #end(): void {
    const worker = this.#worker
    this.#refuseAll()
    void worker?.terminate()
  }

  #refuseAll(cause?: unknown): void {
    clearTimeout(this.#rest)
    this.#worker = undefined
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of waiting) reject(new ThreadEnded('The thread for segments has ended', { cause }))
  }
}
