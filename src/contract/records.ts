/** Records that the vault keeps and gives back, as operations and the vault both know them. */
import type { DecisionReason } from './intake.ts'
import type { SubjectLabel } from './label.ts'
import type { GalleryLabels } from './processes.ts'
import type { CaptureQuality, Exemption } from './quality.ts'
import type { ProcedureName } from './table.ts'
import type { CaptureSource, Pad, Role } from './types.ts'

/** Who asks, as the audit chain records it. */
export interface Actor {
  /** nobody: nobody is signed in where somebody has to be. */
  readonly role: Role | 'nobody'
  readonly door: 'ipc' | 'socket' | 'rest' | 'command'
  /** Random id of the account that is signed in; of a client, the account that opened the service. */
  readonly operator?: string | undefined
}

/** What the audit chain keeps of an event: random ids, codes and numbers; never a name, a site's id, a secret or a template. */
export interface AuditEntry {
  readonly event: ProcedureName
  readonly actor: Actor
  readonly outcome: 'done' | 'refused' | 'failed'
  /** Code of the refusal. */
  readonly code?: string
  /** Random audit id of the subject; what is committed to a subject gets it from the vault. */
  readonly subject?: string
  readonly details?: Readonly<Record<string, string | number | boolean | null>>
}

export interface NewReference {
  readonly model: string
  readonly template: Float32Array
  readonly captureSource: CaptureSource
  readonly pad: Pad
  readonly quality: CaptureQuality | null
  /** Why it was not held to the whole preset. */
  readonly exemption?: Exemption | undefined
  /** JPEG; null where only the template is kept. */
  readonly sample: Uint8Array | null
}

/** A subject of a bulk import. */
export interface BatchEntry {
  readonly id: string
  readonly name?: string | undefined
  readonly references: readonly NewReference[]
}

export interface StoredReference {
  /** Of its subject; only where references are read for a search. */
  readonly label?: SubjectLabel
  readonly referenceNo: number
  readonly subjectId: string
  readonly model: string
  readonly template: Float32Array
}

export interface ReferenceRecord {
  readonly referenceNo: number
  readonly version: number
  /** False for versions that a later one has superseded. */
  readonly active: boolean
  readonly model: string
  readonly captureSource: CaptureSource
  readonly pad: Pad
  readonly quality: CaptureQuality | null
  readonly exemption?: Exemption | undefined
  readonly createdAt: string
}

/** A committed change: the gallery's new sequence and what left it. */
export interface CommittedChange {
  readonly sequence: number
  readonly referenceNos: readonly number[]
  readonly removedReferenceNos: readonly number[]
  /** References that stay in the gallery and are labelled otherwise. */
  readonly relabelledReferenceNos?: readonly number[]
}

/** A subject's label as it now is, and the change of the gallery that it makes. */
export interface Relabelled extends CommittedChange {
  readonly label: SubjectLabel
}

/** An older version that is active again, with the templates that came back into the gallery. */
export interface RolledBack extends CommittedChange {
  readonly added: readonly { readonly referenceNo: number; readonly template: Float32Array }[]
}

/** A subject that is in the gallery again, with the templates that came back, each with its model. */
export interface Lifted extends CommittedChange {
  readonly added: readonly { readonly referenceNo: number; readonly model: string; readonly template: Float32Array }[]
}

export interface StoredTemplate {
  readonly id: string
  readonly data: Float32Array
  readonly metadata: Record<string, unknown>
  readonly createdAt: string
}

/** Rows of the gallery: referenceNos[i] has the i-th template, row-major. */
export interface GalleryBatch {
  readonly referenceNos: Uint32Array
  readonly templates: Float32Array
}

/** A sealed block of rows as it is handed over (core/gallery/block.ts). */
export interface GalleryBlockPart {
  readonly block: Uint8Array
  /** Rows of it that are in the gallery. */
  readonly rows: number
  /** Reference numbers of it that are not in the gallery any more. */
  readonly without: Uint32Array
  /** Gives the block up, which whoever got it could not use, and brings its rows. */
  instead(): Iterable<GalleryBatch>
}

/** The gallery of a model on its way to the matcher: all of one sequence. */
export interface GalleryHandOver {
  readonly sequence: number
  /** How many there will be; fewer where some are erased meanwhile. */
  readonly rows: number
  readonly parts: AsyncIterable<GalleryBatch | GalleryBlockPart>
  /** How references are labelled, those alone that are; to be read after the parts. */
  readonly labels: Iterable<GalleryLabels>
}

/** How a supervisor decided on an enrolment, as it is kept with the subject. */
export interface KeptDecision {
  readonly decision: 'different' | 'same' | 'confirm'
  readonly reason: DecisionReason
  readonly note: string
  /** Random id of an account; null while there are none. */
  readonly by: string | null
  readonly at: string
}
