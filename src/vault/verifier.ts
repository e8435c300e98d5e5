/** Verifiers of passwords and PINs: Argon2id of the secret; what it cost is kept beside it, so that it can grow. */
import { timingSafeEqual } from 'node:crypto'
import { newKdf } from './keys/kdf.ts'
import { deriveFromPassphrase } from './keys/passphrase.ts'
import type { Kdf } from './keys/provider.ts'
import type { RandomSource } from './random.ts'

export interface Verifier {
  readonly kdf: Kdf
  /** 32 bytes. */
  readonly hash: Buffer
}

/** A verifier of a new secret. */
export async function makeVerifier(secret: string, random: RandomSource): Promise<Verifier> {
  const kdf = newKdf(random)
  return { kdf, hash: await deriveFromPassphrase(secret, kdf) }
}

/** A verifier that no secret matches and that costs as much as any: for names that nobody has. */
export function dummyVerifier(random: RandomSource): Verifier {
  return { kdf: newKdf(random), hash: random(32) }
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
