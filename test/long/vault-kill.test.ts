import { it } from 'vitest'
import { killRounds } from '../fault/killRounds.ts'

const rounds = Number(process.env.VULTUS_ROUNDS ?? 500)
const seed = Number(process.env.VULTUS_SEED ?? 11)

it(`all that was acknowledged outlives ${rounds} kills (seed ${seed})`, async () => {
  await killRounds(rounds, seed)
}, 3_600_000)
