/**
 * The open vault: the only truth.
 *
 * 1. Every method is one transaction; what it returned is durable.
 * 2. An effect and its audit entry are committed together or not at all.
 * 3. After close nothing can be read or written, and no write-ahead log remains.
 */
import { createHash } from 'node:crypto'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { LabelChange, SubjectLabel } from '../contract/label.ts'
import type {
  AuditEntry,
  BatchEntry,
  CommittedChange,
  GalleryBatch,
  GalleryHandOver,
  NewReference,
  ReferenceRecord,
  RolledBack,
  StoredReference,
  StoredTemplate,
} from '../contract/records.ts'
import {
  type AuditFilter,
  type AuditPage,
  type AuditReport,
  type Certificate,
  CertificateBody,
  type CertificateReport,
  type CheckpointAnswer,
  type ExportPage,
  type KeptCertificate,
  type StationKeySummary,
  type WitnessAnswer,
} from '../contract/rows/audit.ts'
import type { Consent } from '../contract/rows/consent.ts'
import type { MaintenanceReport } from '../contract/rows/maintenance.ts'
import type { SubjectSummary } from '../contract/rows/subject.ts'
import type { SettingName, SettingValue } from '../contract/settings.ts'
import type { SubjectId, VaultKind } from '../contract/types.ts'
import type { GalleryModel } from '../core/gallery/galleryFormat.ts'
import type { AuditVerdict } from './audit.ts'
import { AuditLog, type WitnessChange } from './auditLog.ts'
import { AuditReading, type ExportRequest } from './auditReading.ts'
import { Backups } from './backup/backups.ts'
import { checkCertificate } from './certificate.ts'
import { Checkpointer } from './checkpoint.ts'
import { Drafts } from './drafts.ts'
import { Duplicates } from './duplicates.ts'
import { Epochs } from './epochs.ts'
import { type Erased, Erasure } from './erasure.ts'
import { guarded, vaultFailure } from './failure.ts'
import { Forms } from './forms.ts'
import { Gallery, type GalleryCounts } from './gallery.ts'
import { HandOver } from './handOver.ts'
import { IdleWork } from './idle.ts'
import { Imports } from './imports.ts'
import { type Intake, intakeOf, type NewException, proofOf, type SubjectIntake, writeIntake } from './intake.ts'
import { Jobs } from './jobs.ts'
import type { VaultKeys } from './keys/derive.ts'
import { LookUp } from './lookUp.ts'
import { Maintenance } from './maintenance.ts'
import { ModelReferences } from './modelReferences.ts'
import { Operators } from './operators.ts'
import { PageCheck } from './pageCheck.ts'
import type { RandomSource } from './random.ts'
import { Recovery } from './recovery.ts'
import { assertTemplate, type KeyedReferenceRow, type ReferenceContent, type ReferenceDetails, References } from './references.ts'
import { Rotation } from './rotation.ts'
import { RowDigest } from './rowDigest.ts'
import { Sealer } from './seal.ts'
import { Sealing } from './sealing.ts'
import { SegmentSealer } from './segmentSealer.ts'
import { type SegmentProblem, type SegmentRow, Segments } from './segments.ts'
import { Settings } from './settings.ts'
import { SubjectRecords } from './subjectRecords.ts'
import { type SubjectRow, Subjects } from './subjects.ts'
import type { Transactions } from './transactions.ts'
import { atOnce, inTurns, nextTurn, type Steps } from './turns.ts'
import { type NewVersion, Versions } from './versions.ts'
import { VersionsTogether } from './versionsTogether.ts'

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
  /** Whether the root key is in the keychain, so that the audit chain may be anchored there; false where left out. */
  readonly keychain?: boolean | undefined
  /** Reference numbers that a segment of the gallery covers. */
  readonly segmentRows?: number | undefined
}

/** Entries of one import. Larger imports touch each page of the index less often; what limits them is memory. */
const batchEntriesMax = 100_000
/** Subjects indexed in one transaction, where the index is younger than they. */
const caughtUpAtOnce = 2_000
/** References deleted in one transaction by the retention. */
const sweptAtOnce = 200
const dayMs = 24 * 60 * 60_000
/** Idle work comes again after an hour at the latest where something is to expire: timers do not count while a machine sleeps. */
const idleAgainMsMax = 60 * 60_000

/** Left out where there is none, so that what is read says the same as what was written. */
const exemptionOf = ({ exemption }: ReferenceDetails) => (exemption === undefined ? {} : { exemption })

const isoOf = (ms: number) => new Date(ms).toISOString()

