/** The networks of a pack: loaded when they are first run, given back when they are no longer needed. */
import { VultusError } from '../contract/errors.ts'
import type { NetworkOutput } from './families/detection.ts'
import { runtimeHere } from './inference/here.ts'
import type { ModelFile } from './inference/modelFile.ts'
import type { LoadedNetwork, Runtime } from './inference/runtime.ts'

/** How long a network that was replaced stays loaded after its last run; two runs of one frame lie a tenth of that apart. */
const retiredKeptMs = 500

/** A network of one input that is loaded when it is first run. */
export class Network {
  readonly #file: ModelFile
  readonly #runtime: Runtime
  #loaded: Promise<LoadedNetwork> | undefined
  #running = 0
  #retired = false
  #timer: NodeJS.Timeout | undefined

  constructor(file: ModelFile, runtime: Runtime = runtimeHere()) {
    this.#file = file
    this.#runtime = runtime
  }

  /** Loads the network now. @throws VultusError model.missing, model.invalid, model.loadFailed */
  async load(): Promise<LoadedNetwork> {
    this.#loaded ??= this.#runtime.load(this.#file)
    try {
      return await this.#loaded
    } catch (error) {
      // The next call tries again: a file may have been put back.
      this.#loaded = undefined
      throw error
    }
  }

  /** How many pictures one run takes, where the graph fixes it; undefined where it takes any number. */
  async batch(): Promise<number | undefined> {
    return (await this.load()).batch
  }

  /**
   * Runs the network. The values are taken over and overwritten: the caller uses them no more.
   * @returns the outputs in the order of the graph as plain arrays, all finite
   * @throws VultusError inference.failed, resource.exhausted, and what load throws
   */
  async run(values: Float32Array<ArrayBuffer>, shape: readonly number[]): Promise<Float32Array[]> {
    return (await this.runShaped(values, shape)).map(({ data }) => data)
  }

  /** As run, with the dimensions of each output. */
  async runShaped(values: Float32Array<ArrayBuffer>, shape: readonly number[]): Promise<NetworkOutput[]> {
    const size = shape.reduce((product, side) => product * side, 1)
    if (values.length !== size) throw new VultusError('inference.failed', 'the numbers do not fill the input')
    // Counted before it is loaded, so that it is not given back between loading and running.
    this.#running++
    let network: LoadedNetwork | undefined
    try {
      network = await this.load()
      return await network.run(values, shape)
    } finally {
      if (network?.gone === true) this.#loaded = undefined
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
    const loaded = this.#loaded
    this.#loaded = undefined
    await (await loaded?.catch(() => undefined))?.release()
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
