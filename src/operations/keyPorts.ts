/** What operations on keys and jobs see of the vault. */
import type { ErrorCode } from '../contract/errors.ts'
import type { Job, JobState } from '../contract/jobs.ts'
import type { Actor, AuditEntry } from '../contract/records.ts'
import type { SealAlgorithm } from '../contract/types.ts'

export interface JobsPort {
  /** Newest first. */
  list(): Job[]
  get(id: string): Job
  setState(id: string, state: JobState, change?: { audit?: AuditEntry; error?: ErrorCode }): Job
  ownerOf(id: string): Actor
  /** Adds a job of a kind whose beginning changes nothing else. */
  begin(job: { kind: Job['kind']; total: number; position: unknown }, audit: AuditEntry): Job
}

export interface RotationPort {
  /** New epoch, job and audit entry in one transaction. */
  begin(options: { deep: boolean; audit: AuditEntry }): Job
  /** One batch in one transaction; the job as it then stands. */
  step(id: string): Job
}

export interface RecoveryPort {
  state(): 'none' | 'unconfirmed' | 'confirmed'
  confirm(typed: readonly { position: number; text: string }[], audit: AuditEntry): void
  /** @returns the new key, this once */
  reissue(audit: AuditEntry): string
}

export interface SealingPort {
  /** What new values are sealed with. */
  readonly algorithm: SealAlgorithm
  setAlgorithm(algorithm: SealAlgorithm, audit: AuditEntry): void
}
