/** Where a root key comes from. A provider keeps or wraps it; the header keeps the provider's record. */
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

/** What the header keeps of a provider; another provider adds a row. */
export const KeyRecord = z.discriminatedUnion('provider', [
  z.strictObject({ provider: z.literal('keychain') }),
  z.strictObject({
    provider: z.literal('passphrase'),
    kdf: Kdf,
    /** Tells a wrong passphrase from a damaged wrapped key. */
    check: base64(32),
    wrappedRootKey: z.strictObject({ algorithm: z.string().max(20), nonce: base64(12), sealed: base64(keyBytes), tag: base64(16) }),
  }),
])
export type KeyRecord = z.infer<typeof KeyRecord>
export type PassphraseRecord = Extract<KeyRecord, { provider: 'passphrase' }>

export const Base64Digest = base64(32)

/** A provider of one vault's root key. */
export interface KeyProvider {
  /** Keeps a new vault's root key. @returns what the header has to carry */
  create(vaultId: string, rootKey: Buffer, random: RandomSource): Promise<KeyRecord>
  /**
   * @returns the root key in a buffer of its own, which the caller zeroes
   * @throws vault.locked, vault.wrongKey, key.missing, keychain.unavailable, keychain.locked, vault.damaged
   */
  open(vaultId: string, record: KeyRecord): Promise<Buffer>
  /** Takes back what create kept, after an init that failed. */
  discard(vaultId: string): Promise<void>
}
