/** What operations on model packs see of the vault and of the processes. */
import type { Job } from '../contract/jobs.ts'
import type { EmbeddingModel, PackSummary } from '../contract/processes.ts'
import type { AuditEntry, CommittedChange } from '../contract/records.ts'

/** A stored sample; subjectNo is the same for all of a subject and tells nothing of it. */
export interface StoredSample {
  readonly referenceNo: number
  readonly subjectNo: number
  /** JPEG. */
  readonly picture: Uint8Array
}

/** References of several models beside each other. */
export interface ModelReferencesPort {
  /** Active references of each model. */
  counts(): { model: string; references: number }[]
  /** Subjects that a search with this model would not find. */
  missing(model: string): number
  samples(countMax: number): StoredSample[]
  /** Begins the job that makes references of a model from all stored samples. */
  begin(options: { model: string; pack: string; audit: AuditEntry }): Job
  /** The pack that a job works with. */
  packOf(id: string): string
  /** What comes next for a job; no samples where it is through. */
  next(id: string, countMax: number): { model: string; samples: StoredSample[] }
  /** What was made of it, with the job's position; null where a sample could not be used. Without any the job is done. */
  commit(
    id: string,
    made: readonly { readonly referenceNo: number; readonly template: Float32Array | null }[],
  ): { job: Job; change: CommittedChange | undefined }
  /** Deletes all references of a model. */
  remove(
    options: { model: string; active: string; audit: AuditEntry },
    onSlice: (change: CommittedChange) => Promise<void>,
  ): Promise<{ removed: number }>
}

/** Face processes beside the one at work, with one pack loaded. */
export interface SpareFacePort {
  readonly model: EmbeddingModel
  /** Pictures that are looked at at once. */
  readonly atOnce: number
  /** The template of the subject of a picture, and how long it took. @throws VultusError what the picture is refused for */
  template(picture: Uint8Array): Promise<{ template: Float32Array; qualityScore: number; totalMs: number }>
}

/** The packs of the station. */
export interface PacksPort {
  list(): Promise<readonly PackSummary[]>
  /** Runs something with face processes of its own, at most so many, that have loaded the pack, and ends them. */
  withFace<T>(packId: string, processesMax: number, run: (face: SpareFacePort) => Promise<T>): Promise<T>
}
