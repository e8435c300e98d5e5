/**
 * The job that compares all references of a model with each other, and the pairs of subjects that it finds.
 *
 * 1. References are taken in the order of their numbers; each is compared with the whole gallery as it then is. So every pair
 *    that is in the gallery while the job runs is compared, also one that came after it began; where a superseded version comes
 *    back behind the job's position, the job goes back to it.
 * 2. Pairs are kept before the job moves behind their reference, or with it: a kill makes it compare some again, none is missed.
 * 3. A pair of subjects is kept once, with its highest score; of more than pairsMax the least similar ones go, and the job
 *    says from which score its report is complete.
 * 4. No pair is kept of who was erased after their templates were read.
 */
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import { type Job, JobKindName } from '../contract/jobs.ts'
import type { AuditEntry } from '../contract/records.ts'
import type { Jobs } from './jobs.ts'
import type { References } from './references.ts'
import type { Subjects } from './subjects.ts'
import type { Transactions } from './transactions.ts'

/** Pairs kept of one job: more than people can look at. */
const pairsMax = 10_000
const kind = JobKindName.enum.duplicates

interface Settings {
  readonly model: string
  readonly threshold: number
  readonly fmr: number
  readonly supported: boolean
}

interface Position {
  readonly settings: Settings
  /** Number of the reference that was compared last. */
  readonly after: number
  /** Score from which every pair is kept. */
  readonly completeFrom: number
}

interface NumberedReference {
  readonly referenceNo: number
  readonly subjectNo: number
  readonly template: Float32Array
}

interface ReferencePair {
  readonly one: NumberedReference
  readonly other: NumberedReference
  readonly comparisonScore: number
}

interface PairRow {
  readonly first_subject: number
  readonly second_subject: number
  readonly score: number
}

export interface DuplicatesParts {
  readonly database: Database.Database
  readonly transactions: Transactions
  readonly subjects: Subjects
  readonly references: References
  readonly jobs: Jobs
}

/** Both references still belong to the gallery: a subject may have been enrolled anew since. */
const ofGallery = `job_id = ? AND EXISTS (SELECT 1 FROM subject_references r WHERE r.reference_no = first_reference AND r.active = 1)
  AND EXISTS (SELECT 1 FROM subject_references r WHERE r.reference_no = second_reference AND r.active = 1)`

/** The next number above one that is not 0. */
const justAbove = (score: number) => score + Math.abs(score) * Number.EPSILON

export class Duplicates {
  readonly #parts: DuplicatesParts
  readonly #nextNos: Database.Statement<[string, number, number], number>
  readonly #keep: Database.Statement<[string, number, number, number, number, number]>
  readonly #count: Database.Statement<[string], number>
  readonly #lowest: Database.Statement<[string, number], number>
  readonly #dropLowest: Database.Statement<[string, string, number]>
  readonly #ofModel: Database.Statement<[string], number>
  readonly #upTo: Database.Statement<[string, number], number>
  readonly #found: Database.Statement<[string], number>
  readonly #page: Database.Statement<[string, number, number], PairRow>

