/** Unfinished enrolments as the vault keeps them and gives them back. */
import type { KeptCapture } from './processes.ts'

export type DraftState = 'draft' | 'duplicate' | 'exception'

export interface DraftRecord<Content> {
  readonly id: string
  readonly state: DraftState
  /** Random id of an account; null while there were none. */
  readonly owner: string | null
  readonly createdAt: string
  readonly changedAt: string
  readonly expiresAt: string
  readonly content: Content
  readonly captures: readonly KeptCapture[]
  readonly proof: Uint8Array | null
}

/** Which one, and of whom: with everybody it need not be the owner's. */
export interface DraftClaim {
  readonly id: string
  readonly states: readonly DraftState[]
  readonly owner: string | null | 'everybody'
}

/** A subject that somebody who waits looks like. */
export interface WaitingCandidate {
  readonly id: string
  readonly comparisonScore: number
}
