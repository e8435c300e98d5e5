/**
 * One process of the station, kept running.
 *
 * Invariants:
 * 1. At most one child is alive: a new one is spawned when the one before has ended. `#ready` belongs to the newest.
 * 2. A call is either answered by the child it was sent to, or rejected with process.restarted when that child ends.
 * 3. A child that ends unasked is replaced after a growing pause; after too many ends in a minute the part is failed,
 *    and the next call tries again once the pause is over.
 */
import { type Outcome, refusalOf, unwrap, VultusError } from '../contract/errors.ts'
import { openLink } from '../contract/link.ts'
import type { Unwrapped } from '../operations/ports.ts'
import type { Child } from './api.ts'

export type ProcessState = 'stopped' | 'starting' | 'ready' | 'restarting' | 'failed'

/** A process that does not answer a call for so long is ended. */
export const callTimeoutMs = 120_000
const endsPerMinuteMax = 5
const pauseMsMin = 100
const pauseMsMax = 5_000

export interface SupervisedOptions<Functions extends object> {
  readonly name: 'face' | 'matcher'
  readonly spawn: () => Child
  /** Makes a fresh child usable (loads models, loads the gallery). What it throws is what callers get. */
  readonly prepare: (functions: Unwrapped<Functions>) => Promise<void>
  /** A child that does not answer a call for so long is ended. */
  readonly callTimeoutMs: number
  readonly onState: (state: ProcessState) => void
  readonly onLive?: (packet: Uint8Array) => void
  readonly log: (line: string) => void
}

interface Life<Functions extends object> {
  readonly child: Child
  readonly functions: Unwrapped<Functions>
  readonly ended: Promise<never>
  over: boolean
}

export class Supervised<Functions extends object> {
  readonly #options: SupervisedOptions<Functions>
  #life: Life<Functions> | undefined
  #ready: Promise<Life<Functions>> | undefined
  #state: ProcessState = 'stopped'
  #endsMs: number[] = []
  #restarts = 0
  #closed = false
  /** Grows with every stop: a launch that was under way then is given up. */
  #stops = 0
  /** Resolves when the child before has ended. */
  #lastEnd: Promise<unknown> = Promise.resolve()

  constructor(options: SupervisedOptions<Functions>) {
    this.#options = options
  }

