/**
 * References of several models.
 *
 * 1. What is made from a stored sample for another model has the version of its source and is active beside it; neither is
 *    compared with the other, since every gallery and every search names its model.
 * 2. The work of a job and its position are committed together, so that after a kill it goes on where it was. References that are
 *    enrolled meanwhile have higher numbers, so that the job comes to them too.
 * 3. Only the source keeps the sample. Where the source goes with its model, the sample goes over to what was made from it.
 * 4. Of whom processing is restricted nothing is made and nothing is deleted: when that is lifted, they count as missing until the job runs.
 */
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { Job } from '../contract/jobs.ts'
import type { AuditEntry, CommittedChange } from '../contract/records.ts'
import type { Gallery } from './gallery.ts'
import type { Jobs } from './jobs.ts'
import { assertTemplate } from './referencePayload.ts'
import type { References } from './references.ts'
import { unrestricted } from './restrictions.ts'
import type { Segments } from './segments.ts'
import type { Subjects } from './subjects.ts'
import type { Transactions } from './transactions.ts'

export interface StoredSample {
  readonly referenceNo: number
  /** The same for all samples of a subject; tells nothing of it. */
  readonly subjectNo: number
  /** JPEG. */
  readonly picture: Uint8Array
}

/** What a sample gave with the new model; null where it could not be used. */
export interface MadeTemplate {
  readonly referenceNo: number
  readonly template: Float32Array | null
}

interface Position {
  readonly model: string
  readonly pack: string
  /** The last reference that is done. */
  readonly after: number
  readonly made: number
  readonly failed: number
}

interface Source {
  readonly reference_no: number
  readonly subject_no: number
}

export interface ModelReferencesParts {
  readonly database: Database.Database
  readonly transactions: Transactions
  readonly subjects: Subjects
  readonly references: References
  readonly segments: Segments
  readonly gallery: Gallery
  readonly jobs: Jobs
}

/** References deleted in one transaction. */
const removedAtOnce = 200

const lacking = `r.active = 1 AND r.model <> @model AND NOT EXISTS
  (SELECT 1 FROM subject_references n WHERE n.source_no = r.reference_no AND n.model = @model)`

export class ModelReferences {
  readonly #parts: ModelReferencesParts
  readonly #count: Database.Statement<[{ model: string }], number>
  readonly #next: Database.Statement<[{ model: string; after: number; count: number }], Source>
  readonly #missing: Database.Statement<[{ model: string }], number>
  readonly #lost: Database.Statement<[{ model: string; active: string }], number>
  readonly #samples: Database.Statement<[number], Source>
  readonly #setSource: Database.Statement<[number, number]>
  readonly #ofModel: Database.Statement<[string, number], Source & { active: 0 | 1 }>
  readonly #heirs: Database.Statement<[number], number>
  readonly #replaceSource: Database.Statement<[number, number]>
  readonly #clearSource: Database.Statement<[number]>

