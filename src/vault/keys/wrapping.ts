/** A root key wrapped by a key-encryption key, as headers carry it. */
import { createHmac, createSecretKey } from 'node:crypto'
import { VultusError } from '../../contract/errors.ts'
import { sameBytes } from '../ciphers.ts'
import type { RandomSource } from '../random.ts'
import { type Place, Sealer, unseal } from '../seal.ts'
import type { WrappedRootKey } from './provider.ts'

const checkOf = (encryptionKey: Buffer, label: string) => createHmac('sha256', encryptionKey).update(label).digest()

/**
 * @param encryptionKey 32 bytes; zeroed here
 * @param checkLabel what the check value is bound to
 * @param place what the wrapped key is bound to
 */
export function wrapRootKey(
  encryptionKey: Buffer,
  checkLabel: string,
  place: Place,
  rootKey: Uint8Array,
  random: RandomSource,
): WrappedRootKey {
  try {
    const { algorithm, nonce, sealed, tag } = new Sealer(random).seal(createSecretKey(encryptionKey), place, rootKey)
    return {
      check: checkOf(encryptionKey, checkLabel).toString('base64'),
      wrappedRootKey: {
        algorithm,
        nonce: nonce.toString('base64'),
        sealed: sealed.toString('base64'),
        tag: tag.toString('base64'),
      },
    }
  } finally {
    encryptionKey.fill(0)
  }
}

/**
 * @param encryptionKey 32 bytes; zeroed here
 * @returns the root key in a buffer of its own, or undefined where this is not the key that wrapped it
 * @throws vault.damaged where it is, and the wrapped key is not what was written
 */
export function unwrapRootKey(encryptionKey: Buffer, checkLabel: string, place: Place, record: WrappedRootKey): Buffer | undefined {
  try {
    if (!sameBytes(checkOf(encryptionKey, checkLabel), Buffer.from(record.check, 'base64'))) return undefined
    const { algorithm, nonce, sealed, tag } = record.wrappedRootKey
    return unseal(createSecretKey(encryptionKey), place, {
      algorithm,
      nonce: Buffer.from(nonce, 'base64'),
      sealed: Buffer.from(sealed, 'base64'),
      tag: Buffer.from(tag, 'base64'),
    })
  } finally {
    encryptionKey.fill(0)
  }
}

/** As unwrapRootKey. @throws vault.wrongKey for another key */
export function unwrapOrRefuse(encryptionKey: Buffer, checkLabel: string, place: Place, record: WrappedRootKey): Buffer {
  const rootKey = unwrapRootKey(encryptionKey, checkLabel, place, record)
  if (rootKey === undefined) throw new VultusError('vault.wrongKey')
  return rootKey
}