/** What is kept of a template that came without a picture. */
function storedContent(stored: { model: string; template: Float32Array; metadata: Record<string, unknown> }): ReferenceContent {
  const { model, template, metadata } = stored
  return { model, template, metadata, captureSource: 'file', pad: 'notAssessed', quality: null, sample: null }
}

/** By policy samples are not stored at all. */
function contentsToKeep(contents: readonly ReferenceContent[], samplesKept: boolean): readonly ReferenceContent[] {
  return samplesKept ? contents : contents.map((content) => ({ ...content, sample: null }))
}

/** A subject or a new version of one, with all that comes with it. */
interface VersionChange extends NewVersion, Intake {
  readonly label?: LabelChange | undefined
  readonly audit: AuditEntry
}

export class Vault {
  readonly id: string
  readonly kind: VaultKind
  readonly jobs: Jobs
  readonly rotation: Rotation
  readonly duplicates: Duplicates
  readonly imports: Imports
  /** References of several models beside each other. */
  readonly models: ModelReferences
  /** The form policies of the site. */
  readonly forms: Forms
  /** Enrolments that are not finished. */
  readonly drafts: Drafts
  readonly sealing: Sealing
  readonly recovery: Recovery
  readonly backups: Backups
  readonly #parts: VaultParts
  #copying = false
  /** Accounts, and signing in. */
  readonly operators: Operators
  readonly #database: Database.Database
  readonly #rows: RowDigest
  readonly #nowMs: () => number
  readonly #subjects: Subjects
  readonly #references: References
  readonly #records: SubjectRecords
  readonly #versions: Versions
  readonly #together: VersionsTogether
  readonly #segments: Segments
  readonly #lookUp: LookUp
  readonly #gallery: Gallery
  readonly #handOver: HandOver
  readonly #sealer: SegmentSealer
  readonly #idle: IdleWork
  readonly #maintenance: Maintenance
  readonly #settings: Settings
  readonly #audit: AuditLog
  readonly #auditReading: AuditReading
  readonly #erasure: Erasure
  readonly #checkpointer: Checkpointer
  readonly #pageCheck: PageCheck | undefined