  get status(): { state: ProcessState; pid: number | null; restarts: number } {
    return { state: this.#state, pid: this.#life?.child.pid ?? null, restarts: this.#restarts }
  }

  /** Functions of the process; each waits until it is ready. */
  readonly functions = new Proxy({} as Unwrapped<Functions>, {
    get: (_, name: string) => (options: unknown) => this.#call(name, options),
  })

  /** Starts the process where it is not running; resolves when it is prepared. */
  async start(): Promise<void> {
    await this.#begin()
  }

  /** Posts a packet that wants no answer; dropped while no child is ready. */
  post(packet: Uint8Array): void {
    if (this.#state === 'ready') this.#life?.child.post(packet)
  }

  /** Passes a port; dropped while no child is ready: whoever wants one passes it again at the state `ready`. */
  passPort(port: unknown): void {
    if (this.#state === 'ready') this.#life?.child.passPort?.(port)
  }

  /** Ends the process and keeps it ended. */
  async close(): Promise<void> {
    this.#closed = true
    await this.stop()
  }

  /** Ends the process; the next call starts it again. */
  async stop(): Promise<void> {
    const life = this.#life
    this.#stops++
    this.#life = undefined
    this.#ready = undefined
    this.#setState('stopped')
    if (life === undefined || life.over) return
    life.child.kill()
    await life.ended.catch(() => undefined)
  }

  async #call(name: string, options: unknown): Promise<unknown> {
    const life = await this.#begin()
    return await callOf(life, name)(options)
  }

  #begin(): Promise<Life<Functions>> {
    if (this.#closed) return Promise.reject(new VultusError('process.unavailable', this.#options.name))
    if (this.#ready === undefined) {
      const ready = this.#launch()
      this.#ready = ready
      ready.catch(() => {
        if (this.#ready === ready) this.#ready = undefined
      })
    }
    return this.#ready
  }

  async #launch(): Promise<Life<Functions>> {
    const stops = this.#stops
    await this.#lastEnd
    const pauseMs = this.#pauseMs()
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    if (this.#closed) throw new VultusError('process.unavailable', this.#options.name)
    if (stops !== this.#stops) throw new VultusError('process.restarted', this.#options.name)
    this.#setState(this.#endsMs.length === 0 ? 'starting' : 'restarting')
    const life = this.#spawnLife()
    this.#life = life
    this.#lastEnd = life.ended.catch(() => undefined)
    try {
      await Promise.race([this.#options.prepare(life.functions), life.ended])
      // Preparing and ending may fall into one turn; a child that has ended is never called ready.
      if (life.over) await life.ended
    } catch (error) {
      this.#options.log(`${this.#options.name}: not ready: ${refusalOf(error).code}`)
      if (stops === this.#stops) this.#setState('failed')
      if (!life.over) life.child.kill()
      throw error
    }
    this.#setState('ready')
    return life
  }

  #spawnLife(): Life<Functions> {
    const child = this.#options.spawn()
    let endWith: (error: VultusError) => void = () => undefined
    const ended = new Promise<never>((_, reject) => {
      endWith = reject
    })
    ended.catch(() => undefined)
    const listeners: ((message: unknown) => void)[] = []
    child.onMessage((message) => {
      if (message instanceof Uint8Array) this.#options.onLive?.(message)
      else for (const listener of listeners) listener(message)
    })
    const port = {
      post: (message: unknown) => child.post(message),
      onMessage: (listener: (message: unknown) => void) => listeners.push(listener),
    }
    const link = openLink<Record<string, (options: unknown) => Promise<Outcome<unknown>>>, object>(port, {}, { timeoutMs: 0 })
    const functions = new Proxy({} as Unwrapped<Functions>, {
      get: (_, name: string) => async (options: unknown) => {
        const answer = (link[name] as (options: unknown) => Promise<Outcome<unknown>>)(options)
        answer.catch(() => undefined)
        // First what says why: a call to a child that has ended is refused with process.restarted, not as a closed link.
        return unwrap(await this.#within(Promise.race([ended, answer]), life, name))
      },
    })
    const life: Life<Functions> = { child, functions, ended, over: false }
    child.onExit((code) => {
      life.over = true
      endWith(new VultusError('process.restarted', this.#options.name))
      link.$close()
      if (this.#life === life) this.#onEnd(code)
    })
    return life
  }

  /** A child that hangs is ended, so that its callers are answered and the next ones find a fresh one. */
  async #within<Value>(answer: Promise<Value>, life: Life<Functions>, name: string): Promise<Value> {
    const timer = setTimeout(() => {
      this.#options.log(`${this.#options.name}: no answer to ${name}, ended`)
      life.child.kill()
    }, this.#options.callTimeoutMs)
    try {
      return await answer
    } finally {
      clearTimeout(timer)
    }
  }

  #onEnd(code: number | null): void {
    const wasReady = this.#state === 'ready'
    this.#options.log(`${this.#options.name}: ended with ${code === null ? 'a signal' : `code ${code}`}`)
    this.#life = undefined
    this.#ready = undefined
    this.#restarts++
    this.#endsMs.push(Date.now())
    if (this.#closed || !wasReady) return
    this.#setState('restarting')
    this.#begin().catch(() => undefined)
  }

  #pauseMs(): number {
    const sinceMs = Date.now() - 60_000
    this.#endsMs = this.#endsMs.filter((endMs) => endMs > sinceMs)
    const ends = this.#endsMs.length
    if (ends === 0) return 0
    if (ends >= endsPerMinuteMax) {
      const waitMs = (this.#endsMs.at(-1) as number) + pauseMsMax - Date.now()
      if (waitMs > 0) this.#setState('failed')
      return Math.max(0, waitMs)
    }
    return Math.min(pauseMsMax, pauseMsMin * 2 ** (ends - 1))
  }

  #setState(state: ProcessState): void {
    if (this.#state === state) return
    this.#state = state
    this.#options.onState(state)
  }
}

function callOf<Functions extends object>(life: Life<Functions>, name: string): (options: unknown) => Promise<unknown> {
  return (life.functions as Record<string, (options: unknown) => Promise<unknown>>)[name] as (options: unknown) => Promise<unknown>
}
