/**
 * Face processes for pictures: evaluations, references of another model, pictures while a camera is open.
 *
 * Invariants:
 * 1. At most `processesMax` are alive, each with one picture at a time; they are started as pictures wait and hold nothing between two.
 * 2. A process that ends is replaced, and its picture asked again once. Where processes end again and again without a picture
 *    between, everything that waits is refused. 3. What waits is bounded in bytes and in calls.
 */
import { VultusError } from '../contract/errors.ts'
import type { EmbeddingModel, FaceFunctions } from '../contract/processes.ts'
import type { Unwrapped } from '../operations/ports.ts'
import type { Child } from './api.ts'
import { inThrowAway } from './throwAway.ts'

export type FaceCalls = Unwrapped<FaceFunctions>

const callTimeoutMs = 120_000
const lifeMsMax = 24 * 60 * 60_000
const waitingCallsMax = 256
const waitingBytesMax = 192 * 1024 * 1024
/** Ends without a picture between before everything is refused. */
const endsMax = 4

export interface FacePoolOptions {
  readonly spawn: () => Child
  /** Makes a fresh process usable. */
  readonly load: (face: FaceCalls) => Promise<EmbeddingModel>
  readonly processesMax: number
  /** Processes that have nothing to do for so long end; where it is left out they stay until the end. */
  readonly idleMsMax?: number
  readonly log: (line: string) => void
}

interface Member {
  readonly face: FaceCalls
  readonly model: EmbeddingModel
  readonly end: () => void
  over: boolean
  idleTimer: NodeJS.Timeout | undefined
}

interface Waiting {
  readonly bytes: number
  readonly take: (member: Member) => void
  readonly refuse: (error: unknown) => void
}

export class FacePool {
  readonly #options: FacePoolOptions
  readonly #idle: Member[] = []
  readonly #members = new Set<Member>()
  readonly #waiting: Waiting[] = []
  #starting = 0
  #endsInARow = 0
  #closed = false

  constructor(options: FacePoolOptions) {
    this.#options = options
  }

  /** Processes that are there or on their way. */
  get size(): number {
    return this.#members.size + this.#starting
  }

  /** Calls that wait for a process. */
  get waiting(): number {
    return this.#waiting.length
  }

  get processesMax(): number {
    return this.#options.processesMax
  }

  /** The model of the pool, once one process is ready. @throws VultusError model.* */
  async model(): Promise<EmbeddingModel> {
    return await this.#with(0, async ({ model }) => model)
  }

  /**
   * Runs something with the next process that is free. It may run twice: it must not matter.
   * @param bytes of the picture that waits with it
   * @throws VultusError rate.limited where too much waits, process.restarted, and what the work throws
   */
  async run<T>(bytes: number, work: (face: FaceCalls) => Promise<T>): Promise<T> {
    return await this.#with(bytes, ({ face }) => work(face))
  }

  /** Ends every process: at once where nothing runs in it, else after its picture. What waits is refused. */
  end(): void {
    this.#closed = true
    for (const { refuse } of this.#waiting.splice(0)) refuse(new VultusError('process.unavailable', 'face'))
    for (const member of this.#idle.splice(0)) member.end()
  }

  /** Ends every process now, whatever runs in it. */
  kill(): void {
    this.end()
    for (const member of this.#members) member.end()
  }

  async #with<T>(bytes: number, work: (member: Member) => Promise<T>): Promise<T> {
    for (let asked = 1; ; asked++) {
      const member = await this.#member(bytes)
      try {
        const value = await work(member)
        this.#endsInARow = 0
        return value
      } catch (error) {
        if (!member.over) this.#endsInARow = 0
        else if (++this.#endsInARow <= endsMax && asked === 1 && !this.#closed) continue
        throw error
      } finally {
        this.#give(member)
      }
    }
  }

  #member(bytes: number): Promise<Member> {
    if (this.#closed || this.#endsInARow > endsMax) return Promise.reject(new VultusError('process.unavailable', 'face'))
    const free = this.#idle.pop()
    if (free !== undefined) {
      clearTimeout(free.idleTimer)
      return Promise.resolve(free)
    }
    const waitingBytes = this.#waiting.reduce((sum, waiting) => sum + waiting.bytes, 0)
    if (this.#waiting.length >= waitingCallsMax || (this.#waiting.length > 0 && waitingBytes + bytes > waitingBytesMax))
      return Promise.reject(new VultusError('rate.limited', 'face'))
    return new Promise((take, refuse) => {
      this.#waiting.push({ bytes, take, refuse })
      if (this.size < this.#options.processesMax) this.#start()
    })
  }

  #give(member: Member): void {
    if (member.over) {
      if (this.#waiting.length > 0 && this.size < this.#options.processesMax && !this.#closed) this.#start()
      return
    }
    if (this.#closed) {
      member.end()
      return
    }
    const next = this.#waiting.shift()
    if (next === undefined) this.#rest(member)
    else next.take(member)
  }

  #rest(member: Member): void {
    this.#idle.push(member)
    const { idleMsMax } = this.#options
    if (idleMsMax === undefined) return
    member.idleTimer = setTimeout(() => {
      this.#drop(member)
      member.end()
    }, idleMsMax)
    member.idleTimer.unref()
  }

  #drop(member: Member): void {
    member.over = true
    clearTimeout(member.idleTimer)
    this.#members.delete(member)
    const at = this.#idle.indexOf(member)
    if (at >= 0) this.#idle.splice(at, 1)
  }

  #start(): void {
    this.#starting++
    let member: Member | undefined
    const brokenOff = () => {
      if (member !== undefined && !member.over) {
        this.#options.log('face: a process for pictures ended')
        this.#drop(member)
      }
      return new VultusError('process.restarted', 'face')
    }
    inThrowAway<FaceFunctions, void>(this.#options.spawn(), { timeoutMs: lifeMsMax, callTimeoutMs, brokenOff }, async (face) => {
      const model = await this.#options.load(face)
      this.#starting--
      await new Promise<void>((over) => {
        member = { face, model, end: over, over: false, idleTimer: undefined }
        this.#members.add(member)
        this.#give(member)
      })
    })
      .catch((error: unknown) => this.#onFailure(error, member))
      .finally(() => {
        if (member !== undefined) this.#drop(member)
      })
  }

  /** A process that could not be made usable: where no other one is there, nobody else will serve what waits. */
  #onFailure(error: unknown, member: Member | undefined): void {
    if (member !== undefined) return
    this.#starting--
    if (this.size === 0) for (const { refuse } of this.#waiting.splice(0)) refuse(error)
  }
}
