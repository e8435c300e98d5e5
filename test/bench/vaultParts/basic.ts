import { dimension } from './data.ts'
import { type Measured, measured, timeMs } from './measure.ts'
import type { Store } from './stores.ts'

const warmUp = 20
const stores = 300
const retrievals = 2_000
const batches = 11
const rowsPerBatch = 1_000
const limits = { store: 5, retrieve: 2, batch: 50 }

/** Stores, retrievals and batches of each kind in turns, so that a noisy machine is as noisy for all. */
export function basicSpeed(kinds: Readonly<Record<string, Store>>): Measured[] {
  const names = Object.keys(kinds)
  const times = Object.fromEntries(
    names.map((name) => [name, { store: [], retrieve: [], batch: [] } as Record<keyof typeof limits, number[]>]),
  )
  const each = (what: keyof typeof limits, runs: number, run: (store: Store, round: number) => void) => {
    for (let round = 0; round < runs + warmUp; round++) {
      for (const name of names) {
        const ms = timeMs(() => run(kinds[name] as Store, round))
        if (round >= warmUp) times[name]?.[what].push(ms)
      }
    }
  }
  each('store', stores, (store, round) => store.store(`S-${round}`, round))
  each('retrieve', retrievals, (store, round) => {
    if (store.retrieve(`S-${(round * 37) % stores}`) !== dimension) throw new Error('The template is not what was stored')
  })
  each('batch', batches, (store, round) => store.storeBatch(round * rowsPerBatch, rowsPerBatch))
  const titles = { store: 'store 2 KiB durably', retrieve: 'retrieve it', batch: `batch of ${rowsPerBatch}` }
  return (['store', 'retrieve', 'batch'] as const).flatMap((what) =>
    names.map((name) => measured(titles[what], name, times[name]?.[what] ?? [], name === 'vault' ? limits[what] : undefined)),
  )
}
