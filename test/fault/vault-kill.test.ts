import { it } from 'vitest'
import { killRounds } from './killRounds.ts'

const rounds = Number(process.env.VULTUS_ROUNDS ?? 50)
const seed = Number(process.env.VULTUS_SEED ?? 20_310_506)

it(`all that was acknowledged outlives ${rounds} kills (seed ${seed})`, async () => {
  await killRounds(rounds, seed)
}, 600_000)
