/**
 * Ed25519 (RFC 8032) over canonical texts. Keys cross as their 32 raw bytes; OpenSSL and BoringSSL take them in the
 * DER wrapping of RFC 8410, which is a constant prefix.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex')
export const signingKeyBytes = 32
export const signatureBytes = 64

/** The private key of a seed of 32 bytes; the caller zeroes the seed. */
export function privateKeyOf(seed: Uint8Array): KeyObject {
  const der = Buffer.concat([privatePrefix, seed])
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  } finally {
    der.fill(0)
  }
}

/** The 32 raw bytes of a private key's public half. */
export function publicBytesOf(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(publicPrefix.length)
}

/** SHA-256 of the raw public key, hexadecimal: what people compare. */
export function fingerprintOf(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex')
}

/** @returns the signature of a text's UTF-8 bytes, 64 bytes */
export function signText(privateKey: KeyObject, text: string): Buffer {
  return sign(null, Buffer.from(text), privateKey)
}

/** Whether a signature is that of the bytes. Anything malformed is simply no signature. */
export function isSignatureOf(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== signingKeyBytes || signature.length !== signatureBytes) return false
  try {
    const key = createPublicKey({ key: Buffer.concat([publicPrefix, publicKey]), format: 'der', type: 'spki' })
    return verify(null, message, key, signature)
  } catch {
    return false
  }
}

/** Bytes of base64, or undefined where the text is not the one base64 text of that many bytes. */
export function exactBase64(text: string, bytes: number): Buffer | undefined {
  const decoded = Buffer.from(text, 'base64')
  return decoded.length === bytes && decoded.toString('base64') === text ? decoded : undefined
}
