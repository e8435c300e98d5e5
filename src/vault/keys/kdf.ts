/** What deriving a key from a passphrase, a password or a PIN costs. */
import type { RandomSource } from '../random.ts'
import type { Kdf } from './provider.ts'

/** Above the second recommendation of RFC 9106 by memory at the same passes; about 0.2 s. */
const cost = { memoryKiB: 64 * 1024, passes: 3, parallelism: 1 } as const
const saltBytes = 16

/** The cost of new derivations, with a salt of its own. It is kept beside what was derived, so that it can grow. */
export function newKdf(random: RandomSource): Kdf {
  return { algorithm: 'argon2id', ...cost, salt: random(saltBytes).toString('base64') }
}
