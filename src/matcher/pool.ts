/**
 * The worker threads of an engine.
 * 1. One job at a time; every thread takes part and answers once.
 * 2. A thread that ends unasked is replaced by one that knows the same banks; a job that it was part of is begun again once the others
 *    have answered, so that nothing of the broken try is used.
 * 3. An idle thread sleeps in Atomics.wait.
 * 4. Threads that end before they have begun would go on doing so: the pool is broken then, and the caller searches by itself.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { VultusError } from '../contract/errors.ts'
import type { Kernel } from './kernelFile.ts'
import type { PassPart } from './passJob.ts'
import type { FromWorker, ToWorker, WorkerSetup } from './workerMessages.ts'

/** Tries of one job: a job that ends a thread again and again is at fault itself. */
const triesMax = 4

/** Seen from a built entry (out/main), from a shared chunk (out/main/chunks) and from the source. */
const places = ['./matcherWorker.js', '../matcherWorker.js', './workerThread.ts']

/** What a thread keeps on its heap is little: rows and findings are outside. */
const heapLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 512 }

interface Thread {
  readonly worker: Worker
  readonly port: MessagePort
  readonly bell: Int32Array
  /** It has begun to work. */
  up: boolean
}

interface Job {
  readonly number: number
  readonly parts: (PassPart | null)[]
  readonly missing: Set<Thread>
  broken: boolean
  readonly settle: (done: boolean) => void
}

export type JobMessage = (job: number) => ToWorker

export class Pool {
  readonly #kernel: Kernel
  readonly #bankBytesMax: number
  readonly #threads: Thread[] = []
  /** Everything a new thread has to be told. */
  #known: (ToWorker & { kind: 'bank' })[] = []
  #job: Job | undefined
  #jobs = 0
  #closed = false
  #replaced = 0
  #broken = false
  /** What the last thread died of. */
  #lastError: unknown

  constructor(kernel: Kernel, threads: number, bankBytesMax: number) {
    this.#kernel = kernel
    this.#bankBytesMax = bankBytesMax
    for (let thread = 1; thread <= threads; thread++) this.#threads.push(this.#start(thread, threads))
  }

  get size(): number {
    return this.#threads.length
  }

  /** No job can be run any more. */
  get broken(): boolean {
    return this.#broken
  }

  /** Threads that took the place of ones that ended. */
  get replaced(): number {
    return this.#replaced
  }

  /** The workers, for whoever wants to see one end. */
  get workers(): readonly Worker[] {
    return this.#threads.map(({ worker }) => worker)
  }

  addBank(message: ToWorker & { kind: 'bank' }): void {
    this.#known.push(message)
    for (const thread of this.#threads) send(thread, message)
  }

  dropGallery(gallery: number): void {
    this.#known = this.#known.filter((message) => message.gallery !== gallery)
    for (const thread of this.#threads) send(thread, { kind: 'drop', gallery })
  }

  /**
   * @param begin makes the message of a try, everything in it fresh
   * @returns what the threads answered @throws VultusError process.restarted
   */
  async run(begin: JobMessage): Promise<PassPart[]> {
    for (let tries = 0; tries < triesMax && !this.#closed && !this.#broken; tries++) {
      const parts: (PassPart | null)[] = []
      const done = await new Promise<boolean>((settle) => {
        const number = ++this.#jobs
        this.#job = { number, parts, missing: new Set(this.#threads), broken: false, settle }
        const message = begin(number)
        for (const thread of this.#threads) {
          thread.port.ref()
          send(thread, message)
        }
      })
      this.#job = undefined
      for (const { port } of this.#threads) port.unref()
      if (done) return parts.filter((part) => part !== null)
    }
    throw new VultusError('process.restarted', 'the threads of the search ended', { cause: this.#lastError })
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const thread of this.#threads) send(thread, { kind: 'end' })
    await Promise.all(this.#threads.map((thread) => thread.worker.terminate()))
    this.#job?.settle(false)
  }

  #start(number: number, threads: number): Thread {
    const { port1, port2 } = new MessageChannel()
    const bell = new Int32Array(new SharedArrayBuffer(4))
    const setup: WorkerSetup = {
      thread: number,
      threads,
      kernelName: this.#kernel.name,
      module: this.#kernel.module,
      bankBytesMax: this.#bankBytesMax,
      bell,
      port: port2,
    }
    const worker = new Worker(workerFile(), { workerData: setup, transferList: [port2], execArgv: [], resourceLimits: heapLimits })
    const thread: Thread = { worker, port: port1, bell, up: false }
    worker.unref()
    port1.on('message', (message: FromWorker) => this.#heard(thread, message))
    port1.unref()
    worker.on('error', (error) => {
      this.#lastError = error
    })
    worker.on('exit', () => this.#ended(thread, number, threads))
    return thread
  }

  #heard(thread: Thread, message: FromWorker): void {
    if (message.kind === 'up') thread.up = true
    const job = this.#job
    if (message.kind !== 'done' || job === undefined || message.job !== job.number || !job.missing.delete(thread)) return
    job.parts.push(message.part)
    if (job.missing.size === 0) job.settle(!job.broken)
  }

  #ended(thread: Thread, number: number, threads: number): void {
    thread.port.close()
    if (this.#closed) return
    if (!thread.up) {
      this.#broken = true
      this.#job?.settle(false)
      return
    }
    const fresh = this.#start(number, threads)
    this.#replaced += 1
    this.#threads[number - 1] = fresh
    for (const message of this.#known) send(fresh, message)
    const job = this.#job
    if (job === undefined) return
    // Even one that has answered may have died of what it did next to the others: begin again.
    job.broken = true
    job.missing.delete(thread)
    if (job.missing.size === 0) job.settle(false)
  }
}

function workerFile(): URL {
  for (const place of places) {
    const file = new URL(place, import.meta.url)
    if (file.protocol === 'file:' && existsSync(fileURLToPath(file))) return file
  }
  throw new Error('The threads of the matcher are not built; run: npm run build')
}

function send(thread: Thread, message: ToWorker): void {
  thread.port.postMessage(message)
  Atomics.add(thread.bell, 0, 1)
  Atomics.notify(thread.bell, 0)
}
