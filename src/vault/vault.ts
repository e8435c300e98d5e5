/**
 * The open vault: the only truth.
 *
 * 1. Every method is one transaction; what it returned is durable.
 * 2. An effect and its audit entry are committed together or not at all.
 * 3. After close nothing can be read or written, and no write-ahead log remains.
 */
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type {
  AuditEntry,
  CommittedChange,
  GalleryBatch,
  NewReference,
  ReferenceRecord,
  StoredReference,
  StoredTemplate,
} from '../contract/records.ts'
import type { SubjectSummary } from '../contract/rows/subject.ts'
import type { SubjectId, VaultKind } from '../contract/types.ts'
import { AuditChain, type AuditVerdict } from './audit.ts'
import { Backups } from './backup/backups.ts'
import { Checkpointer } from './checkpoint.ts'
import { Epochs } from './epochs.ts'
import { guarded } from './failure.ts'
import { Gallery, type GalleryCounts } from './gallery.ts'
import { Jobs } from './jobs.ts'
import type { VaultKeys } from './keys/derive.ts'
import type { RandomSource } from './random.ts'
import { Recovery } from './recovery.ts'
import { assertTemplate, type KeyedReferenceRow, type ReferenceContent, References } from './references.ts'
import { Rotation } from './rotation.ts'
import { Sealer } from './seal.ts'
import { VaultSettings } from './settings.ts'
import { type SubjectOrigin, type SubjectRow, Subjects } from './subjects.ts'
import type { Transactions } from './transactions.ts'

/** What an open vault is made of; openVault and initVault put it together. */
export interface VaultParts {
  readonly vaultId: string
  readonly kind: VaultKind
  /** Of the header; without it the header cannot be changed. */
  readonly folder?: string | undefined
  readonly database: Database.Database
  readonly keys: VaultKeys
  readonly random: RandomSource
  readonly nowMs: () => number
}

const isoOf = (ms: number) => new Date(ms).toISOString()

export class Vault {
  readonly id: string
  readonly kind: VaultKind
  readonly jobs: Jobs
  readonly rotation: Rotation
  readonly settings: VaultSettings
  readonly recovery: Recovery
  readonly backups: Backups
  readonly #parts: VaultParts
  #copying = false
  readonly #database: Database.Database
  readonly #nowMs: () => number
  readonly #subjects: Subjects
  readonly #references: References
  readonly #gallery: Gallery
  readonly #audit: AuditChain
  readonly #checkpointer: Checkpointer

  constructor(parts: VaultParts) {
    const { database, keys, random } = parts
    const sealer = new Sealer(random)
    this.#parts = parts
    this.id = parts.vaultId
    this.kind = parts.kind
    this.#database = database
    this.#nowMs = () => Math.floor(parts.nowMs())
    const transactions = this.#transactions()
    const epochs = new Epochs({ database, root: keys.root, vaultId: parts.vaultId, random })
    this.#subjects = new Subjects(database, { blindIndex: keys.blindIndex, epochs }, sealer, random)
    this.#references = new References(database, sealer)
    this.#gallery = new Gallery(database, this.#subjects, this.#references)
    this.#audit = new AuditChain(database, keys.audit, parts.vaultId)
    this.#checkpointer = new Checkpointer(database)
    this.settings = new VaultSettings(database, transactions, sealer)
    this.jobs = new Jobs(database, transactions, random)
    this.rotation = new Rotation({
      database,
      transactions,
      epochs,
      subjects: this.#subjects,
      references: this.#references,
      jobs: this.jobs,
    })
    this.backups = new Backups({
      parts,
      transactions,
      open: ({ header, ...copy }) => new Vault({ vaultId: header.vaultId, kind: header.kind, ...copy, random, nowMs: parts.nowMs }),
    })
    if (epochs.none) transactions.write(() => epochs.startFirst(this.#nowMs()))
    this.recovery = new Recovery({ database, transactions, keys, vaultId: parts.vaultId, folder: parts.folder, random })
    this.recovery.reconcile()
  }

  /** Random id of a subject for the audit chain, or undefined where there is no such subject. */
  auditIdOf(id: string): string | undefined {
    return this.#read(() => this.#subjects.find(id)?.audit_id)
  }

  /**
   * New subject, or a new version of an existing one: its older references leave the gallery and stay stored.
   * @throws capture.simulatedRefused for simulated captures in a real vault, template.invalid
   */
  commitEnrolment(change: {
    id: string
    name?: string | undefined
    references: readonly NewReference[]
    audit: AuditEntry
  }): CommittedChange {
    const { id, name, references, audit } = change
    if (references.length === 0) throw new RangeError('An enrolment has at least one reference')
    return this.#commitVersion({ id, name, origin: 'enrolled', contents: references, audit }, this.#nowMs())
  }

  /**
   * Keeps a template without a picture; an id that has one gets a new version.
   * @throws template.idTaken for the id of an enrolled subject, whose references come from captures only
   */
  commitTemplate(change: {
    id: string
    model: string
    template: Float32Array
    metadata: Record<string, unknown>
    audit: AuditEntry
  }): CommittedChange & { createdAt: string } {
    const { id, model, template, metadata, audit } = change
    const content = { model, template, metadata, captureSource: 'file', pad: 'notAssessed', quality: null, sample: null } as const
    const nowMs = this.#nowMs()
    return { ...this.#commitVersion({ id, origin: 'stored', contents: [content], audit }, nowMs), createdAt: isoOf(nowMs) }
  }

  /** What commitTemplate stored last under the id; nothing for an enrolled subject. */
  retrieveTemplate(id: string): StoredTemplate | undefined {
    return this.#read(() => {
      const subject = this.#subjects.find(id)
      if (subject?.origin !== 'stored') return undefined
      const row = this.#references.newestActive(subject.subject_no)
      if (row === undefined) return undefined
      const key = this.#subjects.keyOf(row)
      const { metadata = {} } = this.#references.detailsOf(row, key)
      return { id, data: this.#references.templateOf(row, key), metadata, createdAt: isoOf(row.created_ms) }
    })
  }

  /** Destroys the subject's key and rows; when it returns, nothing of them is left in the write-ahead log. @throws subject.unknown */
  eraseSubject(change: { id: string; audit: AuditEntry }): CommittedChange {
    const committed = this.#write(() => {
      const subject = this.#subjects.find(change.id)
      if (subject === undefined) throw new VultusError('subject.unknown')
      const removedReferenceNos = this.#references.erase(subject.subject_no)
      this.#subjects.erase(subject)
      const sequence = this.#gallery.change(-1, -removedReferenceNos.length)
      this.#appendFor(subject, change.audit, sequence)
      return { sequence, referenceNos: [], removedReferenceNos }
    })
    this.#checkpointer.run()
    return committed
  }

