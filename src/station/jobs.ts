/**
 * Runs the jobs of the vault: one mechanism for all long work.
 *
 * 1. A job's state stands in the vault. What is in memory here is only which jobs are being worked on by this process.
 * 2. Work is done in steps that are transactions of their own; between two steps everybody else gets a turn.
 * 3. A job that runs when the process ends is taken up when the vault is opened again.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { failedOf, VultusError } from '../contract/errors.ts'
import type { EventPayload } from '../contract/events.ts'
import type { Job, JobKindName } from '../contract/jobs.ts'
import type { Actor, AuditEntry } from '../contract/records.ts'
import type { ProcedureName } from '../contract/table.ts'
import type { VaultPort } from '../operations/ports.ts'

const progressMs = 200
/** A copy makes others wait, so one that was cut off is not begun anew before the first calls have been answered. */
const resumeCopyMs = 5_000

/** How a kind of job works. */
export interface JobKind {
  /**
   * One step. @returns the job as it then stands
   * @param onProgress for kinds of one long step: counts that are only shown
   */
  readonly step: (vault: VaultPort, id: string, watch: JobWatch) => Promise<Job>
  /** Whether its work can stop in the middle and go on later. */
  readonly pausable: boolean
  /** The procedure by whose name the audit chain has it. */
  readonly event: ProcedureName
  /** It does not work on the keys, so it may run while another kind does. */
  readonly beside?: true
  /** Lets go of what its steps needed, when it no longer works. */
  readonly over?: () => void | Promise<void>
}

export interface JobWatch {
  readonly signal: AbortSignal
  onProgress(done: number, total: number): void
}

interface Work {
  readonly abort: AbortController
  readonly ended: Promise<void>
}

interface Counts {
  readonly done: number
  readonly total: number
}

export interface JobRunnerOptions {
  readonly kinds: Readonly<Record<JobKindName, JobKind>>
  /** The open vault, or undefined; asked anew at each step, because a rekey puts another in its place. */
  readonly vault: () => VaultPort | undefined
  readonly onProgress: (progress: EventPayload<'job.progress'>) => void
  readonly log: (line: string) => void
}

export class JobRunner {
  readonly #options: JobRunnerOptions
  readonly #works = new Map<string, Work>()
  /** Counts of steps that are not over. */
  readonly #counts = new Map<string, Counts>()
  readonly #toldMs = new Map<string, number>()
  #stopped = false
  readonly #later = new Set<NodeJS.Timeout>()

  constructor(options: JobRunnerOptions) {
    this.#options = options
  }

