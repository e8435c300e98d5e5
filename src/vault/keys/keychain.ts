/**
 * Root keys in the keychain of the operating system: Secret Service on Linux, Keychain on macOS, Credential Manager on
 * Windows. One entry for each vault id. On Linux the store is pinned: without that the library falls back to the kernel's
 * keyring, which forgets at restart.
 */
import { Entry } from '@napi-rs/keyring'
import { VultusError } from '../../contract/errors.ts'
import { sameBytes } from '../ciphers.ts'
import { type KeyProvider, keyBytes } from './provider.ts'

const service = 'Vultus'
const accountOf = (vaultId: string) => `vault ${vaultId}`

/** The library gives every failure the same code; only its message tells a locked store from one that is not there. */
const lockedMessage = /locked|prompt was dismissed|dismissed|cancell?ed|user interaction is not allowed/i

function refusalOf(error: unknown): VultusError {
  const message = error instanceof Error ? error.message : ''
  return new VultusError(lockedMessage.test(message) ? 'keychain.locked' : 'keychain.unavailable', undefined, { cause: error })
}

function withEntry<T>(account: string, run: (entry: Entry) => T): T {
  try {
    return run(new Entry(service, account, { linux: { store: 'secret-service' } }))
  } catch (error) {
    throw refusalOf(error)
  }
}

function read(account: string): Buffer | undefined {
  const numbers = withEntry(account, (entry) => entry.getSecret())
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

/** Keeps a secret under an account. @throws keychain.unavailable, also where the store does not keep what it accepted; keychain.locked */
export function keepSecret(account: string, secret: Buffer): void {
  withEntry(account, (entry) => entry.setSecret(secret))
  // Some stores accept what they do not keep: a key that cannot be read back now is a vault that never opens again.
  const kept = read(account)
  const same = kept !== undefined && sameBytes(kept, secret)
  kept?.fill(0)
  if (!same) throw new VultusError('keychain.unavailable', 'the keychain did not keep the key')
}

/** The secret of an account, 32 bytes in a buffer of its own. @throws key.missing, vault.wrongKey, keychain.unavailable, keychain.locked */
export function secretOf(account: string): Buffer {
  const secret = read(account)
  if (secret === undefined) throw new VultusError('key.missing')
  if (secret.length !== keyBytes) {
    secret.fill(0)
    throw new VultusError('vault.wrongKey')
  }
  return secret
}

export function forgetSecret(account: string): void {
  withEntry(account, (entry) => entry.deleteCredential())
}

export const keychainProvider: KeyProvider = {
  async create(vaultId, rootKey) {
    keepSecret(accountOf(vaultId), rootKey)
    return { provider: 'keychain' }
  },
  async open(vaultId) {
    return secretOf(accountOf(vaultId))
  },
  async discard(vaultId) {
    forgetSecret(accountOf(vaultId))
  },
}
