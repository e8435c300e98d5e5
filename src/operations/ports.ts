/** What operations work with. They are passed in, so that a failure replays and a test can stand in for any of them. */

import type { ClientPermission } from '../contract/clients.ts'
import type { Outcome } from '../contract/errors.ts'
import type { LabelChange, SubjectLabel } from '../contract/label.ts'
import type { EmbeddingModel, FaceFunctions, MatcherFunctions } from '../contract/processes.ts'
import type {
  Actor,
  AuditEntry,
  CommittedChange,
  GalleryHandOver,
  ReferenceRecord,
  RolledBack,
  StoredReference,
  StoredTemplate,
} from '../contract/records.ts'
import type {
  AuditFilter,
  AuditPage,
  AuditReport,
  Certificate,
  CertificateReport,
  CheckpointAnswer,
  ExportPage,
  KeptCertificate,
  StationKeySummary,
  WitnessAnswer,
} from '../contract/rows/audit.ts'
import type { ApiClient } from '../contract/rows/client.ts'
import type { Consent } from '../contract/rows/consent.ts'
import type { MaintenanceReport } from '../contract/rows/maintenance.ts'
import type { AccountRole, OperatorAccount, OperatorPolicy, SecretKind } from '../contract/rows/operator.ts'
import type { SubjectSummary } from '../contract/rows/subject.ts'
import type { SettingName, SettingValue } from '../contract/settings.ts'
import type { VaultKind } from '../contract/types.ts'
import type { GalleryModel } from '../core/gallery/galleryFormat.ts'
import type { DuplicatesPort } from './duplicatePorts.ts'
import type { ImportsPort } from './importPorts.ts'
import type { IntakePort } from './intakePorts.ts'
import type { JobsPort, RecoveryPort, RotationPort, SealingPort } from './keyPorts.ts'
import type { ModelReferencesPort } from './modelPorts.ts'

/** Accounts of operators, and signing in. What changes an account is one transaction with its audit entry. */
export interface OperatorsPort {
  /** Whether there is any account: from then on somebody has to sign in. */
  readonly any: boolean
  /** An account by its audit id. */
  byId(operator: string): OperatorAccount | undefined
  list(): OperatorAccount[]
  add(change: { name: string; role: AccountRole; secretKind: SecretKind; secret: string }, actor: Actor): Promise<OperatorAccount>
  change(
    change: {
      name: string
      newName?: string | undefined
      role?: AccountRole | undefined
      secretKind?: SecretKind | undefined
      secret?: string | undefined
      enable: boolean
    },
    actor: Actor,
  ): Promise<OperatorAccount>
  disable(name: string, actor: Actor): OperatorAccount
  /** The account that name and secret belong to; counts the try before it is checked. */
  signIn(name: string, secret: string, door: Actor['door']): Promise<OperatorAccount>
  policy(): OperatorPolicy
  setPolicy(policy: OperatorPolicy, actor: Actor): OperatorPolicy
}

/** Programs of integrators. What changes one is one transaction with its audit entry. */
export interface ClientsPort {
  list(): ApiClient[]
  /** @throws client.exists */
  add(change: { name: string; permissions: readonly ClientPermission[] }, actor: Actor): ApiClient & { key: string }
  /** @throws client.unknown */
  revoke(name: string, actor: Actor): ApiClient
  /** A program by its audit id. */
  byId(client: string): ApiClient | undefined
  /** The program that a key belongs to, while it is not taken back. */
  byKey(key: string): ApiClient | undefined
  /** Notes that a program asked for something, at most once a minute. */
  noteUse(client: Pick<ApiClient, 'client' | 'lastUsedAt'>): void
}

