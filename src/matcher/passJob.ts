/** What a thread is given for a pass over a gallery, and what it gives back. All of it can be cloned. */
import type { StageName } from './api.ts'
import type { LabelTest } from './labels.ts'
import type { Query } from './query.ts'
import { queriesMax } from './shape.ts'

/** One query of a pass. */
export interface PassQuery {
  readonly query: Query
  readonly threshold: number
  /** 0 for none. */
  readonly limit: number
  readonly test: LabelTest | null
  readonly stage: StageName
  /** Share of survivors beyond which the packed stage costs more than it saves; 1 never leaves it. */
  readonly shareMax: number
}

export interface Pass {
  readonly slots: number
  /** Rows born later or died by then are not seen. */
  readonly generation: number
  readonly queries: readonly PassQuery[]
  /** Word 0 counts the chunks taken, word 1 + n is the cut that the threads share for query n. */
  readonly shared: Int32Array
}

/** Figures and findings of one thread. */
export interface PassPart {
  readonly found: Float64Array<ArrayBuffer>[]
  /** Rows that the stages left to be finished, and those of them that the packed stage left. */
  readonly survivors: number[]
  readonly survivorsPacked: number[]
  rowsPacked: number[]
  rowsFlat: number[]
  /** Time that went into each piece of work. */
  packedMs: number
  flatMs: number
  refineMs: number
}

/** Words of `Pass.shared`. */
export const sharedWords = 1 + queriesMax
