/** What operations work with. They are passed in, so that a failure replays and a test can stand in for any of them. */
import type { Outcome } from '../contract/errors.ts'
import type { EmbeddingModel, FaceFunctions, MatcherFunctions } from '../contract/processes.ts'
import type {
  Actor,
  AuditEntry,
  CommittedChange,
  GalleryBatch,
  NewReference,
  ReferenceRecord,
  StoredReference,
  StoredTemplate,
} from '../contract/records.ts'
import type { SubjectSummary } from '../contract/rows/subject.ts'
import type { VaultKind } from '../contract/types.ts'
import type { JobsPort, RecoveryPort, RotationPort, SealingPort } from './keyPorts.ts'

export type { Actor, AuditEntry, CommittedChange, NewReference, ReferenceRecord, StoredReference, StoredTemplate }

/** The open vault, the only truth. Every method is one transaction; what it returned is durable. */
export interface VaultPort {
  readonly kind: VaultKind
  readonly jobs: JobsPort
  readonly rotation: RotationPort
  readonly recovery: RecoveryPort
  readonly sealing: SealingPort
  /** Random id of a subject for the audit chain, or undefined where there is no such subject. */
  auditIdOf(id: string): string | undefined
  /** New subject or new version of an existing one (older versions leave the gallery and stay stored); references and audit entry in one transaction. */
  commitEnrolment(change: {
    id: string
    name?: string | undefined
    references: readonly NewReference[]
    audit: AuditEntry
  }): CommittedChange
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
  eraseSubject(change: { id: string; audit: AuditEntry }): CommittedChange
  /** Active references with these numbers; those that are gone are left out. */
  references(referenceNos: readonly number[]): StoredReference[]
  /** Active references of one subject for one model; undefined where there is no such subject. */
  referencesOf(id: string, model: string): StoredReference[] | undefined
  history(id: string): ReferenceRecord[]
  subject(id: string): SubjectSummary | undefined
  subjects(): SubjectSummary[]
  /** The newest stored sample of a subject. */
  samplePicture(id: string): Uint8Array | null
  /** The gallery of a model in batches, all of one sequence. */
  gallery(model: string, batchRows: number): { sequence: number; rows: number; batches: Iterable<GalleryBatch> }
  counts(): { subjects: number; references: number; sequence: number }
  appendAudit(entry: AuditEntry): void
  verifyAudit(): { ok: boolean; records: number; firstBad: number | null }
  close(): void
}

/** The face process, with its outcomes unwrapped: what it refuses is thrown as a VultusError. */
export type FacePort = Unwrapped<Omit<FaceFunctions, 'load' | 'listPacks'>> & { readonly model: EmbeddingModel | undefined }
/** The matcher process, with its outcomes unwrapped; committed changes reach it by the station. */
export type MatcherPort = Unwrapped<Pick<MatcherFunctions, 'search' | 'status'>>

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
