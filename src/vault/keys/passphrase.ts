/**
 * Root keys behind a passphrase: Argon2id makes a key-encryption key of it, which wraps a random root key. So the
 * passphrase can change without touching the database.
 */
import { hashRaw } from '@node-rs/argon2'
import { VultusError } from '../../contract/errors.ts'
import { canonicalJson } from '../canonical.ts'
import type { Place } from '../seal.ts'
import { newKdf } from './kdf.ts'
import { type Kdf, type KeyProvider, keyBytes } from './provider.ts'
import { unwrapOrRefuse, wrapRootKey } from './wrapping.ts'

export const passphraseCharactersMin = 12
const passphraseCharactersMax = 1024
/** Argon2id as @node-rs/argon2 numbers it; its constant is a const enum, which single-file compilers cannot read. */
const argon2id = 2

/**
 * Argon2id, version 1.3.
 * @param passphrase normalised (NFKC), so that keyboards which compose letters differently give the same key
 * @returns 32 bytes
 */
export function deriveFromPassphrase(passphrase: string, kdf: Kdf): Promise<Buffer> {
  return hashRaw(passphrase.normalize('NFKC'), {
    algorithm: argon2id,
    memoryCost: kdf.memoryKiB,
    timeCost: kdf.passes,
    parallelism: kdf.parallelism,
    outputLen: keyBytes,
    salt: Buffer.from(kdf.salt, 'base64'),
  })
}

const checkLabel = (vaultId: string) => `vultus/1/passphrase check/${vaultId}`
const placeOf = (vaultId: string, kdf: Kdf): Place => ['header', 'wrappedRootKey', vaultId, canonicalJson(kdf)]

/** @throws vault.passphraseWeak below 12 characters (code points) or above 1024 */
export function assertStrongPassphrase(passphrase: string | undefined): asserts passphrase is string {
  const characters = passphrase === undefined ? 0 : [...passphrase.normalize('NFKC')].length
  if (characters < passphraseCharactersMin) throw new VultusError('vault.passphraseWeak')
  if (characters > passphraseCharactersMax) {
    throw new VultusError('vault.passphraseWeak', `a passphrase has at most ${passphraseCharactersMax} characters`)
  }
}

/** @throws vault.locked where nobody gave one, vault.wrongKey for one that no vault has */
export function assertPossiblePassphrase(passphrase: string | undefined): asserts passphrase is string {
  if (passphrase === undefined) throw new VultusError('vault.locked')
  if (passphrase.length > passphraseCharactersMax * 2) throw new VultusError('vault.wrongKey')
}

/** @param passphrase undefined where nobody gave one: such a vault stays locked */
export function passphraseProvider(passphrase: string | undefined): KeyProvider {
  return {
    async create(vaultId, rootKey, random) {
      assertStrongPassphrase(passphrase)
      const kdf = newKdf(random)
      const encryptionKey = await deriveFromPassphrase(passphrase, kdf)
      return { provider: 'passphrase', kdf, ...wrapRootKey(encryptionKey, checkLabel(vaultId), placeOf(vaultId, kdf), rootKey, random) }
    },
    async open(vaultId, record) {
      if (record.provider !== 'passphrase') throw new TypeError('The record is not of a passphrase')
      assertPossiblePassphrase(passphrase)
      const encryptionKey = await deriveFromPassphrase(passphrase, record.kdf)
      return unwrapOrRefuse(encryptionKey, checkLabel(vaultId), placeOf(vaultId, record.kdf), record)
    },
    async discard() {},
  }
}
