/**
 * Rotation of the keys that wrap subject keys, and with `deep` of the subject keys themselves.
 *
 * 1. Beginning is one transaction: the new epoch, the job and the audit entry. From then on new keys are wrapped by it.
 * 2. Each step is one transaction: a batch of wrapped keys (or, deep, one subject with all that is sealed under its key)
 *    and the job's position. A kill between steps loses nothing; a step that did not commit did not happen. Steps do not wait for
 *    the disk: a power cut may take the last ones back, whole, and the job does them again. (Waiting took longer than the work.)
 * 3. The last step waits for the disk; it destroys the epochs that wrap nothing any more, and the log is emptied of them.
 */
import type Database from 'better-sqlite3'
import type { Job } from '../contract/jobs.ts'
import type { AuditEntry } from '../contract/records.ts'
import type { Epochs } from './epochs.ts'
import type { Jobs } from './jobs.ts'
import type { References } from './references.ts'
import type { Restrictions } from './restrictions.ts'
import type { SubjectRecords } from './subjectRecords.ts'
import { type Subjects, type WrappedKeyColumns, wrappedKeyColumns, wrappedKeyJoin } from './subjects.ts'
import type { Transactions } from './transactions.ts'

/** Wrapped keys in one transaction: about ten milliseconds, in which nobody else can write. */
const keysPerBatchMax = 512

interface Position {
  readonly epoch: number
  /** The last subject that is done; numbers of subjects only grow. */
  readonly after: number
}

export interface RotationParts {
  readonly database: Database.Database
  readonly transactions: Transactions
  readonly epochs: Epochs
  readonly subjects: Subjects
  readonly references: References
  readonly records: SubjectRecords
  readonly restrictions: Restrictions
  readonly jobs: Jobs
}

export class Rotation {
  readonly #parts: RotationParts
  /** Subjects as they are counted with each change: counting a million rows takes half a second, in which everybody waits. */
  readonly #count: Database.Statement<[], number>
  readonly #older: Database.Statement<[number, number, number], WrappedKeyColumns>
  readonly #nextOlder: Database.Statement<[number, number], number>

  constructor(parts: RotationParts) {
    const { database } = parts
    this.#parts = parts
    this.#count = database.prepare<[], number>('SELECT subjects FROM gallery WHERE only_row = 1').pluck()
    this.#older = database.prepare(`SELECT ${wrappedKeyColumns} FROM subjects s ${wrappedKeyJoin}
      WHERE s.subject_no > ? AND k.key_epoch < ? ORDER BY s.subject_no LIMIT ?`)
    this.#nextOlder = database
      .prepare<[number, number], number>(
        'SELECT subject_no FROM subject_keys WHERE subject_no > ? AND key_epoch < ? ORDER BY subject_no LIMIT 1',
      )
      .pluck()
  }

  /** Starts a new epoch and the job that moves everything to it. */
  begin(options: { deep: boolean; audit: AuditEntry }): Job {
    const { transactions, epochs, jobs } = this.#parts
    const { deep, audit } = options
    return transactions.write(() => {
      const epoch = epochs.start(transactions.nowMs())
      const position: Position = { epoch, after: 0 }
      const job = jobs.add({ kind: deep ? 'rotateDeep' : 'rotate', total: this.#count.get() ?? 0, position, owner: audit.actor })
      transactions.audit({ ...audit, details: { ...audit.details, job: job.id, epoch, deep, phase: 'begun' } })
      return job
    })
  }

  /**
   * One step of the job.
   * @param keysMax in a batch; a deep rotation takes one subject
   * @returns the job as it now stands; done where that was the last step
   */
  step(id: string, keysMax = keysPerBatchMax): Job {
    const { subjects, transactions } = this.#parts
    const moved = transactions.writeStep(() => this.#move(id, keysMax))
    if (moved !== undefined) return moved
    const job = transactions.write(() => this.#finish(id))
    // The wrapped keys and salts that are gone must not stay in the log.
    subjects.dropCaches()
    transactions.emptyLog()
    return job
  }

  /** @returns undefined where nothing was left to do */
  #move(id: string, keysMax: number): Job | undefined {
    const { jobs } = this.#parts
    const { kind, done } = jobs.get(id)
    const { epoch, after } = jobs.positionOf<Position>(id)
    const numbers = kind === 'rotateDeep' ? this.#renewNext(after, epoch) : this.#rewrapNext(after, epoch, keysMax)
    const last = numbers.at(-1)
    return last === undefined ? undefined : jobs.advance(id, { done: done + numbers.length, position: { epoch, after: last } })
  }

  #rewrapNext(after: number, epoch: number, keysMax: number): number[] {
    return this.#older.all(after, epoch, keysMax).map((row) => {
      this.#parts.subjects.rewrap(row, epoch)
      return row.subject_no
    })
  }

  #renewNext(after: number, epoch: number): number[] {
    const { subjects, references, records, restrictions } = this.#parts
    const subjectNo = this.#nextOlder.get(after, epoch)
    const row = subjectNo === undefined ? undefined : subjects.byNo(subjectNo)
    if (row === undefined) return []
    const { old, renewed } = subjects.renewKey(row, epoch)
    references.reseal(row.subject_no, old, renewed)
    records.reseal(row.subject_no, old, renewed)
    restrictions.reseal(row.subject_no, old, renewed)
    return [row.subject_no]
  }

  #finish(id: string): Job {
    const { transactions, epochs, jobs } = this.#parts
    const { done } = jobs.get(id)
    const position = jobs.positionOf<Position>(id)
    const destroyed = epochs.destroyUnneeded()
    jobs.advance(id, { done, total: done, position })
    jobs.end(id, 'done')
    const details = { job: id, epoch: position.epoch, keys: done, destroyedEpochs: destroyed.length, phase: 'done' }
    transactions.audit({ event: 'vault.rotate', actor: jobs.ownerOf(id), outcome: 'done', details })
    return jobs.get(id)
  }
}
