import { describe, expect, it } from 'vitest'
import { VultusError } from '../../../src/contract/errors.ts'
import type { ProviderTrial } from '../../../src/contract/processes.ts'
import type { FaceCalls } from '../../../src/station/facePool.ts'
import { ProviderChoice } from '../../../src/station/providerChoice.ts'

/** @param trials what becomes of a try of each provider */
function choice(trials: Readonly<Record<string, ProviderTrial | VultusError>>) {
  const asked: string[] = []
  const made = new ProviderChoice({
    inThrowAway: async (work) =>
      await work({
        tryProvider: async ({ provider }: { provider: string }) => {
          asked.push(provider)
          const trial = trials[provider]
          if (trial instanceof VultusError) throw trial
          return trial
        },
      } as unknown as FaceCalls),
    folders: () => ({ packsFolder: '' }),
    log: () => undefined,
  })
  return { made, asked }
}

const fast: ProviderTrial = { comparisonScore: 0.99999, cpuMs: 30, providerMs: 10 }

describe('what the networks are computed with', () => {
  it('is the processor until something else was tried, and where nothing else is there', async () => {
    const { made, asked } = choice({})
    expect(made.for('starter')).toBe('cpu')
    expect(await made.choose('starter', ['cpu'])).toBe('cpu')
    expect([asked, made.tried]).toEqual([[], []])
  })

  it('is the first that gives the same templates clearly faster; of others it is said why not', async () => {
    const { made } = choice({
      cuda: new VultusError('model.loadFailed'),
      dml: { ...fast, comparisonScore: 0.98 },
      coreml: { ...fast, providerMs: 25 },
      webgpu: fast,
    })
    expect(await made.choose('starter', ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'])).toBe('webgpu')
    expect(made.tried).toEqual([
      { provider: 'cuda', outcome: 'unavailable', speedUp: null },
      { provider: 'dml', outcome: 'differs', speedUp: 3 },
      { provider: 'coreml', outcome: 'slower', speedUp: 1.2 },
      { provider: 'webgpu', outcome: 'used', speedUp: 3 },
    ])
    expect([made.for('starter'), made.for('another')]).toEqual(['webgpu', 'cpu'])
  })

  it('falls back to the processor where the try ends its process, and for good where the work ended it', async () => {
    const ended = choice({ webgpu: new VultusError('process.restarted') })
    expect(await ended.made.choose('starter', ['webgpu', 'cpu'])).toBe('cpu')
    expect(ended.made.tried[0]?.outcome).toBe('ended')
    const { made, asked } = choice({ webgpu: fast })
    await made.choose('starter', ['webgpu', 'cpu'])
    made.refuse()
    expect([made.for('starter'), made.tried[0]?.outcome]).toEqual(['cpu', 'ended'])
    expect(await made.choose('starter', ['webgpu', 'cpu'])).toBe('cpu')
    expect(asked).toEqual(['webgpu'])
  })

  it('lets a bug be seen', async () => {
    const made = new ProviderChoice({
      inThrowAway: () => Promise.reject(new TypeError('bug')),
      folders: () => ({ packsFolder: '' }),
      log: () => undefined,
    })
    await expect(made.choose('starter', ['webgpu', 'cpu'])).rejects.toThrow('bug')
  })
})
