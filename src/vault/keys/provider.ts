/**
 * Where a root key comes from. A provider keeps or wraps it; the header keeps the provider's record.
 *
 * A further provider (a PKCS#11 token, say) is one more record here and one more line in keys/providers.ts: its record
 * names the token and the key on it and carries the root key wrapped by that key; create and open ask the token to wrap
 * and unwrap; what a person has to give (a PIN) comes in with KeyMaterial.
 */
import { z } from 'zod'
import type { RandomSource } from '../random.ts'

const base64 = (bytes: number) =>
  z.string().refine((text) => {
    const decoded = Buffer.from(text, 'base64')
    return decoded.length === bytes && decoded.toString('base64') === text
  }, `base64 of ${bytes} bytes`)

/** Bytes of every key of the vault. */
export const keyBytes = 32

/**
 * Limits of what is accepted from a header, so that a doctored one cannot exhaust the machine:
 * at most 1 GiB of memory and 16 passes.
 */
const Kdf = z.strictObject({
  algorithm: z.literal('argon2id'),
  memoryKiB: z
    .number()
    .int()
    .min(8 * 1024)
    .max(1024 * 1024),
  passes: z.number().int().min(1).max(16),
  parallelism: z.number().int().min(1).max(8),
  salt: base64(16),
})
export type Kdf = z.infer<typeof Kdf>

/** A root key as it stands in the header: sealed, with a check that tells a wrong key from damage. */
export const WrappedRootKey = {
  check: base64(32),
  wrappedRootKey: z.strictObject({ algorithm: z.string().max(20), nonce: base64(12), sealed: base64(keyBytes), tag: base64(16) }),
}
const Wrapped = z.strictObject(WrappedRootKey)
export type WrappedRootKey = z.infer<typeof Wrapped>

/** What the header keeps of a provider; another provider adds a row. */
export const KeyRecord = z.discriminatedUnion('provider', [
  z.strictObject({ provider: z.literal('keychain') }),
  z.strictObject({ provider: z.literal('passphrase'), kdf: Kdf, ...WrappedRootKey }),
  z.strictObject({
    provider: z.literal('keychain+passphrase'),
    kdf: Kdf,
    /** Names the entry of the keychain: each wrapping has one of its own, so that a new one leaves the old one working. */
    entry: z.uuid(),
    ...WrappedRootKey,
  }),
])
export type KeyRecord = z.infer<typeof KeyRecord>
export type RecordOf<Name extends KeyRecord['provider']> = Extract<KeyRecord, { provider: Name }>

export const Base64Digest = base64(32)
/** The salt of a page key. */
export const Base64Salt = base64(keyBytes)

/** What a person gives to open a vault; undefined where nobody gave one. */
export interface KeyMaterial {
  readonly passphrase?: string | undefined
}

/** A provider of one vault's root key. */
export interface KeyProvider {
  /** Keeps a root key. @returns what the header has to carry */
  create(vaultId: string, rootKey: Buffer, random: RandomSource): Promise<KeyRecord>
  /**
   * @returns the root key in a buffer of its own, which the caller zeroes
   * @throws vault.locked, vault.wrongKey, key.missing, keychain.unavailable, keychain.locked, vault.damaged
   */
  open(vaultId: string, record: KeyRecord): Promise<Buffer>
  /** Takes back what create kept: after an init that failed, or when another provider has taken over. */
  discard(vaultId: string, record?: KeyRecord): Promise<void>
}