/** The open vault, the only truth. Every method is one transaction; what it returned is durable. */
export interface VaultPort extends IntakePort {
  readonly kind: VaultKind
  readonly jobs: JobsPort
  readonly rotation: RotationPort
  readonly duplicates: DuplicatesPort
  readonly imports: ImportsPort
  readonly recovery: RecoveryPort
  readonly sealing: SealingPort
  readonly models: ModelReferencesPort
  readonly operators: OperatorsPort
  readonly clients: ClientsPort
  /** Random id of a subject for the audit chain, or undefined where there is no such subject. */
  auditIdOf(id: string): string | undefined
  /** A template without a picture, as the storage interface of the service endpoints keeps it. */
  commitTemplate(change: {
    id: string
    model: string
    template: Float32Array
    metadata: Record<string, unknown>
    audit: AuditEntry
  }): CommittedChange & { createdAt: string }
  /** Only what commitTemplate stored: an enrolled subject's template does not leave by this door. */
  retrieveTemplate(id: string): StoredTemplate | undefined
  eraseSubject(change: { id: string; audit: AuditEntry }): CommittedChange & { certificate: Certificate; logEmptied: boolean }
  /** Lets the key files of the backups follow an erasure. @returns its certificate as it then is */
  followErasure(certificate: Certificate): Promise<Certificate>
  /** How a subject is labelled. */
  labelOf(id: string): SubjectLabel
  /** Changes what is given of a label; the entry is made from the label as it then is. */
  changeLabel(change: { id: string; label: LabelChange; audit: (label: SubjectLabel) => AuditEntry }): SubjectLabel
  /** Active references with these numbers and how their subjects are labelled; those that are gone are left out. */
  references(referenceNos: readonly number[]): StoredReference[]
  /** Active references of one subject for one model; undefined where there is no such subject. */
  referencesOf(id: string, model: string): StoredReference[] | undefined
  /** Makes an older version active again. */
  rollBackReferences(change: { id: string; version: number; audit: AuditEntry }): RolledBack
  /** Deletes a superseded version. */
  removeReferences(change: { id: string; version: number; audit: AuditEntry }): { removed: number }
  retentionDue(): { days: number | null; due: number }
  sweepRetention(audit: AuditEntry): Promise<{ removed: number }>
  history(id: string): ReferenceRecord[]
  /** What a subject agreed to, oldest first. */
  consentsOf(id: string): readonly Consent[]
  /** Every stored sample of a subject, by the number of its reference. */
  samplesOf(id: string): ReadonlyMap<number, Uint8Array>
  subject(id: string): SubjectSummary | undefined
  subjects(): SubjectSummary[]
  /** Subjects in the order in which they came; after is of the page before, 0 for the first. */
  subjectPage(page: { after: number; limit: number }): { subjects: SubjectSummary[]; after: number | null }
  /** Subjects whose name has words that begin as those of the query, or whose id is it or begins with it. */
  searchSubjects(search: { query: string; limit: number; after: number }): { subjects: SubjectSummary[]; after: number | null }
  /** The newest stored sample of a subject. */
  samplePicture(id: string): Uint8Array | null
  /** The gallery of a model as the matcher takes it: sealed blocks, and batches of the rows that are in none. */
  handOverGallery(model: GalleryModel, batchRows: number): GalleryHandOver
  counts(): { subjects: number; references: number; sequence: number }
  /** Checks the vault, gives free space back and keeps the report, in slices; audit is committed with the report. */
  maintain(maintain: { thorough: boolean; audit?: AuditEntry | undefined }): Promise<MaintenanceReport>
  maintenanceReports(): MaintenanceReport[]
  /** What was set, or the default. */
  setting<Name extends SettingName>(name: Name): SettingValue<Name>
  changeSetting<Name extends SettingName>(change: { name: Name; value: SettingValue<Name>; audit: AuditEntry }): void
  appendAudit(entry: AuditEntry): void
  verifyAudit(): { ok: boolean; records: number; firstBad: number | null }
  /** Chain, checkpoints and anchors; `given` is a text with checkpoints that somebody kept. */
  auditReport(given: string | undefined): Promise<AuditReport>
  auditPage(filter: AuditFilter): Promise<AuditPage>
  exportAudit(request: { after: number; upTo?: number | undefined; limit: number }): ExportPage
  checkpointAudit(): CheckpointAnswer
  witnessAudit(change: { file?: string | undefined; remove: boolean; accept: boolean; audit: AuditEntry }): WitnessAnswer
  /** The public half of the key that signs checkpoints, exports and certificates. */
  readonly stationKey: StationKeySummary
  certificateOf(recordNo: number): KeptCertificate
  verifyCertificate(text: string, id: string | undefined): CertificateReport
  close(): void
}

/** The face process, with its outcomes unwrapped: what it refuses is thrown as a VultusError. */
export type FacePort = Unwrapped<Omit<FaceFunctions, 'load' | 'listPacks'>> & { readonly model: EmbeddingModel | undefined }
/** The matcher process, with its outcomes unwrapped; committed changes reach it by the station. */
export type MatcherPort = Unwrapped<Pick<MatcherFunctions, 'search' | 'searchBatch' | 'status'>>

/** Functions of a process as its callers see them: values instead of outcomes. */
export type Unwrapped<Functions> = {
  readonly [Name in keyof Functions]: Functions[Name] extends (options: infer Options) => Promise<Outcome<infer Value>>
    ? (options: Options) => Promise<Value>
    : never
}

/** Everything an operation may touch. */
export interface Ports {
  readonly vault: VaultPort
  readonly face: FacePort
  readonly matcher: MatcherPort
  /** Hands a committed change to the matcher; resolves when a search would see it. */
  readonly publish: (change: CommittedChange, added: readonly { referenceNo: number; template: Float32Array }[]) => Promise<void>
  /** Runs one enrolment at a time, from search to commit, so that two cannot miss each other as duplicates. */
  readonly serialised: <T>(run: () => Promise<T>) => Promise<T>
  readonly nowMs: () => number
}
