/** Where networks run: in this thread, or in one beside it. */
import { threadsPerRun } from '../../contract/processes.ts'
import type { InferenceProvider } from '../../contract/types.ts'
import type { NetworkOutput } from '../families/detection.ts'
import type { ModelFile } from './modelFile.ts'

export interface LoadOptions {
  readonly provider: InferenceProvider
  /** Threads that one run is spread over. */
  readonly threads: number
}

export const usualLoad: LoadOptions = { provider: 'cpu', threads: threadsPerRun }

/** A network that is loaded. */
export interface LoadedNetwork {
  /** How many pictures one run takes, where the graph fixes it; undefined where it takes any number. */
  readonly batch: number | undefined
  /** Runs the network. The values are taken over and overwritten: the caller uses them no more. @throws VultusError inference.failed, resource.exhausted */
  run(values: Float32Array<ArrayBuffer>, shape: readonly number[]): Promise<NetworkOutput[]>
  release(): Promise<void>
  /** Whether its thread has ended: it has to be loaded again. */
  readonly gone?: boolean
}

export interface Runtime {
  /** Loads a network. @throws VultusError model.missing, model.invalid, model.loadFailed */
  load(file: ModelFile): Promise<LoadedNetwork>
  /** Holds a file against its checksum. @throws VultusError model.missing, model.invalid */
  check(file: ModelFile): Promise<void>
}

/** Where the networks of a pack run: those that every frame needs apart from those that a template needs. */
export interface PackRuntimes {
  readonly frames: Runtime
  readonly templates: Runtime
}
