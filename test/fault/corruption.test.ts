import { expect, it } from 'vitest'
import { corruptionRounds } from './corruptionRounds.ts'
import { roundsOf, seedOf } from './rounds.ts'

const rounds = roundsOf(300)
const seed = seedOf(20_310_506)

it(`every one of ${rounds} corruptions is named or harmless (seed ${seed})`, async () => {
  const ends = await corruptionRounds(rounds, seed)
  // The rounds do harm: most of them are noticed.
  expect(ends.refused + ends.named).toBeGreaterThan(rounds / 2)
}, 600_000)
