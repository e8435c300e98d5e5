import { expect, it } from 'vitest'
import { corruptionRounds } from './corruptionRounds.ts'

const rounds = Number(process.env.VULTUS_ROUNDS ?? 300)
const seed = Number(process.env.VULTUS_SEED ?? 20_310_506)

it(`every one of ${rounds} corruptions is named or harmless (seed ${seed})`, async () => {
  const ends = await corruptionRounds(rounds, seed)
  // The rounds do harm: most of them are noticed.
  expect(ends.refused + ends.named).toBeGreaterThan(rounds / 2)
}, 600_000)
