/** Verifiers of passwords and PINs: Argon2id of the secret; what it cost is kept beside it, so that it can grow. */
import { timingSafeEqual } from 'node:crypto'
import { deriveFromPassphrase } from './keys/passphrase.ts'
import type { Kdf } from './keys/provider.ts'
import type { RandomSource } from './random.ts'

/** As for the passphrase of a vault: above the second recommendation of RFC 9106; about 0.2 s. */
const cost = { memoryKiB: 64 * 1024, passes: 3, parallelism: 1 } as const
const saltBytes = 16

export interface Verifier {
  readonly kdf: Kdf
  /** 32 bytes. */
  readonly hash: Buffer
}

/** A verifier of a new secret. */
export async function makeVerifier(secret: string, random: RandomSource): Promise<Verifier> {
  const kdf: Kdf = { algorithm: 'argon2id', ...cost, salt: random(saltBytes).toString('base64') }
  return { kdf, hash: await deriveFromPassphrase(secret, kdf) }
}

/** A verifier that no secret matches and that costs as much as any: for names that nobody has. */
export function dummyVerifier(random: RandomSource): Verifier {
  return { kdf: { algorithm: 'argon2id', ...cost, salt: random(saltBytes).toString('base64') }, hash: random(32) }
}

/** Whether the secret is the one of the verifier, in a time that does not tell where they differ. Zeroes the verifier's hash. */
export async function isRight(secret: string, { kdf, hash }: Verifier): Promise<boolean> {
  const derived = await deriveFromPassphrase(secret, kdf)
  try {
    return timingSafeEqual(derived, hash)
  } finally {
    derived.fill(0)
    hash.fill(0)
  }
}