  constructor(parts: ModelReferencesParts) {
    const { database } = parts
    this.#parts = parts
    const withSample = 'FROM subject_references r JOIN samples p ON p.reference_no = r.reference_no'
    this.#count = database.prepare<[{ model: string }], number>(`SELECT count(*) ${withSample} WHERE ${lacking}`).pluck()
    this.#next = database.prepare(`SELECT r.reference_no, r.subject_no ${withSample}
      WHERE ${lacking} AND r.reference_no > @after ORDER BY r.reference_no LIMIT @count`)
    const noneOf = (model: string) =>
      `NOT EXISTS (SELECT 1 FROM subject_references n WHERE n.subject_no = r.subject_no AND n.active = 1 AND n.model = ${model})`
    this.#missing = database
      .prepare<[{ model: string }], number>(
        `SELECT count(DISTINCT r.subject_no) FROM subject_references r WHERE r.active = 1 AND r.model <> @model AND ${noneOf('@model')}`,
      )
      .pluck()
    this.#lost = database
      .prepare<[{ model: string; active: string }], number>(
        `SELECT count(DISTINCT r.subject_no) FROM subject_references r WHERE r.active = 1 AND r.model = @model AND ${noneOf('@active')}`,
      )
      .pluck()
    this.#samples = database.prepare(`SELECT r.reference_no, r.subject_no ${withSample} WHERE r.active = 1 ORDER BY r.reference_no LIMIT ?`)
    this.#setSource = database.prepare('UPDATE subject_references SET source_no = ? WHERE reference_no = ?')
    this.#ofModel = database.prepare(
      `SELECT reference_no, subject_no, active FROM subject_references r WHERE model = ? AND ${unrestricted('r')} ORDER BY reference_no LIMIT ?`,
    )
    this.#heirs = database
      .prepare<[number], number>('SELECT reference_no FROM subject_references WHERE source_no = ? ORDER BY reference_no')
      .pluck()
    this.#replaceSource = database.prepare('UPDATE subject_references SET source_no = ? WHERE source_no = ?')
    this.#clearSource = database.prepare('UPDATE subject_references SET source_no = NULL WHERE reference_no = ?')
  }

  /** Active references of each model. */
  counts(): { model: string; references: number }[] {
    const { transactions, references } = this.#parts
    return transactions.read(() => {
      const models = references.galleryModels()
      // One model has all of them, which are counted already.
      const [only, ...more] = models
      if (only !== undefined && more.length === 0) return [{ model: only, references: this.#parts.gallery.counts().references }]
      return models.map((model) => ({ model, references: references.galleryCount(model) }))
    })
  }

  /** Subjects that a search with this model would not find. */
  missing(model: string): number {
    return this.#parts.transactions.read(() => this.#missing.get({ model }) as number)
  }

  /** Samples of active references, so many of them, for a comparison of models. */
  samples(countMax: number): StoredSample[] {
    return this.#parts.transactions.read(() => this.#samples.all(countMax).flatMap((source) => this.#sampleOf(source)))
  }

  /** Begins the job that makes references of a model from all stored samples. */
  begin(options: { model: string; pack: string; audit: AuditEntry }): Job {
    const { transactions, jobs } = this.#parts
    const { model, pack, audit } = options
    const total = transactions.read(() => this.#count.get({ model }) as number)
    const position: Position = { model, pack, after: 0, made: 0, failed: 0 }
    return jobs.begin({ kind: 'reembed', total, position }, { ...audit, details: { ...audit.details, model } })
  }

  /** The pack that a job works with. */
  packOf(id: string): string {
    return this.#parts.transactions.read(() => this.#parts.jobs.positionOf<Position>(id).pack)
  }

  /** The model that a job works for, and the samples that come next; none where it is through. */
  next(id: string, countMax: number): { model: string; samples: StoredSample[] } {
    const { transactions, jobs } = this.#parts
    return transactions.read(() => {
      const { model, after } = jobs.positionOf<Position>(id)
      return { model, samples: this.#next.all({ model, after, count: countMax }).flatMap((source) => this.#sampleOf(source)) }
    })
  }

  /**
   * Adds what was made of the samples that came next, and moves the job on; without any the job is done. A source that has left
   * the gallery meanwhile is left out.
   * @throws template.invalid
   */
  commit(id: string, made: readonly MadeTemplate[]): { job: Job; change: CommittedChange | undefined } {
    for (const { template } of made) if (template !== null) assertTemplate(template)
    return this.#parts.transactions.write(() => this.#commit(id, made))
  }

  #commit(id: string, made: readonly MadeTemplate[]): { job: Job; change: CommittedChange | undefined } {
    const { jobs, gallery } = this.#parts
    const position = jobs.positionOf<Position>(id)
    const last = made.at(-1)
    if (last === undefined) return { job: this.#finish(id, position), change: undefined }
    const referenceNos = made.flatMap(({ referenceNo, template }) =>
      template === null ? [] : this.#add(referenceNo, template, position.model),
    )
    const failed = position.failed + made.filter(({ template }) => template === null).length
    const next = { ...position, after: last.referenceNo, made: position.made + referenceNos.length, failed }
    const { total, done } = jobs.get(id)
    const job = jobs.advance(id, { done: done + made.length, total: Math.max(total, done + made.length), position: next })
    if (referenceNos.length === 0) return { job, change: undefined }
    const sequence = gallery.change(0, referenceNos.length)
    return { job, change: { sequence, referenceNos, removedReferenceNos: [] } }
  }

  #add(sourceNo: number, template: Float32Array, model: string): number[] {
    const { references, subjects, transactions } = this.#parts
    const source = references.activeByNo(sourceNo)
    if (source === undefined) return []
    const key = subjects.keyOf(source)
    const { quality } = references.detailsOf(source, key)
    const content = { model, template, captureSource: source.capture_source, pad: source.pad, quality, sample: null }
    const [referenceNo] = references.addVersion(source.subject_no, key, source.version, [content], transactions.nowMs())
    this.#setSource.run(sourceNo, referenceNo!)
    return [referenceNo!]
  }

  #finish(id: string, { model, made, failed }: Position): Job {
    const { jobs, transactions } = this.#parts
    const { done } = jobs.get(id)
    jobs.advance(id, { done, total: done, position: jobs.positionOf(id) })
    jobs.end(id, 'done')
    const details = { job: id, model, made, failed, missing: this.#missing.get({ model }) as number, phase: 'done' }
    transactions.audit({ event: 'model.reembed', actor: jobs.ownerOf(id), outcome: 'done', details })
    return jobs.get(id)
  }

  /**
   * Deletes all references of a model, in slices; samples stay with what was made from them.
   * @param onSlice hears of each committed slice
   * @throws model.referencesMissing where a subject would be left without a reference of the active model
   */
  async remove(
    options: { model: string; active: string; audit: AuditEntry },
    onSlice: (change: CommittedChange) => Promise<void>,
  ): Promise<{ removed: number }> {
    const { transactions, segments } = this.#parts
    const { model, active, audit } = options
    let removed = 0
    for (;;) {
      const slice = transactions.write(() => {
        const lost = this.#lost.get({ model, active }) as number
        if (lost > 0) throw new VultusError('model.referencesMissing', `${lost} subjects`)
        return this.#removeSlice(model, removed === 0 ? audit : undefined)
      })
      segments.removeFiles(slice.files)
      removed += slice.count
      if (slice.change !== undefined) await onSlice(slice.change)
      if (slice.count < removedAtOnce) break
    }
    transactions.emptyLog()
    return { removed }
  }

  #removeSlice(model: string, audit: AuditEntry | undefined): { count: number; files: number[]; change: CommittedChange | undefined } {
    const { references, segments, gallery, transactions } = this.#parts
    const rows = this.#ofModel.all(model, removedAtOnce)
    for (const { reference_no } of rows) this.#passOn(reference_no)
    const referenceNos = rows.map(({ reference_no }) => reference_no)
    references.remove(referenceNos)
    const files = segments.noteErased(referenceNos)
    const removedReferenceNos = rows.filter(({ active }) => active === 1).map(({ reference_no }) => reference_no)
    const change =
      removedReferenceNos.length === 0
        ? undefined
        : { sequence: gallery.change(0, -removedReferenceNos.length), referenceNos: [], removedReferenceNos }
    if (audit !== undefined) transactions.audit(audit)
    return { count: rows.length, files, change }
  }

  /** The sample of a reference that goes, to the first that was made from it. */
  #passOn(referenceNo: number): void {
    const [heir] = this.#heirs.all(referenceNo)
    if (heir === undefined) return
    this.#clearSource.run(heir)
    this.#replaceSource.run(heir, referenceNo)
    const subject = this.#parts.references.subjectOf(heir)
    const row = subject === undefined ? undefined : this.#parts.subjects.byNo(subject)
    if (row !== undefined) this.#parts.references.moveSample(referenceNo, heir, this.#parts.subjects.keyOf(row))
  }

  #sampleOf({ reference_no, subject_no }: Source): StoredSample[] {
    const { references, subjects } = this.#parts
    const subject = subjects.byNo(subject_no)
    const picture = subject === undefined ? null : references.sampleOf(reference_no, subject_no, subjects.keyOf(subject))
    return picture === null ? [] : [{ referenceNo: reference_no, subjectNo: subject_no, picture }]
  }
}
