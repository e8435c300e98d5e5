/** The keys of an open vault, each derived from the root key under a label of its own (HKDF-SHA256). */
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { keyBytes } from './provider.ts'

/** The epoch whose key wraps new subject keys. */
export const firstKeyEpoch = 1

/** Every key has one use only. The buffers are zeroed by whoever takes them; key objects are freed with the vault. */
export interface VaultKeys {
  /** As SQLite3MultipleCiphers takes a key that needs no derivation: 'raw:' and 32 bytes. */
  readonly page: Buffer
  readonly headerMac: KeyObject
  readonly keyCheck: KeyObject
  readonly audit: KeyObject
  /** For the blind index by which a subject's id is looked up. */
  readonly blindIndex: KeyObject
  /** For the keys of the gallery's sealed segments. */
  readonly gallerySegments: KeyObject
  /** Wraps the subject keys of the first epoch. */
  readonly subjectKeyWrapping: KeyObject
}

/** @param rootKey 32 bytes; the caller zeroes it */
export function deriveKeys(rootKey: Buffer, vaultId: string): VaultKeys {
  const derive = (label: string): Buffer => Buffer.from(hkdfSync('sha256', rootKey, vaultId, `vultus/1/${label}`, keyBytes))
  const keyObject = (label: string): KeyObject => {
    const bytes = derive(label)
    const key = createSecretKey(bytes)
    bytes.fill(0)
    return key
  }
  const pageBytes = derive('page')
  const page = Buffer.concat([Buffer.from('raw:'), pageBytes])
  pageBytes.fill(0)
  return {
    page,
    headerMac: keyObject('header mac'),
    keyCheck: keyObject('key check'),
    audit: keyObject('audit'),
    blindIndex: keyObject('blind index'),
    gallerySegments: keyObject('gallery segments'),
    subjectKeyWrapping: keyObject(`subject key wrapping/epoch ${firstKeyEpoch}`),
  }
}

/** HMAC-SHA256 of a text. */
export function macOf(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
