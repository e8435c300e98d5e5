/**
 * The algorithms that seal values, each with two implementations that give the same bytes: OpenSSL's in node:crypto, and
 * one in JavaScript for runtimes whose node:crypto lacks the algorithm (BoringSSL has no chacha20-poly1305).
 */
import { createCipheriv, createDecipheriv, type KeyObject, timingSafeEqual } from 'node:crypto'
import { gcm } from '@noble/ciphers/aes.js'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import type { SealAlgorithm } from '../contract/types.ts'

export const nonceBytes = 12
export const tagBytes = 16

/** Authenticated encryption with associated data: 256-bit key, 96-bit nonce, 128-bit tag. */
export interface Aead {
  seal(key: KeyObject, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): { sealed: Buffer; tag: Buffer }
  /** @returns the plaintext, or undefined where the tag does not fit; never plaintext that was not verified */
  unseal(key: KeyObject, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array, tag: Uint8Array): Buffer | undefined
}

const options = { authTagLength: tagBytes }
type NodeCipher = 'aes-256-gcm' | 'chacha20-poly1305'

function nodeAead(name: NodeCipher): Aead {
  // The two overloads of node:crypto do the same here; their types only differ in the mode's options.
  const cipherOf = (key: KeyObject, nonce: Uint8Array) => createCipheriv(name as 'aes-256-gcm', key, nonce, options)
  const decipherOf = (key: KeyObject, nonce: Uint8Array) => createDecipheriv(name as 'aes-256-gcm', key, nonce, options)
  return {
    seal(key, nonce, aad, plain) {
      const cipher = cipherOf(key, nonce)
      cipher.setAAD(aad)
      const sealed = cipher.update(plain)
      cipher.final()
      return { sealed, tag: cipher.getAuthTag() }
    },
    unseal(key, nonce, aad, sealed, tag) {
      const decipher = decipherOf(key, nonce)
      decipher.setAAD(aad)
      decipher.setAuthTag(tag)
      const plain = decipher.update(sealed)
      try {
        decipher.final()
      } catch {
        plain.fill(0)
        return undefined
      }
      return plain
    },
  }
}

type Construction = typeof gcm | typeof chacha20poly1305

function withKey<T>(key: KeyObject, run: (bytes: Uint8Array) => T): T {
  const bytes = key.export()
  try {
    return run(bytes)
  } finally {
    bytes.fill(0)
  }
}

function javaScriptAead(construction: Construction): Aead {
  return {
    seal(key, nonce, aad, plain) {
      const both = withKey(key, (bytes) => construction(bytes, nonce, aad).encrypt(plain))
      const joined = Buffer.from(both.buffer, both.byteOffset, both.byteLength)
      return { sealed: joined.subarray(0, plain.length), tag: joined.subarray(plain.length) }
    },
    unseal(key, nonce, aad, sealed, tag) {
      try {
        const plain = withKey(key, (bytes) => construction(bytes, nonce, aad).decrypt(Buffer.concat([sealed, tag])))
        return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength)
      } catch {
        return undefined
      }
    },
  }
}

const nodeNames: Readonly<Record<SealAlgorithm, NodeCipher>> = { A256GCM: 'aes-256-gcm', C20P: 'chacha20-poly1305' }

/** What node:crypto of this runtime should do, whether it can or not. */
export const nodeCiphers: Readonly<Record<SealAlgorithm, Aead>> = { A256GCM: nodeAead('aes-256-gcm'), C20P: nodeAead('chacha20-poly1305') }

/** The same without node:crypto. */
export const javaScriptCiphers: Readonly<Record<SealAlgorithm, Aead>> = {
  A256GCM: javaScriptAead(gcm),
  C20P: javaScriptAead(chacha20poly1305),
}

/** Whether node:crypto of this runtime has the algorithm, tried with a key of zeros: lists of names are not reliable. */
export function nodeHas(algorithm: SealAlgorithm): boolean {
  try {
    createCipheriv(nodeNames[algorithm] as 'aes-256-gcm', Buffer.alloc(32), Buffer.alloc(nonceBytes), options).final()
    return true
  } catch {
    return false
  }
}

/** The implementation to use in this runtime: node:crypto's where it has one. */
export const ciphers: Readonly<Record<SealAlgorithm, Aead>> = {
  A256GCM: nodeHas('A256GCM') ? nodeCiphers.A256GCM : javaScriptCiphers.A256GCM,
  C20P: nodeHas('C20P') ? nodeCiphers.C20P : javaScriptCiphers.C20P,
}

/** Whether two byte strings are equal, in a time that tells nothing of where they differ. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}
