import { expect, it } from 'vitest'
import { corruptionRounds } from '../fault/corruptionRounds.ts'
import { roundsOf, seedOf } from '../fault/rounds.ts'

const rounds = roundsOf(5_000)
const seed = seedOf(7)

it(`every one of ${rounds} corruptions is named or harmless (seed ${seed})`, async () => {
  const ends = await corruptionRounds(rounds, seed)
  expect(ends.refused + ends.named).toBeGreaterThan(rounds / 2)
}, 3_600_000)
