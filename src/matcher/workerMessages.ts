/** What the engine and its worker threads say to each other. All of it can be cloned; memories are shared. */
import type { KernelName } from './kernelFile.ts'
import type { Pass, PassPart } from './passJob.ts'

export interface WorkerSetup {
  /** 1 or more; each thread has scratch of its own in every bank. */
  readonly thread: number
  readonly threads: number
  readonly kernelName: KernelName
  readonly module: WebAssembly.Module
  readonly bankBytesMax: number
  /** Word 0 changes whenever there is something to read at the port: the thread sleeps on it. */
  readonly bell: Int32Array
  readonly port: import('node:worker_threads').MessagePort
}

export type ToWorker =
  | { readonly kind: 'bank'; readonly gallery: number; readonly dimension: number; readonly memory: WebAssembly.Memory }
  | { readonly kind: 'drop'; readonly gallery: number }
  | { readonly kind: 'pass'; readonly job: number; readonly gallery: number; readonly pass: Pass }
  | { readonly kind: 'stream'; readonly job: number; readonly gallery: number; readonly slots: number; readonly shared: Int32Array }
  | { readonly kind: 'end' }

export type FromWorker = { readonly kind: 'up' } | { readonly kind: 'done'; readonly job: number; readonly part: PassPart | null }