  /** Active references with these numbers; those that are gone are left out. */
  references(referenceNos: readonly number[]): StoredReference[] {
    return this.#read(() =>
      referenceNos.flatMap((referenceNo) => {
        const row = this.#references.activeByNo(referenceNo)
        return row === undefined ? [] : [this.#storedReference(row)]
      }),
    )
  }

  /** Active references of one subject for one model; undefined where there is no such subject. */
  referencesOf(id: string, model: string): StoredReference[] | undefined {
    return this.#read(() => {
      const subject = this.#subjects.find(id)
      if (subject === undefined) return undefined
      const key = this.#subjects.keyOf(subject)
      return this.#references
        .activeOfModel(subject.subject_no, model)
        .map((row) => ({ referenceNo: row.reference_no, subjectId: id, model, template: this.#references.templateOf(row, key) }))
    })
  }

  /** Every reference of a subject, superseded ones too, oldest first; empty where there is no such subject. */
  history(id: string): ReferenceRecord[] {
    return this.#read(() => {
      const subject = this.#subjects.find(id)
      if (subject === undefined) return []
      const key = this.#subjects.keyOf(subject)
      return this.#references.ofSubject(subject.subject_no).map((row) => ({
        referenceNo: row.reference_no,
        version: row.version,
        active: row.active === 1,
        model: row.model,
        captureSource: row.capture_source,
        pad: row.pad,
        quality: this.#references.detailsOf(row, key).quality,
        createdAt: isoOf(row.created_ms),
      }))
    })
  }

  subject(id: string): SubjectSummary | undefined {
    return this.#read(() => {
      const row = this.#subjects.find(id)
      return row === undefined ? undefined : this.#summaryOf(row)
    })
  }

  /** All subjects, in the order in which they came. */
  subjects(): SubjectSummary[] {
    return this.#read(() => this.#subjects.all().map((row) => this.#summaryOf(row)))
  }

  /** The newest stored sample of a subject (JPEG), or null. */
  samplePicture(id: string): Uint8Array | null {
    return this.#read(() => {
      const subject = this.#subjects.find(id)
      return subject === undefined ? null : this.#references.newestSample(subject.subject_no, this.#subjects.keyOf(subject))
    })
  }

  /** The gallery of a model in batches, all of one sequence; other calls may come between batches. */
  gallery(model: string, batchRows: number): { sequence: number; rows: number; batches: Iterable<GalleryBatch> } {
    const { sequence, rows, batches } = this.#read(() => this.#gallery.load(model, batchRows))
    return { sequence, rows, batches: this.#guardedBatches(batches[Symbol.iterator]()) }
  }

  counts(): GalleryCounts {
    return this.#read(() => this.#gallery.counts())
  }

  /** @param withIt what is done in the same transaction, last: where it fails nothing is written */
  appendAudit(entry: AuditEntry, withIt?: () => void): void {
    this.#write(() => {
      this.#audit.append(entry, this.#nowMs())
      withIt?.()
    })
  }

  /** Checks the whole audit chain; firstBad is the number of the first record that is wrong or missing. */
  verifyAudit(): AuditVerdict {
    return this.#read(() => this.#audit.verify())
  }

  /** Lends what a copy of the file needs, and refuses writes until the copying is over. @throws vault.busy where one is made already */
  lendForCopy(): { parts: VaultParts; over: () => void } {
    this.#read(() => undefined)
    if (this.#copying) throw new VultusError('vault.busy')
    this.#copying = true
    return {
      parts: this.#parts,
      over: () => {
        this.#copying = false
      },
    }
  }

  get isOpen(): boolean {
    return this.#database.open
  }

  /** Moves the write-ahead log into the database and lets go of the lock and the keys. May be called twice. */
  close(): void {
    this.#checkpointer.stop()
    guarded(() => this.#database.close())
  }

  #commitVersion(
    change: { id: string; name?: string | undefined; origin: SubjectOrigin; contents: readonly ReferenceContent[]; audit: AuditEntry },
    nowMs: number,
  ): CommittedChange {
    for (const content of change.contents) {
      assertTemplate(content.template)
      if (content.captureSource === 'simulated' && this.kind === 'real') throw new VultusError('capture.simulatedRefused')
    }
    return this.#write(() => {
      const { id, name, origin, contents, audit } = change
      const known = this.#subjects.find(id)
      if (known?.origin === 'enrolled' && origin === 'stored') {
        throw new VultusError('template.idTaken')
      }
      const subject = known ?? this.#subjects.create(id, name ?? null, origin, nowMs)
      if (known !== undefined && name !== undefined) this.#subjects.rename(known, id, name)
      const removedReferenceNos = known === undefined ? [] : this.#references.retire(subject.subject_no)
      const version = subject.version + 1
      const key = this.#subjects.keyOf(subject)
      const referenceNos = this.#references.addVersion(subject.subject_no, key, version, contents, nowMs)
      this.#subjects.setVersion(subject, version, origin)
      const sequence = this.#gallery.change(known === undefined ? 1 : 0, referenceNos.length - removedReferenceNos.length)
      this.#appendFor(subject, audit, sequence)
      return { sequence, referenceNos, removedReferenceNos }
    })
  }

  /** The entry of a change to a subject, with the subject's audit id and the gallery's sequence. */
  #appendFor(subject: SubjectRow, audit: AuditEntry, sequence: number): void {
    this.#audit.append({ ...audit, subject: subject.audit_id, details: { ...audit.details, sequence } }, this.#nowMs())
  }

  #storedReference(row: KeyedReferenceRow): StoredReference {
    const subjectRow = this.#subjects.byNo(row.subject_no)
    if (subjectRow === undefined) throw new VultusError('vault.damaged', `subject_references ${row.reference_no}`)
    const { id } = this.#subjects.identityOf(subjectRow)
    return {
      referenceNo: row.reference_no,
      subjectId: id,
      model: row.model,
      template: this.#references.templateOf(row, this.#subjects.keyOf(row)),
    }
  }

  #summaryOf(row: SubjectRow): SubjectSummary {
    const { id, name } = this.#subjects.identityOf(row)
    // The id was checked by a door before it was sealed, and the seal says that it is the same.
    return { id: id as SubjectId, name, createdAt: isoOf(row.created_ms), references: this.#references.activeCount(row.subject_no) }
  }

  *#guardedBatches(batches: Iterator<GalleryBatch>): Iterable<GalleryBatch> {
    for (;;) {
      const next = this.#read(() => batches.next())
      if (next.done === true) return
      yield next.value
    }
  }

  #transactions(): Transactions {
    return {
      read: (run) => this.#read(run),
      write: (run) => this.#write(run),
      audit: (entry) => this.#audit.append(entry, this.#nowMs()),
      emptyLog: () => void this.#checkpointer.run(),
      nowMs: () => this.#nowMs(),
    }
  }

  #read<T>(run: () => T): T {
    if (!this.#database.open) throw new VultusError('vault.locked')
    return guarded(run)
  }

  #write<T>(run: () => T): T {
    if (this.#copying) throw new VultusError('vault.busy')
    const result = this.#read(() => this.#database.transaction(run).immediate())
    this.#checkpointer.noteWrite()
    return result
  }
}
