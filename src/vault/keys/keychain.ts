/**
 * Root keys in the keychain of the operating system: Secret Service on Linux, Keychain on macOS, Credential Manager on
 * Windows. One entry for each vault id. On Linux the store is pinned: without that the library falls back to the kernel's
 * keyring, which forgets at restart.
 */
import { timingSafeEqual } from 'node:crypto'
import { Entry } from '@napi-rs/keyring'
import { VultusError } from '../../contract/errors.ts'
import { type KeyProvider, keyBytes } from './provider.ts'

const service = 'Vultus'
const accountOf = (vaultId: string) => `vault ${vaultId}`

/** The library gives every failure the same code; only its message tells a locked store from one that is not there. */
const lockedMessage = /locked|prompt was dismissed|dismissed|cancell?ed|user interaction is not allowed/i

function refusalOf(error: unknown): VultusError {
  const message = error instanceof Error ? error.message : ''
  return new VultusError(lockedMessage.test(message) ? 'keychain.locked' : 'keychain.unavailable', undefined, { cause: error })
}

function withEntry<T>(vaultId: string, run: (entry: Entry) => T): T {
  try {
    return run(new Entry(service, accountOf(vaultId), { linux: { store: 'secret-service' } }))
  } catch (error) {
    throw refusalOf(error)
  }
}

function read(vaultId: string): Buffer | undefined {
  const numbers = withEntry(vaultId, (entry) => entry.getSecret())
  if (numbers === null) return undefined
  const secret = Buffer.from(numbers)
  numbers.fill(0)
  return secret
}

/** Whether this machine has a keychain that answers; it may still be locked. */
export function keychainAvailable(): boolean {
  try {
    withEntry('availability', () => undefined)
    return true
  } catch {
    return false
  }
}

export const keychainProvider: KeyProvider = {
  async create(vaultId, rootKey) {
    withEntry(vaultId, (entry) => entry.setSecret(rootKey))
    // Some stores accept what they do not keep: a key that cannot be read back now is a vault that never opens again.
    const kept = read(vaultId)
    const same = kept !== undefined && kept.length === rootKey.length && timingSafeEqual(kept, rootKey)
    kept?.fill(0)
    if (!same) throw new VultusError('keychain.unavailable', 'the keychain did not keep the key')
    return { provider: 'keychain' }
  },

  async open(vaultId) {
    const secret = read(vaultId)
    if (secret === undefined) throw new VultusError('key.missing')
    if (secret.length !== keyBytes) {
      secret.fill(0)
      throw new VultusError('vault.wrongKey')
    }
    return secret
  },

  async discard(vaultId) {
    withEntry(vaultId, (entry) => entry.deleteCredential())
  },
}