  constructor(parts: DuplicatesParts) {
    const { database } = parts
    this.#parts = parts
    this.#nextNos = database
      .prepare<[string, number, number], number>(
        'SELECT reference_no FROM subject_references WHERE model = ? AND active = 1 AND reference_no > ? ORDER BY reference_no LIMIT ?',
      )
      .pluck()
    this.#keep = database.prepare(`INSERT INTO duplicate_pairs
      (job_id, first_subject, second_subject, first_reference, second_reference, score)
      SELECT * FROM (SELECT ?, ? AS one, ? AS other, ?, ?, ?)
      WHERE (SELECT count(*) FROM subjects WHERE subject_no IN (one, other)) = 2
      ON CONFLICT DO UPDATE SET first_reference = excluded.first_reference, second_reference = excluded.second_reference,
      score = excluded.score WHERE excluded.score > score`)
    this.#count = database.prepare<[string], number>('SELECT count(*) FROM duplicate_pairs WHERE job_id = ?').pluck()
    this.#lowest = database
      .prepare<[string, number], number>('SELECT score FROM duplicate_pairs WHERE job_id = ? ORDER BY score LIMIT 1 OFFSET ?')
      .pluck()
    this.#dropLowest = database.prepare(`DELETE FROM duplicate_pairs WHERE job_id = ? AND (first_subject, second_subject) IN
      (SELECT first_subject, second_subject FROM duplicate_pairs WHERE job_id = ?
       ORDER BY score, first_subject DESC, second_subject DESC LIMIT ?)`)
    this.#ofModel = database.prepare<[string], number>('SELECT count(*) FROM subject_references WHERE model = ? AND active = 1').pluck()
    this.#upTo = database
      .prepare<[string, number], number>('SELECT count(*) FROM subject_references WHERE model = ? AND active = 1 AND reference_no <= ?')
      .pluck()
    this.#found = database.prepare<[string], number>(`SELECT count(*) FROM duplicate_pairs WHERE ${ofGallery}`).pluck()
    this.#page = database.prepare(`SELECT first_subject, second_subject, score FROM duplicate_pairs WHERE ${ofGallery}
      ORDER BY score DESC, first_subject, second_subject LIMIT ? OFFSET ?`)
  }

  begin(settings: Settings, audit: AuditEntry): Job {
    const { jobs, transactions } = this.#parts
    const total = transactions.read(() => this.#ofModel.get(settings.model)!)
    const position: Position = { settings, after: 0, completeFrom: settings.threshold }
    return jobs.begin({ kind, total, position }, audit)
  }

  next(id: string, count: number): { settings: Settings; threshold: number; probes: NumberedReference[] } {
    return this.#parts.transactions.read(() => {
      const { settings, after, completeFrom } = this.#positionOf(id)
      const numbers = this.#nextNos.all(settings.model, after, count)
      return { settings, threshold: completeFrom, probes: this.#numbered(settings.model, numbers) }
    })
  }

  references(model: string, referenceNos: readonly number[]): NumberedReference[] {
    return this.#parts.transactions.read(() => this.#numbered(model, referenceNos))
  }

  /** Keeps pairs ahead of `record`. @returns the score that a pair has to have from now on to be kept */
  keep(id: string, pairs: readonly ReferencePair[]): number {
    const { transactions, jobs } = this.#parts
    return transactions.write(() => {
      const job = jobs.get(id)
      const position = this.#positionOf(id)
      if (job.state !== 'running') return position.completeFrom
      const completeFrom = this.#keepAll(id, pairs, position.completeFrom)
      jobs.advance(id, { done: job.done, position: { ...position, completeFrom } })
      return completeFrom
    })
  }

  record(id: string, { probes, pairs }: { probes: readonly NumberedReference[]; pairs: readonly ReferencePair[] }): Job {
    const { transactions, jobs } = this.#parts
    return transactions.write(() => {
      const job = jobs.get(id)
      // Paused or cancelled while the references were compared: they are compared again, or not at all.
      if (job.state !== 'running') return job
      const position = this.#positionOf(id)
      const last = probes.at(-1)
      // A version came back meanwhile that was not among them: it comes first.
      const compared = new Set(probes.map(({ referenceNo }) => referenceNo))
      const due = this.#nextNos.all(position.settings.model, position.after, Math.max(1, probes.length))
      if (due.some((no) => no <= (last?.referenceNo ?? no) && !compared.has(no))) return job
      if (last === undefined) return this.#finish(job, position)
      const completeFrom = this.#keepAll(id, pairs, position.completeFrom)
      const done = job.done + probes.length
      // Enrolments since the beginning are compared too.
      const total = Math.max(done, job.total)
      return jobs.advance(id, { done, total, position: { ...position, after: last.referenceNo, completeFrom } })
    })
  }

  /**
   * References that are in the gallery again, in the transaction that put them there: a job that is past them goes back, since
   * what it compared before them did not meet them.
   */
  reactivated(referenceNos: readonly number[]): void {
    const { jobs } = this.#parts
    const first = Math.min(...referenceNos)
    for (const { id, state, total, kind: of } of jobs.list()) {
      if (of !== kind || (state !== 'running' && state !== 'paused')) continue
      const position = this.#positionOf(id)
      if (position.after < first) continue
      const after = first - 1
      jobs.advance(id, { done: this.#upTo.get(position.settings.model, after)!, total, position: { ...position, after } })
    }
  }

  report(page: { job: string | undefined; limit: number; after: number }) {
    return this.#parts.transactions.read(() => {
      const job = this.#jobOf(page.job)
      const { settings, completeFrom } = this.#positionOf(job.id)
      const rows = this.#page.all(job.id, page.limit, page.after)
      const pairs = rows.map(({ first_subject, second_subject, score }) => ({
        first: this.#idOf(first_subject),
        second: this.#idOf(second_subject),
        comparisonScore: score,
      }))
      return { job, settings, compared: job.done, completeFrom, found: this.#found.get(job.id) ?? 0, pairs }
    })
  }

  #finish(job: Job, { settings }: Position): Job {
    const { transactions, jobs } = this.#parts
    jobs.end(job.id, 'done')
    const details = { job: job.id, references: job.done, fmr: settings.fmr, pairs: this.#count.get(job.id) ?? 0, phase: 'done' }
    transactions.audit({ event: 'gallery.findDuplicates', actor: jobs.ownerOf(job.id), outcome: 'done', details })
    return jobs.get(job.id)
  }

  /** Keeps pairs and lets the least similar ones go where there are too many. @returns the score from which all are kept */
  #keepAll(id: string, pairs: readonly ReferencePair[], completeFrom: number): number {
    for (const { one, other, comparisonScore } of pairs) {
      const [first, second] = one.subjectNo < other.subjectNo ? [one, other] : [other, one]
      this.#keep.run(id, first.subjectNo, second.subjectNo, first.referenceNo, second.referenceNo, comparisonScore)
    }
    const excess = (this.#count.get(id) ?? 0) - pairsMax
    if (excess <= 0) return completeFrom
    const highestThatGoes = this.#lowest.get(id, excess - 1) as number
    this.#dropLowest.run(id, id, excess)
    return Math.max(completeFrom, justAbove(highestThatGoes))
  }

  #numbered(model: string, referenceNos: readonly number[]): NumberedReference[] {
    const { references, subjects } = this.#parts
    return referenceNos.flatMap((referenceNo) => {
      const row = references.activeByNo(referenceNo)
      if (row === undefined || row.model !== model) return []
      return [{ referenceNo, subjectNo: row.subject_no, template: references.templateOf(row, subjects.keyOf(row)) }]
    })
  }

  #jobOf(id: string | undefined): Job {
    const { jobs } = this.#parts
    const job = id === undefined ? jobs.list().find((candidate) => candidate.kind === kind) : jobs.get(id)
    if (job?.kind !== kind) throw new VultusError('job.unknown')
    return job
  }

  #positionOf(id: string): Position {
    return this.#parts.jobs.positionOf<Position>(id)
  }

  #idOf(subjectNo: number): string {
    const { subjects } = this.#parts
    const row = subjects.byNo(subjectNo)
    if (row === undefined) throw new VultusError('vault.damaged', `duplicate_pairs ${subjectNo}`)
    return subjects.identityOf(row).id
  }
}
