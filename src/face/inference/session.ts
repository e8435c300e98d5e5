/** One network in the inference runtime, in whichever thread it was loaded. */
import ort from 'onnxruntime-node'
import { VultusError } from '../../contract/errors.ts'
import type { NetworkOutput } from '../families/detection.ts'
import { collectGarbage } from '../memory.ts'
import { type ModelFile, readModel } from './modelFile.ts'
import type { LoadOptions } from './runtime.ts'

const sessionOptions: ort.InferenceSession.SessionOptions = {
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
}

const isOutOfMemory = (error: unknown) =>
  error instanceof Error && /bad_alloc|out of memory|unable to allocate|failed to allocate|allocation failed/i.test(error.message)

/** A network that is loaded. */
export class Session {
  readonly #session: ort.InferenceSession
  /** How many pictures one run takes, where the graph fixes it; undefined where it takes any number. */
  readonly batch: number | undefined

  private constructor(session: ort.InferenceSession) {
    this.#session = session
    const input = session.inputMetadata[0]
    const tensor = input?.isTensor === true ? input : undefined
    const first = tensor?.shape[0]
    this.batch = typeof first === 'number' && first > 0 ? first : undefined
  }

  /** Reads a model and makes it ready. @throws VultusError model.missing, model.invalid, model.loadFailed */
  static async load(file: ModelFile, { provider, threads }: LoadOptions): Promise<Session> {
    const bytes = await readModel(file)
    try {
      const session = await ort.InferenceSession.create(bytes, {
        ...sessionOptions,
        executionProviders: [provider],
        intraOpNumThreads: threads,
        // Threads that spin while they wait take the processor from the JavaScript beside them.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      })
      collectGarbage()
      if (session.inputNames.length !== 1) throw new Error(`${session.inputNames.length} inputs`)
      return new Session(session)
    } catch (error) {
      throw new VultusError('model.loadFailed', undefined, { cause: error })
    }
  }

  /**
   * Runs the network; the values are overwritten afterwards.
   * @returns the outputs in the order of the graph, all finite
   * @throws VultusError inference.failed, resource.exhausted
   */
  async run(values: Float32Array, shape: readonly number[]): Promise<NetworkOutput[]> {
    const [name] = this.#session.inputNames
    try {
      const outputs = await this.#session.run({ [name!]: new ort.Tensor('float32', values, [...shape]) })
      return this.#session.outputNames.map((output) => outputOf(outputs[output]))
    } catch (error) {
      if (error instanceof VultusError) throw error
      throw new VultusError(isOutOfMemory(error) ? 'resource.exhausted' : 'inference.failed', undefined, { cause: error })
    } finally {
      values.fill(0)
    }
  }

  async release(): Promise<void> {
    await this.#session.release()
  }
}

function outputOf(value: ort.OnnxValue | undefined): NetworkOutput {
  const data = value?.data
  if (!(data instanceof Float32Array) || !isFiniteAll(data)) throw new VultusError('inference.failed', 'an output is not a finite number')
  return { data, dims: value?.dims ?? [] }
}

function isFiniteAll(values: Float32Array): boolean {
  let sum = 0
  // A sum that is finite has finite parts only; adding is cheaper than asking each.
  for (const value of values) sum += value * 0
  return sum === 0
}
