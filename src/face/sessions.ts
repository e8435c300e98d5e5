/** Runs networks. The mathematics of each model is in families/; here are only files, the runtime and its failures. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import ort from 'onnxruntime-node'
import { VultusError } from '../contract/errors.ts'
import type { NetworkOutput } from './families/detection.ts'
import { collectGarbage } from './memory.ts'

const loadOptions: ort.InferenceSession.SessionOptions = {
  // One thread each: spinning helpers of the runtime fight the JavaScript thread, and frames and calls run side by side anyway.
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
}

/** How long a network that was replaced stays loaded after its last run; two runs of one frame lie a tenth of that apart. */
const retiredKeptMs = 500

/** A model file as the manifest names it. */
export interface ModelFile {
  readonly path: string
  readonly sha256: string
  readonly bytes: number
}

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
const isOutOfMemory = (error: unknown) =>
  error instanceof Error && /bad_alloc|out of memory|unable to allocate|failed to allocate|allocation failed/i.test(error.message)

/**
 * Reads a model file and holds it against its checksum.
 * @throws VultusError model.missing, model.invalid
 */
export async function readModel(file: ModelFile): Promise<Uint8Array> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file.path)
  } catch (error) {
    throw new VultusError(isMissing(error) ? 'model.missing' : 'model.invalid', undefined, { cause: error })
  }
  if (bytes.length !== file.bytes || createHash('sha256').update(bytes).digest('hex') !== file.sha256)
    throw new VultusError('model.invalid')
  return bytes
}

/** A network of one input that is loaded when it is first run. */
export class Network {
  readonly #file: ModelFile
  #session: Promise<ort.InferenceSession> | undefined
  #running = 0
  #retired = false
  #timer: NodeJS.Timeout | undefined

  constructor(file: ModelFile) {
    this.#file = file
  }

  /** Loads the network now. @throws VultusError model.missing, model.invalid, model.loadFailed */
  async load(): Promise<ort.InferenceSession> {
    this.#session ??= this.#create()
    try {
      return await this.#session
    } catch (error) {
      // The next call tries again: a file may have been put back.
      this.#session = undefined
      throw error
    }
  }

  async #create(): Promise<ort.InferenceSession> {
    try {
      const session = await ort.InferenceSession.create(await readModel(this.#file), loadOptions)
      collectGarbage()
      if (session.inputNames.length !== 1) throw new Error(`${session.inputNames.length} inputs`)
      return session
    } catch (error) {
      if (error instanceof VultusError) throw error
      throw new VultusError('model.loadFailed', undefined, { cause: error })
    }
  }

  /** How many pictures one run takes, where the graph fixes it; undefined where it takes any number. */
  async batch(): Promise<number | undefined> {
    const input = (await this.load()).inputMetadata[0]
    const first = input?.isTensor === true ? input.shape[0] : undefined
    return typeof first === 'number' && first > 0 ? first : undefined
  }

  /**
   * @returns the outputs in the order of the graph as plain arrays, all finite
   * @throws VultusError inference.failed, resource.exhausted, and what load throws
   */
  async run(values: Float32Array, shape: readonly number[]): Promise<Float32Array[]> {
    return (await this.runShaped(values, shape)).map(({ data }) => data)
  }

  /** As run, with the dimensions of each output. */
  async runShaped(values: Float32Array, shape: readonly number[]): Promise<NetworkOutput[]> {
    const session = await this.load()
    this.#running++
    try {
      const outputs = await session.run({ [session.inputNames[0]!]: new ort.Tensor('float32', values, [...shape]) })
      return session.outputNames.map((name) => outputOf(outputs[name]))
    } catch (error) {
      if (error instanceof VultusError) throw error
      throw new VultusError(isOutOfMemory(error) ? 'resource.exhausted' : 'inference.failed', undefined, { cause: error })
    } finally {
      this.#running--
      if (this.#retired) this.#releaseSoon()
    }
  }

  /**
   * Gives the memory back once nobody runs it any more. A frame that was begun with this network is finished with it: between two
   * of its runs the network stays loaded for a while, and is loaded again where that was too short.
   */
  retire(): void {
    this.#retired = true
    this.#releaseSoon()
  }

  /** Gives the memory back now; the next run loads the network again. */
  async release(): Promise<void> {
    const session = this.#session
    this.#session = undefined
    await (await session?.catch(() => undefined))?.release()
  }

  #releaseSoon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (this.#running > 0) return this.#releaseSoon()
      this.release().catch(() => undefined)
    }, retiredKeptMs)
    this.#timer.unref()
  }
}

function outputOf(value: ort.OnnxValue | undefined): NetworkOutput {
  const data = value?.data
  if (!(data instanceof Float32Array) || !data.every(Number.isFinite))
    throw new VultusError('inference.failed', 'an output is not a finite number')
  return { data, dims: value?.dims ?? [] }
}
