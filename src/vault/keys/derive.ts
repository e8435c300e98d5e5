/** The keys of an open vault, each derived from the root key under a label of its own (HKDF-SHA256). */
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { keyBytes } from './provider.ts'

/** Every key has one use only. The buffers are zeroed by whoever takes them; key objects are freed with the vault. */
export interface VaultKeys {
  /** As SQLite3MultipleCiphers takes a key that needs no derivation: 'raw:' and 32 bytes. */
  readonly page: Buffer
  /** Makes keys of epochs and of pages, and is what a recovery key or a new provider wraps. */
  readonly root: KeyObject
  readonly headerMac: KeyObject
  readonly keyCheck: KeyObject
  readonly audit: KeyObject
  /** Seals the station's private signing key. */
  readonly stationKeySealing: KeyObject
  /** For the blind index by which a subject's id is looked up. */
  readonly blindIndex: KeyObject
  /** For the check values of the recovery key's groups. */
  readonly recoveryCheck: KeyObject
  /** Seals names and password hashes of operators. */
  readonly operators: KeyObject
  /** For the keys of the gallery's sealed segments. */
  readonly gallerySegments: KeyObject
  /** For the digest over the rows. */
  readonly rows: KeyObject
  /** Wraps the keys of drafts. */
  readonly drafts: KeyObject
}

/** HKDF-SHA256 (RFC 5869). @returns so many bytes in a buffer of its own, which the caller zeroes */
export function hkdf(key: Uint8Array | KeyObject, salt: Uint8Array | string, label: Uint8Array | string, bytes = keyBytes): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, label, bytes))
}

/** A key object of bytes that are zeroed here. */
export function takeKey(bytes: Buffer): KeyObject {
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return key
}

/**
 * The key of the database's pages. A page rekey takes another salt, so that the root key stays.
 * @param salt 32 bytes; undefined for a vault whose pages never had a salt
 */
export function derivePageKey(root: Uint8Array | KeyObject, vaultId: string, salt: Buffer | undefined): Buffer {
  const bytes = salt === undefined ? hkdf(root, vaultId, 'vultus/1/page') : hkdf(root, salt, `vultus/1/page/${vaultId}`)
  const page = Buffer.concat([Buffer.from('raw:'), bytes])
  bytes.fill(0)
  return page
}

/**
 * The key of an epoch, which wraps subject keys. Without its salt nobody can make it again, also not with the root key.
 * @param salt 32 random bytes; empty for the first epoch of a vault that was made before epochs had salts
 */
export function deriveEpochKey(root: KeyObject, vaultId: string, epoch: number, salt: Buffer): KeyObject {
  if (salt.length === 0) return takeKey(hkdf(root, vaultId, `vultus/1/subject key wrapping/epoch ${epoch}`))
  return takeKey(hkdf(root, salt, `vultus/1/epoch/${vaultId}/${epoch}`))
}

/**
 * @param rootKey 32 bytes; the caller zeroes it
 * @param pageSalt of the header
 */
export function deriveKeys(rootKey: Buffer, vaultId: string, pageSalt?: Buffer): VaultKeys {
  const keyObject = (label: string): KeyObject => takeKey(hkdf(rootKey, vaultId, `vultus/1/${label}`))
  return {
    page: derivePageKey(rootKey, vaultId, pageSalt),
    root: createSecretKey(rootKey),
    headerMac: keyObject('header mac'),
    keyCheck: keyObject('key check'),
    audit: keyObject('audit'),
    stationKeySealing: keyObject('station key sealing'),
    blindIndex: keyObject('blind index'),
    recoveryCheck: keyObject('recovery check'),
    operators: keyObject('operators'),
    gallerySegments: keyObject('gallery segments'),
    rows: keyObject('rows'),
    drafts: keyObject('drafts'),
  }
}

/** HMAC-SHA256 of a text. */
export function macOf(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
