import { expect, it } from 'vitest'
import { roundsOf, seedOf } from '../fault/rounds.ts'
import { focuses } from '../fault/work.ts'
import { workRounds } from '../fault/workRounds.ts'

const rounds = roundsOf(500)
const seed = seedOf(11)

it(`all that was acknowledged outlives ${rounds} kills (seed ${seed})`, async () => {
  const { hits } = await workRounds({ rounds, seed })
  for (const focus of focuses) expect(`${focus} ${(hits.get(focus) ?? 0) > 0}`).toBe(`${focus} true`)
}, 3_600_000)