  constructor(parts: VaultParts) {
    const { database, keys, random } = parts
    const sealer = new Sealer(random)
    this.#parts = parts
    this.id = parts.vaultId
    this.kind = parts.kind
    this.#database = database
    this.#rows = new RowDigest(database, keys)
    this.#nowMs = () => Math.floor(parts.nowMs())
    const transactions = this.#transactions()
    const epochs = new Epochs({ database, root: keys.root, vaultId: parts.vaultId, random })
    this.#subjects = new Subjects(database, { blindIndex: keys.blindIndex, epochs }, sealer, random)
    this.#references = new References(database, sealer)
    this.#lookUp = new LookUp(database, keys.blindIndex, this.#subjects)
    this.#segments = new Segments(database, keys.gallerySegments, parts.vaultId, random, parts.segmentRows)
    this.#gallery = new Gallery(database, this.#subjects, this.#references)
    this.#handOver = new HandOver({
      gallery: this.#gallery,
      references: this.#references,
      segments: this.#segments,
      read: (run) => this.#read(run),
      drop: (segment) => this.#dropSegment(segment),
    })
    this.#sealer = new SegmentSealer({
      segments: this.#segments,
      references: this.#references,
      gallery: this.#gallery,
      read: (run) => (this.#database.open ? guarded(run) : undefined),
      write: (run) => {
        if (!this.#database.open) return false
        this.#write(run)
        return true
      },
    })
    this.#versions = new Versions(this.#subjects, this.#references, this.#segments, this.#lookUp)
    this.#together = new VersionsTogether({
      subjects: this.#subjects,
      references: this.#references,
      lookUp: this.#lookUp,
      versions: this.#versions,
      random,
    })
    this.#settings = new Settings(database)
    this.#records = new SubjectRecords(database, sealer)
    this.forms = new Forms(database, transactions)
    this.drafts = new Drafts({
      database,
      key: keys.drafts,
      blindIndex: keys.blindIndex,
      transactions,
      sealer,
      random,
      settings: this.#settings,
      subjects: this.#subjects,
    })
    this.#maintenance = new Maintenance({
      database,
      subjects: this.#subjects,
      references: this.#references,
      records: this.#records,
      drafts: this.drafts,
      lookUp: this.#lookUp,
      segments: this.#segments,
      verifyAudit: () => this.#inTurns(() => this.#audit.verification()),
      checkCopy: async (problemsMax) => await this.#pageCheck?.run(problemsMax),
      rows: this.#rows,
      nowMs: this.#nowMs,
      write: (run) => this.#write(run),
    })
    this.#idle = new IdleWork(() => this.#workIdly())
    this.#audit = new AuditLog({ ...parts, sealer, nowMs: this.#nowMs })
    this.#auditReading = new AuditReading(database, this.#audit, parts.vaultId)
    this.#erasure = new Erasure({
      ...parts,
      subjects: this.#subjects,
      references: this.#references,
      records: this.#records,
      drafts: this.drafts,
      lookUp: this.#lookUp,
      segments: this.#segments,
      gallery: this.#gallery,
      audit: this.#audit,
    })
    this.#checkpointer = new Checkpointer(database)
    const { folder } = parts
    this.#pageCheck = folder === undefined ? undefined : new PageCheck({ ...parts, folder, checkpointer: this.#checkpointer })
    this.sealing = new Sealing(database, transactions, sealer)
    this.jobs = new Jobs(database, transactions, random)
    this.rotation = new Rotation({
      database,
      transactions,
      epochs,
      subjects: this.#subjects,
      references: this.#references,
      records: this.#records,
      jobs: this.jobs,
    })
    this.backups = new Backups({
      parts,
      transactions,
      settings: this.#settings,
      renewCertificates: (followed, atMs) => this.#erasure.renew(followed, atMs),
      open: ({ header, ...copy }) => new Vault({ vaultId: header.vaultId, kind: header.kind, ...copy, random, nowMs: parts.nowMs }),
    })
    this.models = new ModelReferences({
      database,
      transactions,
      subjects: this.#subjects,
      references: this.#references,
      segments: this.#segments,
      gallery: this.#gallery,
      jobs: this.jobs,
    })
    this.duplicates = new Duplicates({
      database,
      transactions,
      subjects: this.#subjects,
      references: this.#references,
      jobs: this.jobs,
    })
    this.imports = new Imports({
      database,
      transactions,
      subjects: this.#subjects,
      jobs: this.jobs,
      enrol: ({ references, ...change }) => {
        this.#assertContents(references)
        return this.#writeVersion({ ...change, origin: 'enrolled', contents: references }, this.#nowMs())
      },
    })
    if (epochs.none) transactions.write(() => epochs.startFirst(this.#nowMs()))
    this.recovery = new Recovery({ database, transactions, keys, vaultId: parts.vaultId, folder: parts.folder, random })
    this.recovery.reconcile()
    this.operators = new Operators({
      ...parts,
      sealer,
      nowMs: this.#nowMs,
      read: (run) => this.#read(run),
      write: (run) => this.#write(run),
      append: (entry) => this.#audit.append(entry, this.#nowMs()),
    })
    this.#idle.note()
  }

  /** Random id of a subject for the audit chain, or undefined where there is no such subject. */
  auditIdOf(id: string): string | undefined {
    return this.#read(() => this.#subjects.find(id)?.audit_id)
  }

  /**
   * New subject, or a new version of an existing one: its older references leave the gallery and stay stored. What it brings
   * beside them is written with it, and the draft that it completes goes with it.
   * @throws capture.simulatedRefused for simulated captures in a real vault, template.invalid, draft.unknown
   */
  commitEnrolment(
    change: {
      id: string
      name?: string | undefined
      references: readonly NewReference[]
      label?: LabelChange | undefined
      consent?: Consent | undefined
      audit: AuditEntry
    } & Omit<Intake, 'exception'>,
  ): CommittedChange {
    const { references, ...rest } = change
    if (references.length === 0) throw new RangeError('An enrolment has at least one reference')
    return this.#commitVersion({ ...rest, origin: 'enrolled', contents: references }, this.#nowMs())
  }

  /**
   * A new subject of whom no face can be captured: without a reference.
   * @throws subject.exists, draft.unknown
   */
  commitException(
    change: { id: string; name?: string | undefined; audit: AuditEntry; exception: NewException } & Omit<Intake, 'exception'>,
  ): CommittedChange {
    const nowMs = this.#nowMs()
    return this.#write(() => {
      if (this.#subjects.find(change.id) !== undefined) throw new VultusError('subject.exists')
      const { subjectNo: _, ...committed } = this.#writeVersion({ ...change, origin: 'enrolled', contents: [] }, nowMs)
      return committed
    })
  }

  /** What is kept of a subject beside name and references; undefined where there is no such subject. @throws vault.damaged */
  intakeOf(id: string): SubjectIntake | undefined {
    return this.#read(() => {
      const subject = this.#subjects.find(id)
      return subject === undefined ? undefined : intakeOf(this.#intakeParts, subject)
    })
  }

  /** The picture that proves the exception of a subject. @throws subject.unknown, subject.notException, vault.damaged */
  exceptionProof(id: string): Uint8Array | null {
    return this.#read(() => {
      const subject = this.#subjects.find(id)
      if (subject === undefined) throw new VultusError('subject.unknown')
      return proofOf(this.#intakeParts, subject)
    })
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
    const nowMs = this.#nowMs()
    const version = { id: change.id, origin: 'stored', contents: [storedContent(change)], audit: change.audit } as const
    return { ...this.#commitVersion(version, nowMs), createdAt: isoOf(nowMs) }
  }

  /**
   * Bulk import: a new subject or a new version for each entry, all of them or none, as one change of the gallery with one
   * audit entry, which carries a digest of the subjects' audit ids in the order of the entries.
   * @throws capture.simulatedRefused, template.invalid, request.tooLarge, request.invalid where an id stands twice
   */
  commitBatch(change: { entries: readonly BatchEntry[]; audit: AuditEntry }): CommittedChange {
    const { entries, audit } = change
    if (entries.some((entry) => entry.references.length === 0)) throw new RangeError('Each entry of a batch has a reference')
    return this.#commitVersions(
      entries.map(({ id, name, references }) => ({ id, name, origin: 'enrolled', contents: references })),
      audit,
    )
  }

  /**
   * Keeps templates without pictures: as commitTemplate for each of them, all or none, with one audit entry as commitBatch has it.
   * @throws template.idTaken, template.invalid, request.tooLarge, request.invalid where an id stands twice
   */
  commitTemplates(change: {
    templates: readonly { id: string; model: string; template: Float32Array; metadata: Record<string, unknown> }[]
    audit: AuditEntry
  }): CommittedChange {
    const versions = change.templates.map(({ id, ...stored }) => ({ id, origin: 'stored' as const, contents: [storedContent(stored)] }))
    return this.#commitVersions(versions, change.audit)
  }

  /** Many subjects in one transaction, as one change of the gallery. */
  #commitVersions(versions: readonly NewVersion[], audit: AuditEntry): CommittedChange {
    if (versions.length > batchEntriesMax) throw new VultusError('request.tooLarge', `${batchEntriesMax} entries`)
    if (versions.length === 0) throw new RangeError('A batch has entries')
    if (new Set(versions.map(({ id }) => id)).size < versions.length)
      throw new VultusError('request.invalid', 'an id stands twice in the batch')
    for (const { contents } of versions) this.#assertContents(contents)
    const nowMs = this.#nowMs()
    return this.#write(() => {
      const referenceNos: number[] = []
      const removedReferenceNos: number[] = []
      const auditIds: string[] = []
      let subjectsMore = 0
      const samplesKept = this.#settings.get('samples.kept')
      const kept = versions.map((version) => ({ ...version, contents: contentsToKeep(version.contents, samplesKept) }))
      for (const written of this.#together.write(kept, nowMs)) {
        referenceNos.push(...written.referenceNos)
        removedReferenceNos.push(...written.removedReferenceNos)
        if (written.isNew) subjectsMore += 1
        else this.#records.remove(written.subject.subject_no, 'exception')
        auditIds.push(`${written.subject.audit_id}\n`)
      }
      const sequence = this.#gallery.change(subjectsMore, referenceNos.length - removedReferenceNos.length)
      const details = {
        ...audit.details,
        subjects: versions.length,
        references: referenceNos.length,
        sequence,
        subjectsDigest: createHash('sha256').update(auditIds.join('')).digest('hex'),
      }
      this.#audit.append({ ...audit, details }, this.#nowMs())
      return { sequence, referenceNos, removedReferenceNos }
    })
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

  /**
   * Destroys the subject's key in every epoch, its rows, its samples and the segments of the gallery in which it was, and certifies it.
   * @returns logEmptied: nothing of them is left in the write-ahead log; where a disk did not let it, that is tried again
   * @throws subject.unknown
   */
  eraseSubject(change: { id: string; audit: AuditEntry }): Erased & { logEmptied: boolean } {
    const { files, ...erased } = this.#write(() => this.#erasure.erase(change, this.#nowMs()))
    this.#segments.removeFiles(files)
    this.backups.dropMoment()
    return { ...erased, logEmptied: this.#checkpointer.run() }
  }

  /**
   * After an erasure: the key files of the backups that can be reached follow it at once, the others later.
   * @returns the certificate as it then is; where nothing could be written, the one that was given
   */
  async followErasure(certificate: Certificate): Promise<Certificate> {
    try {
      await this.backups.followPending()
      const { auditRecord } = CertificateBody.parse(JSON.parse(certificate.body))
      return { ...this.certificateOf(auditRecord.no), salt: certificate.salt }
    } catch {
      // The subject is erased whatever becomes of the backups now: they stay pending.
      return certificate
    }
  }

  /**
   * Makes an older version of a subject active again.
   * @returns the change, and the templates that came back into the gallery
   * @throws subject.unknown, reference.unknown, reference.active
   */
  rollBackReferences(change: { id: string; version: number; audit: AuditEntry }): RolledBack {
    return this.#write(() => {
      const subject = this.#subjects.find(change.id)
      if (subject === undefined) throw new VultusError('subject.unknown')
      const { referenceNos, removedReferenceNos } = this.#versions.rollBack(subject, change.version, this.#nowMs())
      this.duplicates.reactivated(referenceNos)
      const key = this.#subjects.keyOf(subject)
      const added = referenceNos.map((referenceNo) => {
        const row = this.#references.activeByNo(referenceNo) as KeyedReferenceRow
        return { referenceNo, template: this.#references.templateOf(row, key) }
      })
      const sequence = this.#gallery.change(0, referenceNos.length - removedReferenceNos.length)
      const audit = { ...change.audit, details: { ...change.audit.details, version: change.version } }
      this.#appendFor(subject, audit, sequence)
      return { sequence, referenceNos, removedReferenceNos, added }
    })
  }

  /** Deletes a superseded version of a subject, as durably as an erasure. @throws subject.unknown, reference.unknown, reference.active */
  removeReferences(change: { id: string; version: number; audit: AuditEntry }): { removed: number } {
    let removal: { referenceNos: number[]; files: number[] } = { referenceNos: [], files: [] }
    this.#write(() => {
      const subject = this.#subjects.find(change.id)
      if (subject === undefined) throw new VultusError('subject.unknown')
      removal = this.#versions.remove(subject, change.version)
      const details = { ...change.audit.details, version: change.version, references: removal.referenceNos.length }
      this.#audit.append({ ...change.audit, subject: subject.audit_id, details }, this.#nowMs())
    })
    this.#segments.removeFiles(removal.files)
    this.#checkpointer.run()
    return { removed: removal.referenceNos.length }
  }

  /** How many superseded references the policy has due; days is null where it keeps them. */
  retentionDue(): { days: number | null; due: number } {
    return this.#read(() => {
      const days = this.#settings.get('retention.supersededDays')
      return { days, due: days === null ? 0 : this.#references.supersededCount(this.#nowMs() - days * dayMs) }
    })
  }

  /** Deletes the superseded references that the policy has due, in slices; each slice has its audit entry. */
  async sweepRetention(audit: AuditEntry): Promise<{ removed: number }> {
    const days = this.setting('retention.supersededDays')
    if (days === null) return { removed: 0 }
    const untilMs = this.#nowMs() - days * dayMs
    let removed = 0
    for (;;) {
      let slice: { referenceNos: number[]; files: number[] } = { referenceNos: [], files: [] }
      this.#write(() => {
        slice = this.#versions.sweep(untilMs, sweptAtOnce)
        if (slice.referenceNos.length === 0 && removed > 0) return
        this.#audit.append({ ...audit, details: { ...audit.details, days, references: slice.referenceNos.length } }, this.#nowMs())
      })
      this.#segments.removeFiles(slice.files)
      removed += slice.referenceNos.length
      if (slice.referenceNos.length < sweptAtOnce) break
      await nextTurn()
    }
    this.#checkpointer.run()
    return { removed }
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
        ...exemptionOf(this.#references.detailsOf(row, key)),
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

  /** What a subject agreed to, oldest first; nothing for one that is not there. */
  consentsOf(id: string): readonly Consent[] {
    return this.#read(() => {
      const subject = this.#subjects.find(id)
      return subject === undefined ? [] : (this.#subjects.identityOf(subject).consents ?? [])
    })
  }

  /** Every stored sample of a subject, superseded ones too, by the number of its reference. */
  samplesOf(id: string): ReadonlyMap<number, Uint8Array> {
    return this.#read(() => {
      const subject = this.#subjects.find(id)
      const samples = new Map<number, Uint8Array>()
      if (subject === undefined) return samples
      const key = this.#subjects.keyOf(subject)
      for (const { reference_no } of this.#references.ofSubject(subject.subject_no)) {
        const sample = this.#references.sampleOf(reference_no, subject.subject_no, key)
        if (sample !== null) samples.set(reference_no, sample)
      }
      return samples
    })
  }

  subject(id: string): SubjectSummary | undefined {
    return this.#read(() => {
      const row = this.#subjects.find(id)
      return row === undefined ? undefined : this.#summaryOf(row)
    })
  }

  /** How a subject is labelled. @throws subject.unknown */
  labelOf(id: string): SubjectLabel {
    return this.#read(() => this.#subjects.labelOf(this.#known(id)))
  }

  /** @param audit makes the entry from the label as it then is @throws subject.unknown */
  changeLabel(change: { id: string; label: LabelChange; audit: (label: SubjectLabel) => AuditEntry }): SubjectLabel {
    return this.#write(() => {
      const subject = this.#known(change.id)
      const label = this.#subjects.changeLabel(subject, change.label)
      this.#audit.append({ ...change.audit(label), subject: subject.audit_id }, this.#nowMs())
      return label
    })
  }

  #known(id: string): SubjectRow {
    const subject = this.#subjects.find(id)
    if (subject === undefined) throw new VultusError('subject.unknown')
    return subject
  }

  /** All subjects, in the order in which they came. */
  subjects(): SubjectSummary[] {
    return this.#read(() => this.#subjects.all().map((row) => this.#summaryOf(row)))
  }

  /** Subjects in the order in which they came, so many of them. @param after of the page before, 0 for the first */
  subjectPage(page: { after: number; limit: number }): { subjects: SubjectSummary[]; after: number | null } {
    return this.#read(() => {
      const rows = this.#subjects.after(page.after, page.limit)
      const after = rows.length < page.limit ? null : (rows.at(-1)?.subject_no ?? null)
      return { subjects: rows.map((row) => this.#summaryOf(row)), after }
    })
  }

  /**
   * Subjects whose name has words that begin as those of the query, or whose id is it or begins with it, in the order in which
   * they came. A page may have fewer than the limit and still be followed by more.
   * @throws search.tooShort
   */
  searchSubjects(search: { query: string; limit: number; after: number }): { subjects: SubjectSummary[]; after: number | null } {
    return this.#read(() => {
      const { rows, after } = this.#lookUp.search(search.query, search.limit, search.after)
      return { subjects: rows.map((row) => this.#summaryOf(row)), after }
    })
  }

  /** Indexes subjects that were there before the index was, in slices. */
  async catchUpIndex(): Promise<void> {
    let more = true
    while (more && this.#database.open) {
      more = this.#write(() => this.#lookUp.catchUp(caughtUpAtOnce))
      await nextTurn()
    }
  }

  /** Gives a large vault that comes from an older Vultus its first digest of the rows, in slices; changes nothing where there is one. */
  async sumRows(): Promise<void> {
    if (!this.#database.open || !this.#rows.missing) return
    await this.#inTurns(() => this.#rows.look())
    this.#write(() => undefined)
  }

  /** Opens every seal of a subject. @returns how many, 0 where there is no such subject @throws vault.damaged */
  unsealAll(id: string): number {
    return this.#read(() => {
      const subject = this.#subjects.find(id)
      return subject === undefined ? 0 : this.#maintenance.unsealAll(subject)
    })
  }

  /** The newest stored sample of a subject (JPEG), or null. */
  samplePicture(id: string): Uint8Array | null {
    return this.#read(() => {
      const subject = this.#subjects.find(id)
      return subject === undefined ? null : this.#references.newestSample(subject.subject_no, this.#subjects.keyOf(subject))
    })
  }

  /**
   * The gallery of a model for the matcher: sealed blocks, and batches of the rows that are in none. From then on segments of this
   * model are made when the vault is idle.
   */
  handOverGallery(model: GalleryModel, batchRows: number): GalleryHandOver {
    if (this.#segments.learn(model)) this.#idle.note()
    return this.#handOver.begin(model, batchRows)
  }

  /** The templates of a model's gallery in batches, out of their rows; other calls may come between batches. */
  gallery(model: string, batchRows: number): { sequence: number; rows: number; batches: Iterable<GalleryBatch> } {
    const { sequence, rows, batches } = this.#read(() => this.#gallery.load(model, batchRows))
    return { sequence, rows, batches: this.#guardedBatches(batches[Symbol.iterator]()) }
  }

  /**
   * Seals the segments of the gallery that are missing, dirty or of another format, in slices.
   * @param model one whose gallery was not handed over since the vault was opened @returns how many @throws vault.diskFull, vault.unwritable
   */
  async sealSegments(model?: GalleryModel): Promise<number> {
    if (model !== undefined) this.#segments.learn(model)
    try {
      return await this.#sealer.run()
    } catch (error) {
      throw vaultFailure(error)
    }
  }

  /**
   * Checks the vault, gives free space back and keeps the report, in slices.
   * @param maintain thorough: everything is looked at, of a large vault too; audit is committed with the report
   */
  async maintain(maintain: { thorough: boolean; audit?: AuditEntry | undefined }): Promise<MaintenanceReport> {
    const { thorough, audit } = maintain
    this.#read(() => undefined)
    try {
      const report = await this.#maintenance.run(thorough, (made) => {
        if (audit === undefined) return
        const problems = made.checks.reduce((sum, check) => sum + check.problems.length, 0)
        this.#audit.append({ ...audit, details: { ...audit.details, ok: made.ok, problems } }, this.#nowMs())
      })
      if (report.ok) this.drafts.sweep()
      return report
    } catch (error) {
      throw this.#database.open ? vaultFailure(error) : new VultusError('vault.locked')
    }
  }

  /** The latest 20 reports of the maintenance, newest first. */
  maintenanceReports(): MaintenanceReport[] {
    return this.#read(() => this.#maintenance.reports())
  }

  /** Segments that were found wrong since the vault was opened; each is made again from the rows. */
  segmentProblems(): readonly SegmentProblem[] {
    return this.#segments.problems()
  }

  /** Lets go of unwrapped keys and whatever else is only kept to be fast: on lock, rotation, erasure. */
  dropCaches(): void {
    this.#subjects.dropCaches()
    this.#together.endThread()
  }

  counts(): GalleryCounts {
    return this.#read(() => this.#gallery.counts())
  }

  /** What was set, or the default. */
  setting<Name extends SettingName>(name: Name): SettingValue<Name> {
    return this.#read(() => this.#settings.get(name))
  }

  /** Sets a setting and writes the entry of it. @throws request.invalid for a value that the setting cannot have */
  changeSetting<Name extends SettingName>(change: { name: Name; value: SettingValue<Name>; audit: AuditEntry }): void {
    this.#write(() => {
      this.#settings.set(change.name, change.value, this.#nowMs())
      this.#audit.append(change.audit, this.#nowMs())
    })
  }

  /** @param withIt what is done in the same transaction, last: where it fails nothing is written */
  appendAudit(entry: AuditEntry, withIt?: () => void): void {
    this.#write(() => {
      this.#audit.append(entry, this.#nowMs())
      withIt?.()
    })
  }

  /** Checks the whole audit chain and its checkpoints in one piece; firstBad is the number of the first record that is wrong or missing. */
  verifyAudit(): AuditVerdict {
    return this.#read(() => atOnce(this.#audit.verification()))
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

  /** Closes without a last word, after a copy has taken the database's place: what is written now would be lost. */
  abandon(): void {
    this.#stopWork()
    this.#audit.abandon()
    guarded(() => this.#database.close())
    this.#pageCheck?.close()
  }

  get isOpen(): boolean {
    return this.#database.open
  }

  /** Checks chain, checkpoints and anchors, in turns. @param given text with checkpoints that somebody kept @throws request.invalid */
  auditReport(given: string | undefined): Promise<AuditReport> {
    return this.#inTurns(() => this.#audit.report(given))
  }

  /** Records of the audit chain, newest first, looked for in turns. @throws audit.broken */
  auditPage(filter: AuditFilter): Promise<AuditPage> {
    return this.#inTurns(() => this.#auditReading.list(filter))
  }

  /** A page of the export; the first one signs the head. @throws audit.broken */
  exportAudit(request: ExportRequest): ExportPage {
    return this.#write(() => this.#auditReading.exportPage(request, this.#nowMs()))
  }

  /** Signs the head and gives that checkpoint. @throws audit.broken */
  checkpointAudit(): CheckpointAnswer {
    return this.#write(() => this.#audit.checkpointAnswer(this.#nowMs()))
  }

  /** Sets or leaves where checkpoints are witnessed, and anchors the newest one. @throws audit.witnessUnusable */
  witnessAudit(change: WitnessChange & { audit: AuditEntry }): WitnessAnswer {
    this.#write(() => {
      this.#audit.setWitness(change)
      this.#audit.append(change.audit, this.#nowMs())
      this.#audit.checkpoint(this.#nowMs())
    })
    return this.#read(() => this.#audit.anchorNow(change.accept))
  }

  get stationKey(): StationKeySummary {
    return this.#audit.summary
  }

  /** The certificate of the erasure with that audit record, without its salt. @throws certificate.unknown */
  certificateOf(recordNo: number): KeptCertificate {
    return this.#read(() => this.#erasure.certificateOf(recordNo))
  }

  /** Checks a certificate of erasure against this vault. @throws certificate.invalid */
  verifyCertificate(text: string, id: string | undefined): CertificateReport {
    const vault = { vaultId: this.id, hashAt: (records: number) => this.#audit.hashAt(records) }
    return this.#read(() => checkCertificate(text, { publicKey: this.#audit.stationKey.publicKey, id, vault }))
  }

  /** Moves the write-ahead log into the database and lets go of the lock and the keys. May be called twice. */
  close(): void {
    this.#stopWork()
    if (this.#database.open) {
      this.operators.flushRecords('command')
      this.#audit.close(this.#nowMs())
    }
    guarded(() => this.#database.close())
    this.#pageCheck?.close()
  }

  #stopWork(): void {
    this.#segments.close()
    this.#together.endThread()
    this.#idle.stop()
    this.#checkpointer.stop()
    this.#pageCheck?.stop()
  }

  #commitVersion(change: VersionChange, nowMs: number): CommittedChange {
    this.#assertContents(change.contents)
    return this.#write(() => {
      const { subjectNo: _, ...committed } = this.#writeVersion(change, nowMs)
      return committed
    })
  }

  get #intakeParts() {
    return { records: this.#records, drafts: this.drafts, subjects: this.#subjects }
  }

  /** A version with its change of the gallery and its entry; the caller is in a transaction and has looked at the contents. */
  #writeVersion(change: VersionChange, nowMs: number): CommittedChange & { subjectNo: number } {
    const contents = contentsToKeep(change.contents, this.#settings.get('samples.kept'))
    const { subject, isNew, referenceNos, removedReferenceNos } = this.#versions.write({ ...change, contents }, nowMs)
    if (change.label !== undefined) this.#subjects.changeLabel(subject, change.label)
    if (change.origin === 'enrolled') writeIntake(this.#intakeParts, subject, change, nowMs)
    const sequence = this.#gallery.change(isNew ? 1 : 0, referenceNos.length - removedReferenceNos.length)
    this.#appendFor(subject, change.audit, sequence)
    return { sequence, referenceNos, removedReferenceNos, subjectNo: subject.subject_no }
  }

  #assertContents(contents: readonly ReferenceContent[]): void {
    for (const content of contents) {
      assertTemplate(content.template)
      if (content.captureSource === 'simulated' && this.kind === 'real') throw new VultusError('capture.simulatedRefused')
    }
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
      label: this.#subjects.labelOf(row),
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
      writeStep: (run) => this.#writeStep(run),
      audit: (entry) => this.#audit.append(entry, this.#nowMs()),
      emptyLog: () => void this.#checkpointer.run(),
      nowMs: () => this.#nowMs(),
    }
  }

  #dropSegment(segment: SegmentRow): void {
    try {
      this.#write(() => this.#segments.drop(segment))
      this.#segments.removeFiles([segment.generation])
    } catch {
      // A disk that cannot be written to keeps the segment, which will be found wrong again.
    }
  }

  /** What is done when nobody waits; what fails is tried again after the next pause. @returns when to come again, milliseconds */
  async #workIdly(): Promise<number | undefined> {
    try {
      await this.#sealer.run()
      await this.sumRows()
      if (this.#database.open && this.#maintenance.isDue()) await this.maintain({ thorough: false })
      if (!this.#database.open) return undefined
      const expiringMs = this.drafts.sweep().nextMs
      const followingMs = await this.backups.followPendingAgain()
      const next = Math.min(expiringMs ?? Number.POSITIVE_INFINITY, followingMs ?? Number.POSITIVE_INFINITY, idleAgainMsMax)
      return expiringMs === undefined && followingMs === undefined ? undefined : next
    } catch {
      // A full disk shows at the next commit, which has somebody to tell.
      return undefined
    }
  }

  async #inTurns<T>(begin: () => Steps<T>): Promise<T> {
    return await inTurns(
      this.#read(() => begin()),
      (run) => this.#read(run),
    )
  }

  #read<T>(run: () => T): T {
    if (!this.#database.open) throw new VultusError('vault.locked')
    return guarded(run)
  }

  /** SQLite keeps the order of transactions in its log, so that one which is synced takes along all those before it. */
  #writeStep<T>(run: () => T): T {
    this.#read(() => this.#database.pragma('synchronous = NORMAL'))
    try {
      return this.#write(run)
    } finally {
      if (this.#database.open) this.#database.pragma('synchronous = FULL')
    }
  }

  #write<T>(run: () => T): T {
    if (this.#copying) throw new VultusError('vault.busy')
    const withDigest = () => {
      const result = run()
      this.#rows.keep()
      return result
    }
    const result = this.#read(() => this.#rows.follow(() => this.#database.transaction(withDigest).immediate()))
    this.#checkpointer.noteWrite()
    this.#audit.noteCommit()
    this.#idle.note()
    return result
  }
}
