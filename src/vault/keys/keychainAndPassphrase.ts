/**
 * Root keys that need both: a random secret in the keychain of this machine and a passphrase. The key-encryption key is
 * derived from the two together (HKDF), so neither alone says anything about the other.
 */
import { canonicalJson } from '../canonical.ts'
import { randomId } from '../random.ts'
import type { Place } from '../seal.ts'
import { hkdf } from './derive.ts'
import { newKdf } from './kdf.ts'
import { forgetSecret, keepSecret, secretOf } from './keychain.ts'
import { assertPossiblePassphrase, assertStrongPassphrase, deriveFromPassphrase } from './passphrase.ts'
import { type Kdf, type KeyProvider, type KeyRecord, keyBytes } from './provider.ts'
import { unwrapOrRefuse, wrapRootKey } from './wrapping.ts'

const accountOf = (vaultId: string, entry: string) => `vault ${vaultId} with passphrase ${entry}`
const checkLabel = (vaultId: string) => `vultus/1/keychain and passphrase check/${vaultId}`
const placeOf = (vaultId: string, kdf: Kdf, entry: string): Place => ['header', 'wrappedRootKey', vaultId, canonicalJson(kdf), entry]

/** @param secret 32 bytes; zeroed here */
async function encryptionKeyOf(secret: Buffer, passphrase: string, kdf: Kdf, vaultId: string): Promise<Buffer> {
  let stretched: Buffer | undefined
  let both: Buffer | undefined
  try {
    stretched = await deriveFromPassphrase(passphrase, kdf)
    both = Buffer.concat([secret, stretched])
    return hkdf(both, vaultId, 'vultus/1/keychain and passphrase')
  } finally {
    secret.fill(0)
    stretched?.fill(0)
    both?.fill(0)
  }
}

/** @param passphrase undefined where nobody gave one: such a vault stays locked */
export function keychainAndPassphraseProvider(passphrase: string | undefined): KeyProvider {
  return {
    async create(vaultId, rootKey, random): Promise<KeyRecord> {
      assertStrongPassphrase(passphrase)
      const entry = randomId(random)
      const secret = random(keyBytes)
      keepSecret(accountOf(vaultId, entry), secret)
      const kdf = newKdf(random)
      const encryptionKey = await encryptionKeyOf(secret, passphrase, kdf, vaultId)
      const wrapped = wrapRootKey(encryptionKey, checkLabel(vaultId), placeOf(vaultId, kdf, entry), rootKey, random)
      return { provider: 'keychain+passphrase', kdf, entry, ...wrapped }
    },
    async open(vaultId, record) {
      if (record.provider !== 'keychain+passphrase') throw new TypeError('The record is not of keychain and passphrase')
      assertPossiblePassphrase(passphrase)
      const { kdf, entry } = record
      const encryptionKey = await encryptionKeyOf(secretOf(accountOf(vaultId, entry)), passphrase, kdf, vaultId)
      return unwrapOrRefuse(encryptionKey, checkLabel(vaultId), placeOf(vaultId, kdf, entry), record)
    },
    async discard(vaultId, record) {
      // Without its record nobody can tell the entry's name; the secret alone opens nothing.
      if (record?.provider === 'keychain+passphrase') forgetSecret(accountOf(vaultId, record.entry))
    },
  }
}
