/**
 * The table of jobs. What a job has done and how far it is are committed together: each kind moves its position in the
 * transaction of its work, so that after a kill it goes on exactly where it was.
 */
import type Database from 'better-sqlite3'
import { type ErrorCode, VultusError } from '../contract/errors.ts'
import { type Job, JobId, JobKindName, JobState } from '../contract/jobs.ts'
import type { Actor, AuditEntry } from '../contract/records.ts'
import { type RandomSource, randomId } from './random.ts'
import type { Transactions } from './transactions.ts'

/** How many jobs that have ended are kept, beside those that left somebody something to decide. */
const endedJobsMax = 100

interface JobRow {
  readonly job_id: string
  readonly kind: string
  readonly state: string
  readonly done: number
  readonly total: number
  readonly position: string
  readonly owner: string
  readonly error: string | null
  readonly created_ms: number
  readonly changed_ms: number
}

export interface NewJob {
  readonly kind: JobKindName
  readonly total: number
  /** Where its work begins; JSON. */
  readonly position: unknown
  readonly owner: Actor
}

export interface JobProgress {
  readonly done: number
  readonly total?: number
  readonly position: unknown
}

const isoOf = (ms: number) => new Date(ms).toISOString()

function jobOf(row: JobRow): Job {
  return {
    id: JobId.parse(row.job_id),
    kind: JobKindName.parse(row.kind),
    state: JobState.parse(row.state),
    done: row.done,
    total: row.total,
    owner: ownerOf(row).role,
    error: row.error,
    createdAt: isoOf(row.created_ms),
    changedAt: isoOf(row.changed_ms),
  }
}

const ownerOf = (row: JobRow): Actor => JSON.parse(row.owner)

export class Jobs {
  readonly #transactions: Transactions
  readonly #random: RandomSource
  readonly #all: Database.Statement<[], JobRow>
  readonly #byId: Database.Statement<[string], JobRow>
  readonly #insert: Database.Statement<[string, string, number, string, string, number, number]>
  readonly #advance: Database.Statement<[number, number, string, number, string]>
  readonly #setState: Database.Statement<[string, string | null, number, string]>
  readonly #prune: Database.Statement<[number]>

  constructor(database: Database.Database, transactions: Transactions, random: RandomSource) {
    this.#transactions = transactions
    this.#random = random
    this.#all = database.prepare('SELECT * FROM jobs ORDER BY job_no DESC')
    this.#byId = database.prepare('SELECT * FROM jobs WHERE job_id = ?')
    this.#insert = database.prepare(`INSERT INTO jobs (job_id, kind, state, done, total, position, owner, error, created_ms, changed_ms)
      VALUES (?, ?, 'running', 0, ?, ?, ?, NULL, ?, ?)`)
    this.#advance = database.prepare('UPDATE jobs SET done = ?, total = ?, position = ?, changed_ms = ? WHERE job_id = ?')
    this.#setState = database.prepare('UPDATE jobs SET state = ?, error = ?, changed_ms = ? WHERE job_id = ?')
    this.#prune = database.prepare(`DELETE FROM jobs WHERE job_no IN (SELECT job_no FROM jobs
      WHERE state IN ('done', 'failed', 'cancelled')
        AND NOT EXISTS (SELECT 1 FROM import_rows r WHERE r.job_no = jobs.job_no AND r.outcome = 'suspected')
      ORDER BY job_no DESC LIMIT -1 OFFSET ?)`)
  }

  /** All jobs, newest first. */
  list(): Job[] {
    return this.#transactions.read(() => this.#all.all().map(jobOf))
  }

  /** @throws job.unknown */
  get(id: string): Job {
    return this.#transactions.read(() => jobOf(this.#rowOf(id)))
  }

  /** Changes a job's state and writes it to the audit chain. @throws job.unknown */
  setState(id: string, state: JobState, change: { audit?: AuditEntry; error?: ErrorCode } = {}): Job {
    return this.#transactions.write(() => {
      this.end(id, state, change.error ?? null)
      if (change.audit !== undefined) this.#transactions.audit(change.audit)
      return jobOf(this.#rowOf(id))
    })
  }

  /** Adds a job whose beginning changes nothing else. */
  begin(job: Omit<NewJob, 'owner'>, audit: AuditEntry): Job {
    return this.#transactions.write(() => {
      const begun = this.add({ ...job, owner: audit.actor })
      this.#transactions.audit({ ...audit, details: { ...audit.details, job: begun.id, phase: 'begun' } })
      return begun
    })
  }

  /** Adds a job that runs; the caller is in a transaction. */
  add({ kind, total, position, owner }: NewJob): Job {
    const id = randomId(this.#random)
    const nowMs = this.#transactions.nowMs()
    const { role, door } = owner
    this.#insert.run(id, kind, total, JSON.stringify(position), JSON.stringify({ ...owner, role, door }), nowMs, nowMs)
    this.#prune.run(endedJobsMax)
    return jobOf(this.#rowOf(id))
  }

  /** Moves a job on; the caller is in the transaction of its work. */
  advance(id: string, { done, total, position }: JobProgress): Job {
    const row = this.#rowOf(id)
    this.#advance.run(done, total ?? row.total, JSON.stringify(position), this.#transactions.nowMs(), id)
    return jobOf(this.#rowOf(id))
  }

  /** A job that kept no count of its own has done all of so many. */
  countAll(id: string, total: number): void {
    this.#transactions.write(() => void this.advance(id, { done: total, total, position: this.positionOf(id) }))
  }

  /** Sets a job's state; the caller is in a transaction. */
  end(id: string, state: JobState, error: ErrorCode | null = null): void {
    this.#rowOf(id)
    this.#setState.run(state, error, this.#transactions.nowMs(), id)
  }

  /** Where a job stands; the caller is in a transaction and knows what it wrote. */
  positionOf<Position>(id: string): Position {
    return JSON.parse(this.#rowOf(id).position)
  }

  /** Who started it. */
  ownerOf(id: string): Actor {
    return this.#transactions.read(() => ownerOf(this.#rowOf(id)))
  }

  #rowOf(id: string): JobRow {
    const row = this.#byId.get(id)
    if (row === undefined) throw new VultusError('job.unknown')
    return row
  }
}
