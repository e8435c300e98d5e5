/** What the inference runtime can compute with on this machine, and whether that gives the same templates faster. */
import { existsSync } from 'node:fs'
import ort from 'onnxruntime-node'
import type { PackFolders, ProviderTrial } from '../contract/processes.ts'
import { InferenceProvider } from '../contract/types.ts'
import { comparisonScore } from '../core/comparison.ts'
import { drawPortrait } from './drawing.ts'
import { runtimesHere } from './inference/here.ts'
import { usualLoad } from './inference/runtime.ts'
import { templateIn } from './looking.ts'
import { openPack } from './packs.ts'
import { medianTimings, StageClock } from './stages.ts'

const runs = 5

/** Where Linux shows its graphics cards; without one a try would only fill the log with what the driver says. */
const linuxCards = '/dev/dri'

/** Providers that the runtime brings with it here, cpu last. What it would have to load from elsewhere is not tried. */
export function providersHere(): InferenceProvider[] {
  if (process.platform === 'linux' && !existsSync(linuxCards)) return ['cpu']
  const bundled = new Set(
    ort
      .listSupportedBackends()
      .filter(({ bundled }) => bundled)
      .map(({ name }) => name),
  )
  const faster = InferenceProvider.options.filter((provider) => provider !== 'cpu' && bundled.has(provider))
  return [...faster, 'cpu']
}

/**
 * Looks at the same drawn face on the processor and by the provider.
 * @throws VultusError model.loadFailed where there is no such device, and what looking at a picture throws
 */
export async function tryProvider(
  { packsFolder, importedFolder, packId, provider }: PackFolders & { packId: string; provider: InferenceProvider },
  nowMs: () => number,
): Promise<ProviderTrial> {
  const picture = await drawPortrait(0, 1)
  const lookedAt = async (by: InferenceProvider) => {
    const pack = await openPack(packsFolder, packId, importedFolder, runtimesHere({ ...usualLoad, provider: by }))
    const { template } = await templateIn(pack, picture, new StageClock(nowMs))
    const timings = []
    for (let run = 0; run < runs; run++) {
      const clock = new StageClock(nowMs)
      await templateIn(pack, picture, clock)
      timings.push(clock.timings())
    }
    return { template, ms: medianTimings(timings).totalMs }
  }
  const beside = await lookedAt(provider)
  const usual = await lookedAt('cpu')
  return { comparisonScore: comparisonScore(usual.template, beside.template), cpuMs: usual.ms, providerMs: beside.ms }
}
