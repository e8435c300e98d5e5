/** What the thread of networks and its owner say to each other. */
import type { ErrorCode } from '../../contract/errors.ts'
import type { NetworkOutput } from '../families/detection.ts'
import type { ModelFile } from './modelFile.ts'
import type { LoadOptions } from './runtime.ts'

export type ToThread = { readonly call: number } & (
  | { readonly kind: 'check'; readonly file: ModelFile }
  | { readonly kind: 'load'; readonly network: number; readonly file: ModelFile; readonly options: LoadOptions }
  | { readonly kind: 'run'; readonly network: number; readonly values: Float32Array<ArrayBuffer>; readonly shape: readonly number[] }
  | { readonly kind: 'release'; readonly network: number }
)

/** What a call answers: nothing, how many pictures a run takes, or outputs. */
export interface ThreadAnswer {
  readonly batch?: number | undefined
  readonly outputs?: readonly NetworkOutput[] | undefined
}

export type FromThread =
  | { readonly call: number; readonly ok: true; readonly answer: ThreadAnswer }
  | { readonly call: number; readonly ok: false; readonly code: ErrorCode; readonly detail: string | undefined; readonly reason: string }
