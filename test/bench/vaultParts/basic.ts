import { dimension } from './data.ts'
import { type Kind, type Measured, measured, type Time, timeOf } from './measure.ts'
import type { BatchOf, Store } from './stores.ts'

const warmUp = 20
const stores = 300
const retrievals = 2_000
const batchWarmUp = 10
const batches = 15
const rowsPerBatch = 1_000
const batchLimits: Readonly<Record<BatchOf, number | undefined>> = { templates: 50, subjects: undefined, 'named subjects': undefined }

/**
 * Stores, retrievals and batches of each kind in turns, so that a noisy machine is as noisy for all.
 * @param where appended to what is told
 */
export function basicSpeed(kinds: Readonly<Record<Kind, Store>>, where: string): Measured[] {
  const results: Measured[] = []
  // A vault that is kept between runs has the ids of the runs before.
  const run = Date.now().toString(36)
  const each = (what: string, warmUps: number, runs: number, limitMs: number | undefined, take: (store: Store, round: number) => Time) => {
    const times: Record<Kind, Time[]> = { vault: [], plain: [] }
    for (let round = 0; round < runs + warmUps; round++) {
      for (const kind of ['vault', 'plain'] as const) {
        const time = take(kinds[kind], round)
        if (round >= warmUps) times[kind].push(time)
      }
    }
    results.push(measured(`${what}${where}`, 'vault', times.vault, limitMs), measured(`${what}${where}`, 'plain', times.plain))
  }
  each('store a template durably', warmUp, stores, 5, (store, round) => timeOf(() => store.store(`S-${run}-${round}`, round)))
  each('retrieve it', warmUp, retrievals, 2, (store, round) =>
    timeOf(() => {
      if (store.retrieve(`S-${run}-${(round * 37) % stores}`) !== dimension) throw new Error('The template is not what was stored')
    }),
  )
  for (const content of ['templates', 'subjects', 'named subjects'] as const) {
    each(`batch: ${rowsPerBatch} ${content}`, batchWarmUp, batches, batchLimits[content], (store, round) =>
      timeOf(store.batchOf(content, `${run}-${content[0]}`, round * rowsPerBatch, rowsPerBatch)),
    )
  }
  return results
}