  /** All jobs, newest first. */
  list(): Job[] {
    return this.#vault()
      .jobs.list()
      .map((job) => ({ ...job, ...this.#counts.get(job.id) }))
  }

  /** @throws job.unknown */
  kindOf(id: string): JobKindName {
    return this.#vault().jobs.get(id).kind
  }

  /**
   * Begins a job and works on it in the background; at most one job works on the keys at a time, and one of a kind beside.
   * @throws job.notPossible where another is running or paused
   */
  start(kind: JobKindName, begin: (vault: VaultPort) => Job): Job {
    const vault = this.#vault()
    const other = this.#inTheWayOf(kind, vault)
    if (other !== undefined) throw new VultusError('job.notPossible', `job ${other.id} is ${other.state}`)
    const job = begin(vault)
    this.#tell(job, true)
    this.#work(job)
    return job
  }

  /** @throws job.unknown, job.notPossible */
  async pause(id: string, audit: AuditEntry): Promise<Job> {
    const job = this.#vault().jobs.get(id)
    if (job.state !== 'running' || !this.#options.kinds[job.kind].pausable) throw new VultusError('job.notPossible', job.state)
    return await this.#halt(job, 'paused', audit)
  }

  /** @throws job.unknown, job.notPossible */
  resume(id: string, audit: AuditEntry): Job {
    const { jobs } = this.#vault()
    const { state, kind } = jobs.get(id)
    const other = this.#inTheWayOf(kind, this.#vault(), id)
    if ((state !== 'paused' && state !== 'failed') || other !== undefined) throw new VultusError('job.notPossible', state)
    const job = jobs.setState(id, 'running', { audit })
    this.#tell(job, true)
    this.#work(job)
    return job
  }

  /** What the job has done stays done. @throws job.unknown, job.notPossible */
  async cancel(id: string, audit: AuditEntry): Promise<Job> {
    const job = this.#vault().jobs.get(id)
    if (job.state === 'done' || job.state === 'cancelled') throw new VultusError('job.notPossible', job.state)
    return await this.#halt(job, 'cancelled', audit)
  }

  /** Takes up what was running when the vault was closed or the process ended. */
  resumeAll(): void {
    const running =
      this.#options
        .vault()
        ?.jobs.list()
        .filter(({ state }) => state === 'running') ?? []
    for (const job of running) {
      if (this.#works.has(job.id)) continue
      if (this.#options.kinds[job.kind].pausable) this.#work(job)
      else {
        const timer = setTimeout(() => {
          this.#later.delete(timer)
          this.resumeLater(job.id)
        }, resumeCopyMs).unref()
        this.#later.add(timer)
      }
    }
  }

  /** Ends all work of this process; the jobs go on at the next opening. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.halt()
  }

  /** As stop, for a vault that is locked and may be opened again. */
  async halt(): Promise<void> {
    for (const timer of this.#later) clearTimeout(timer)
    this.#later.clear()
    for (const { abort } of this.#works.values()) abort.abort()
    await Promise.all([...this.#works.values()].map(({ ended }) => ended))
  }

  private resumeLater(id: string): void {
    const job = this.#options
      .vault()
      ?.jobs.list()
      .find((candidate) => candidate.id === id)
    if (job?.state === 'running' && !this.#works.has(id)) this.#work(job)
  }

  async #halt({ id }: Job, state: 'paused' | 'cancelled', audit: AuditEntry): Promise<Job> {
    const work = this.#works.get(id)
    work?.abort.abort()
    await work?.ended
    const { jobs } = this.#vault()
    const { state: now } = jobs.get(id)
    // The last step may have been over before the work could be stopped.
    if (now === 'done') throw new VultusError('job.notPossible', now)
    const job = jobs.setState(id, state, { audit })
    this.#tell(job, true)
    return job
  }

  #inTheWayOf(kind: JobKindName, vault: VaultPort, id?: string): Job | undefined {
    const { kinds } = this.#options
    const alike = (other: JobKindName) => (kinds[kind].beside === true ? other === kind : kinds[other].beside !== true)
    return vault.jobs.list().find((job) => job.id !== id && (job.state === 'running' || job.state === 'paused') && alike(job.kind))
  }

  #work(job: Job): void {
    if (this.#stopped) return
    const abort = new AbortController()
    const ended = this.#run(job, abort.signal).finally(async () => {
      await this.#options.kinds[job.kind].over?.()
      // Whoever went on with the job meanwhile has a work of their own.
      if (this.#works.get(job.id)?.abort !== abort) return
      this.#works.delete(job.id)
      this.#counts.delete(job.id)
      this.#toldMs.delete(job.id)
    })
    this.#works.set(job.id, { abort, ended })
  }

  async #run({ id, kind }: Job, signal: AbortSignal): Promise<void> {
    const onProgress = (done: number, total: number) => {
      this.#counts.set(id, { done, total })
      this.#tell({ id: id, kind, state: 'running', done, total }, false)
    }
    try {
      for (;;) {
        await nextTurn()
        const vault = this.#options.vault()
        if (signal.aborted || vault === undefined) return
        const job = await this.#options.kinds[kind].step(vault, id, { signal, onProgress })
        this.#tell(job, job.state !== 'running')
        if (job.state !== 'running') return
      }
    } catch (error) {
      if (!signal.aborted) this.#fail(id, error)
    }
  }

  #fail(id: string, error: unknown): void {
    const { code } = failedOf(error).refusal
    this.#options.log(`job ${id}: ${code}${error instanceof VultusError ? '' : ` ${error instanceof Error ? error.stack : ''}`}`)
    try {
      const { jobs } = this.#vault()
      const owner: Actor = jobs.ownerOf(id)
      const { kind } = jobs.get(id)
      const { event } = this.#options.kinds[kind]
      const audit: AuditEntry = { event, actor: owner, outcome: 'failed', code, details: { job: id } }
      this.#tell(jobs.setState(id, 'failed', { error: code, audit }), true)
    } catch (second) {
      // A vault that cannot be written now finds the job running when it is opened again.
      this.#options.log(`job ${id}: its failure could not be written: ${failedOf(second).refusal.code}`)
    }
  }

  #tell({ id, kind, state, done, total }: EventPayload<'job.progress'>, always: boolean): void {
    const nowMs = performance.now()
    if (!always && nowMs - (this.#toldMs.get(id) ?? 0) < progressMs) return
    this.#toldMs.set(id, nowMs)
    this.#options.onProgress({ id, kind, state, done, total })
  }

  #vault(): VaultPort {
    const vault = this.#options.vault()
    if (vault === undefined) throw new VultusError('vault.locked')
    return vault
  }
}
