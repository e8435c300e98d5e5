/**
 * What the networks are computed with. The processor is what a station begins with; whatever else the runtime brings is tried in a
 * process that may end, and taken where it gives the same templates clearly faster. A device that ends the face process later is not
 * used again until the station starts anew.
 */
import { VultusError } from '../contract/errors.ts'
import type { FaceFunctions, PackFolders } from '../contract/processes.ts'
import type { OutputOf } from '../contract/table.ts'
import type { InferenceProvider } from '../contract/types.ts'
import type { FaceCalls } from './facePool.ts'

/** The templates of both have to agree so far: rounding is allowed, another face is not. */
const comparisonScoreMin = 0.9999
/** Time on the processor over time by the provider. */
const speedUpMin = 1.3

type Tried = OutputOf<'status.get'>['inference']['tried'][number]

export interface ProviderChoiceOptions {
  /** Runs something with a process that may end. */
  readonly inThrowAway: <T>(work: (face: FaceCalls) => Promise<T>) => Promise<T>
  readonly folders: () => PackFolders
  readonly log: (line: string) => void
}

export class ProviderChoice {
  readonly #options: ProviderChoiceOptions
  readonly #refused = new Set<InferenceProvider>()
  readonly #tried = new Map<InferenceProvider, Tried>()
  #chosen: { readonly packId: string; readonly provider: InferenceProvider } | undefined

  constructor(options: ProviderChoiceOptions) {
    this.#options = options
  }

  get tried(): Tried[] {
    return [...this.#tried.values()]
  }

  /** What to load a pack with. */
  for(packId: string): InferenceProvider {
    return this.#chosen?.packId === packId ? this.#chosen.provider : 'cpu'
  }

  /** The process has ended while it worked with what was chosen. */
  refuse(): void {
    if (this.#chosen === undefined || this.#chosen.provider === 'cpu') return
    const { provider } = this.#chosen
    this.#refused.add(provider)
    this.#tried.set(provider, { provider, outcome: 'ended', speedUp: null })
    this.#chosen = undefined
    this.#options.log(`face: ${provider} is not used any more`)
  }

  /** Tries what there is with a pack. @param known what the runtime brings @returns the fastest that agrees */
  async choose(packId: string, known: Awaited<ReturnType<FaceCalls['providers']>>): Promise<InferenceProvider> {
    for (const provider of known) {
      if (provider === 'cpu' || this.#refused.has(provider)) continue
      const tried = await this.#try(packId, provider)
      this.#tried.set(provider, tried)
      this.#options.log(`face: ${provider}: ${tried.outcome}${tried.speedUp === null ? '' : `, ${tried.speedUp} times as fast`}`)
      if (tried.outcome !== 'used') continue
      this.#chosen = { packId, provider }
      return provider
    }
    this.#chosen = { packId, provider: 'cpu' }
    return 'cpu'
  }

  async #try(packId: string, provider: InferenceProvider): Promise<Tried> {
    const asked: Parameters<FaceFunctions['tryProvider']>[0] = { ...this.#options.folders(), packId, provider }
    try {
      const { comparisonScore, cpuMs, providerMs } = await this.#options.inThrowAway((face) => face.tryProvider(asked))
      const speedUp = Math.round((cpuMs / providerMs) * 100) / 100
      const agrees = comparisonScore >= comparisonScoreMin
      return { provider, outcome: !agrees ? 'differs' : speedUp < speedUpMin ? 'slower' : 'used', speedUp }
    } catch (error) {
      if (!(error instanceof VultusError)) throw error
      return { provider, outcome: error.code === 'process.restarted' ? 'ended' : 'unavailable', speedUp: null }
    }
  }
}
