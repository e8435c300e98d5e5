/** Who signed a pack: Ed25519 over the bytes of manifest.json as they are, which names the hash of every other file. */
import { createHash, createPublicKey, verify } from 'node:crypto'
import type { PackSignature } from '../../contract/processes.ts'

const signatureBytes = 64

/**
 * @param signature 64 bytes, or undefined where there is none
 * @param trustedKeys Ed25519 public keys, base64 of SPKI; what is no such key trusts nothing
 */
export function signatureOf(manifest: Uint8Array, signature: Uint8Array | undefined, trustedKeys: readonly string[]): PackSignature {
  if (signature === undefined) return { state: 'none', key: null }
  if (signature.length === signatureBytes) {
    for (const key of trustedKeys) {
      const spki = Buffer.from(key, 'base64')
      try {
        const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' })
        if (publicKey.asymmetricKeyType !== 'ed25519' || !verify(null, manifest, publicKey, signature)) continue
        return { state: 'valid', key: createHash('sha256').update(spki).digest('hex') }
      } catch {
        // A key that cannot be read trusts nothing.
      }
    }
  }
  return { state: 'unknown', key: null }
}
