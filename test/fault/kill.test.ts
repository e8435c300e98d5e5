/** A child that does everything at once is killed at random moments. */
import { expect, it } from 'vitest'
import { roundsOf, seedOf } from './rounds.ts'
import { focuses } from './work.ts'
import { workRounds } from './workRounds.ts'

const rounds = roundsOf(50)
const seed = seedOf(20_310_506)

it(`all that was acknowledged outlives ${rounds} kills (seed ${seed})`, async () => {
  const { hits, acknowledged } = await workRounds({ rounds, seed })
  console.info(`killed in the middle of ${[...hits].map(([kind, count]) => `${kind} ${count}`).join(', ')}; ${acknowledged} acknowledged`)
  for (const focus of focuses) expect(`${focus} ${(hits.get(focus) ?? 0) > 0}`).toBe(`${focus} true`)
  expect(acknowledged).toBeGreaterThan(rounds)
}, 600_000)
