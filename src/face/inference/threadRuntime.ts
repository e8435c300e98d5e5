/**
 * Networks in a thread of their own.
 * 1. The thread is there while at least one of its networks is loaded or a call waits for it. 2. Every call is answered: by the thread,
 * or with the reason why it ended.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { VultusError } from '../../contract/errors.ts'
import type { FromThread, ThreadAnswer, ToThread } from './messages.ts'
import type { ModelFile } from './modelFile.ts'
import { type LoadedNetwork, type LoadOptions, type PackRuntimes, type Runtime, usualLoad } from './runtime.ts'

/** Beside the bundle, beside its chunks, and beside this file. */
const places = ['./inferenceThread.js', '../inferenceThread.js', './thread.ts']
/** Networks and tensors lie outside of the heap. */
const heapLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 }

type Asked = ToThread extends infer Message ? (Message extends unknown ? Omit<Message, 'call'> : never) : never

interface Waiting {
  readonly settle: (answer: ThreadAnswer) => void
  readonly refuse: (error: unknown) => void
}

interface Thread {
  ended: boolean
  readonly worker: Worker
  readonly waiting: Map<number, Waiting>
  readonly networks: Set<number>
}

export class ThreadRuntime implements Runtime {
  readonly #options: LoadOptions
  #thread: Thread | undefined
  #calls = 0
  #networks = 0

  constructor(options: LoadOptions = usualLoad) {
    this.#options = options
  }

  async check(file: ModelFile): Promise<void> {
    const thread = this.#open()
    try {
      await this.#ask(thread, { kind: 'check', file })
    } finally {
      this.#endIdle(thread)
    }
  }

  async load(file: ModelFile): Promise<LoadedNetwork> {
    const thread = this.#open()
    const network = ++this.#networks
    thread.networks.add(network)
    try {
      const { batch } = await this.#ask(thread, { kind: 'load', network, file, options: this.#options })
      return {
        batch,
        run: async (values, shape) => {
          const { outputs } = await this.#ask(thread, { kind: 'run', network, values, shape }, [values.buffer])
          return [...(outputs ?? [])]
        },
        release: () => this.#release(thread, network),
        get gone() {
          return thread.ended
        },
      }
    } catch (error) {
      await this.#release(thread, network)
      throw error
    }
  }

  async #release(thread: Thread, network: number): Promise<void> {
    await this.#ask(thread, { kind: 'release', network }).catch(() => undefined)
    thread.networks.delete(network)
    this.#endIdle(thread)
  }

  #open(): Thread {
    if (this.#thread !== undefined) return this.#thread
    const worker = new Worker(threadFile(), { execArgv: [], resourceLimits: heapLimits })
    worker.unref()
    const thread: Thread = { ended: false, worker, waiting: new Map(), networks: new Set() }
    worker.on('message', (message: FromThread) => heard(thread, message))
    let reason: unknown
    worker.on('error', (error) => {
      reason = error
    })
    worker.on('exit', () => {
      thread.ended = true
      if (this.#thread === thread) this.#thread = undefined
      for (const { refuse } of thread.waiting.values())
        refuse(new VultusError('inference.failed', 'the thread of the networks ended', { cause: reason }))
      thread.waiting.clear()
    })
    this.#thread = thread
    return thread
  }

  #ask(thread: Thread, asked: Asked, moved: ArrayBuffer[] = []): Promise<ThreadAnswer> {
    // A thread that has ended answers nothing; its next load begins with another one.
    if (thread.ended) return Promise.reject(new VultusError('inference.failed', 'the thread of the networks ended'))
    const call = ++this.#calls
    return new Promise((settle, refuse) => {
      thread.waiting.set(call, { settle, refuse })
      thread.worker.ref()
      thread.worker.postMessage({ ...asked, call } satisfies ToThread, moved)
    })
  }

  #endIdle(thread: Thread): void {
    if (thread.networks.size > 0 || thread.waiting.size > 0) return
    if (this.#thread === thread) this.#thread = undefined
    thread.worker.terminate().catch(() => undefined)
  }
}

function heard(thread: Thread, message: FromThread): void {
  const waiting = thread.waiting.get(message.call)
  thread.waiting.delete(message.call)
  if (thread.waiting.size === 0) thread.worker.unref()
  if (message.ok) waiting?.settle(message.answer)
  else waiting?.refuse(new VultusError(message.code, message.detail, { cause: new Error(message.reason) }))
}

function threadFile(): URL {
  for (const place of places) {
    const file = new URL(place, import.meta.url)
    if (file.protocol === 'file:' && existsSync(fileURLToPath(file))) return file
  }
  throw new Error('The thread of the networks is not built; run: npm run build')
}

/** The networks of a pack in two threads: whoever makes a template keeps no frame waiting. */
export const threadRuntimes = (options?: LoadOptions): PackRuntimes => ({
  frames: new ThreadRuntime(options),
  templates: new ThreadRuntime(options),
})
