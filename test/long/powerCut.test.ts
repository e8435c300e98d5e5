import { expect, it } from 'vitest'
import { builtShim } from '../fault/powerCut/build.ts'
import { roundsOf, seedOf } from '../fault/rounds.ts'
import { focuses } from '../fault/work.ts'
import { workRounds } from '../fault/workRounds.ts'

const rounds = roundsOf(300)
const seed = seedOf(13)
const shim = builtShim()

it.skipIf(shim === undefined)(
  `a power cut takes nothing that was acknowledged, ${rounds} times (seed ${seed}; needs gcc, Linux)`,
  async () => {
    const { hits, lost } = await workRounds({ rounds, seed, shim })
    for (const focus of focuses) expect(`${focus} ${(hits.get(focus) ?? 0) > 0}`).toBe(`${focus} true`)
    expect(lost.writes).toBeGreaterThan(rounds / 2)
  },
  3_600_000,
)
