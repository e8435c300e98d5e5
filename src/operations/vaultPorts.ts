/** What operations see of the parts of the vault that are about subjects, their references, the audit chain and looking after it. */
import type { SubjectForm } from '../contract/form.ts'
import type { LabelChange, SubjectLabel } from '../contract/label.ts'
import type {
  AuditEntry,
  CommittedChange,
  GalleryHandOver,
  Lifted,
  ReferenceRecord,
  Relabelled,
  RolledBack,
  StoredReference,
  StoredTemplate,
} from '../contract/records.ts'
import type { Restriction } from '../contract/restriction.ts'
import type {
  AuditFilter,
  AuditRecords,
  AuditReport,
  Certificate,
  CertificateCheck,
  CheckpointAnswer,
  ExportPage,
  KeptCertificate,
  StationKeySummary,
  WitnessAnswer,
} from '../contract/rows/audit.ts'
import type { Consent } from '../contract/rows/consent.ts'
import type { MaintenanceReport } from '../contract/rows/maintenance.ts'
import type { SubjectSummary } from '../contract/rows/subject.ts'
import type { SettingName, SettingValue } from '../contract/settings.ts'
import type { GalleryModel } from '../core/gallery/galleryFormat.ts'
import type { SubjectIntake } from './intakePorts.ts'

export interface SubjectsPort {
  get(id: string): SubjectSummary | undefined
  all(): SubjectSummary[]
  /** Subjects in the order in which they came; after is of the page before, 0 for the first. */
  page(page: { after: number; limit: number }): { subjects: SubjectSummary[]; after: number | null }
  /** Subjects whose name has words that begin as those of the query, or whose id is it or begins with it. */
  search(search: { query: string; limit: number; after: number }): { subjects: SubjectSummary[]; after: number | null }
  /** Random id of a subject for the audit chain, or undefined where there is no such subject. */
  auditIdOf(id: string): string | undefined
  /** How a subject is labelled. */
  labelOf(id: string): SubjectLabel
  /** Changes what is given of a label; the entry is made from the label as it then is. */
  changeLabel(change: { id: string; label: LabelChange; audit: (label: SubjectLabel) => AuditEntry }): Relabelled
  /** What a subject agreed to, oldest first. */
  consentsOf(id: string): readonly Consent[]
  intakeOf(id: string): SubjectIntake | undefined
  /** Restrictions of processing, oldest first; the one in force is the last. */
  restrictionsOf(id: string): Restriction[]
  /** What a correction names, so that it changes nothing that somebody else has changed. */
  revisionOf(id: string): string | undefined
  exceptionProof(id: string): Uint8Array | null
}

/** Rights of subjects over what is kept of them. Each change is one transaction with its audit entry. */
export interface RightsPort {
  /** @param change by: random id of an account; null while there are none */
  restrict(change: { id: string; reason: string; by: string | null; audit: AuditEntry }): CommittedChange & { since: string }
  lift(change: { id: string; reason: string; by: string | null; audit: AuditEntry }): Lifted
  /** @returns the revision as it now is */
  correct(change: {
    id: string
    name?: string | null | undefined
    form?: SubjectForm | undefined
    revision?: string | undefined
    audit: AuditEntry
  }): string
}

export interface ReferencesPort {
  /** Active references with these numbers and how their subjects are labelled; those that are gone are left out. */
  byNo(referenceNos: readonly number[]): StoredReference[]
  /** Labels of references as rows of the gallery have them (core/labels.ts), 0 where there is none. */
  labelBitsOf(referenceNos: readonly number[]): Uint32Array
  /** Active references of one subject for one model; undefined where there is no such subject. */
  ofSubject(id: string, model: string): StoredReference[] | undefined
  history(id: string): ReferenceRecord[]
  /** Every stored sample of a subject, by the number of its reference. */
  samplesOf(id: string): ReadonlyMap<number, Uint8Array>
  /** The newest stored sample of a subject. */
  newestSample(id: string): Uint8Array | null
}

/** Older versions of a subject's references. */
export interface VersionsPort {
  /** Makes an older version active again. */
  rollBack(change: { id: string; version: number; audit: AuditEntry }): RolledBack
  /** Deletes a superseded version. */
  remove(change: { id: string; version: number; audit: AuditEntry }): { removed: number }
  due(): { days: number | null; due: number }
  sweep(audit: AuditEntry): Promise<{ removed: number }>
}

/** Templates without a picture, as the storage interface of the service endpoints keeps them. */
export interface StoredTemplatesPort {
  commit(change: {
    id: string
    model: string
    template: Float32Array
    metadata: Record<string, unknown>
    audit: AuditEntry
  }): CommittedChange & { createdAt: string }
  /** Only what commit stored: an enrolled subject's template does not leave by this door. */
  retrieve(id: string): StoredTemplate | undefined
}

export interface ErasuresPort {
  erase(change: { id: string; audit: AuditEntry }): CommittedChange & { certificate: Certificate; logEmptied: boolean }
  /** Lets the key files of the backups follow an erasure. @returns its certificate as it then is */
  follow(certificate: Certificate): Promise<Certificate>
  certificateOf(recordNo: number): KeptCertificate
  verifyCertificate(text: string, id: string | undefined): CertificateCheck
}

export interface GalleriesPort {
  counts(): { subjects: number; references: number; sequence: number }
  /** The gallery of a model as the matcher takes it: sealed blocks, and batches of the rows that are in none. */
  handOver(model: GalleryModel, batchRows: number): GalleryHandOver
}

export interface AuditPort {
  /** The public half of the key that signs checkpoints, exports and certificates. */
  readonly stationKey: StationKeySummary
  append(entry: AuditEntry): void
  page(filter: AuditFilter): Promise<AuditRecords>
  verify(): { ok: boolean; records: number; firstBad: number | null }
  /** Chain, checkpoints and anchors; `given` is a text with checkpoints that somebody kept. */
  report(given: string | undefined): Promise<AuditReport>
  exportPage(request: { after: number; upTo?: number | undefined; limit: number }): ExportPage
  checkpoint(): CheckpointAnswer
  witness(change: { file?: string | undefined; remove: boolean; accept: boolean; audit: AuditEntry }): WitnessAnswer
}

export interface UpkeepPort {
  /** Checks the vault, gives free space back and keeps the report, in slices; audit is committed with the report. */
  run(maintain: { thorough: boolean; audit?: AuditEntry | undefined }): Promise<MaintenanceReport>
  reports(): MaintenanceReport[]
}

export interface SettingsPort {
  /** What was set, or the default. */
  get<Name extends SettingName>(name: Name): SettingValue<Name>
  change<Name extends SettingName>(change: { name: Name; value: SettingValue<Name>; audit: AuditEntry }): void
}
