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

/** What a network may take: numbers of single or of half precision. */
const inputTypes = ['float32', 'float16'] as const
type InputType = (typeof inputTypes)[number]

/** A network that is loaded. */
export class Session {
  readonly #session: ort.InferenceSession
  readonly #inputType: InputType
  /** How many pictures one run takes, where the graph fixes it; undefined where it takes any number. */
  readonly batch: number | undefined

  /** @throws Error where it takes something else */
  private constructor(session: ort.InferenceSession) {
    this.#session = session
    const input = session.inputMetadata[0]
    const tensor = input?.isTensor === true ? input : undefined
    const type = inputTypes.find((one) => one === tensor?.type)
    if (type === undefined) throw new Error(`an input of ${tensor?.type ?? 'no tensor'}`)
    this.#inputType = type
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
    const halves = this.#inputType === 'float16' ? new Float16Array(values) : undefined
    try {
      const input = halves === undefined ? new ort.Tensor('float32', values, [...shape]) : halfTensor(halves, shape)
      const outputs = await this.#session.run({ [name!]: input })
      return this.#session.outputNames.map((output) => outputOf(outputs[output]))
    } catch (error) {
      if (error instanceof VultusError) throw error
      throw new VultusError(isOutOfMemory(error) ? 'resource.exhausted' : 'inference.failed', undefined, { cause: error })
    } finally {
      values.fill(0)
      halves?.fill(0)
    }
  }

  async release(): Promise<void> {
    await this.#session.release()
  }
}

/** The runtime's native part takes a Float16Array for an empty one; it reads the same bits as whole numbers. */
function halfTensor(halves: Float16Array, shape: readonly number[]): ort.Tensor {
  const bits = new Uint16Array(halves.buffer, halves.byteOffset, halves.length)
  return Object.defineProperty(new ort.Tensor('float16', bits, [...shape]), 'data', { value: bits })
}

function outputOf(value: ort.OnnxValue | undefined): NetworkOutput {
  const found: unknown = value?.data
  const data = found instanceof Float16Array ? new Float32Array(found) : found
  if (found instanceof Float16Array) found.fill(0)
  if (!(data instanceof Float32Array) || !isFiniteAll(data)) throw new VultusError('inference.failed', 'an output is not a finite number')
  return { data, dims: value?.dims ?? [] }
}

function isFiniteAll(values: Float32Array): boolean {
  let sum = 0
  // A sum that is finite has finite parts only; adding is cheaper than asking each.
  for (const value of values) sum += value * 0
  return sum === 0
}
