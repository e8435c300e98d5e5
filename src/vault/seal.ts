/**
 * Sealed values: what a record keeps of a subject, under that subject's key, bound to its place.
 *
 * 1. Every value has a nonce of its own, 96 random bits.
 * 2. The place (table, column, row, subject and what else must not change) is authenticated with it, so that no sealed
 *    value can be moved to another place.
 * 3. Plaintext is given away only after the tag was verified: the cipher decrypts before it verifies.
 */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import { VultusError } from '../contract/errors.ts'
import type { RandomSource } from './random.ts'

/** Names of algorithms as records carry them (RFC 7518). */
const sealAlgorithm = 'A256GCM'

export interface Sealed {
  readonly algorithm: string
  readonly nonce: Buffer
  readonly sealed: Buffer
  readonly tag: Buffer
}

/** Where a sealed value belongs: table, column, row, and all that is bound to it. The first three name it in errors. */
export type Place = readonly [table: string, column: string, row: number | string, ...bound: (string | number | null)[]]

const nonceBytes = 12
const tagBytes = 16
const noncesPerPool = 256

/** Seals and unseals; takes nonces from a pool, because asking for 12 random bytes costs more than sealing. */
export class Sealer {
  readonly #random: RandomSource
  #pool: Buffer = Buffer.alloc(0)
  #at = 0

  constructor(random: RandomSource) {
    this.#random = random
  }

  seal(key: KeyObject, place: Place, plain: Uint8Array): Sealed {
    const nonce = this.#nextNonce()
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
    cipher.setAAD(Buffer.from(JSON.stringify(place)))
    const sealed = cipher.update(plain)
    cipher.final()
    return { algorithm: sealAlgorithm, nonce, sealed, tag: cipher.getAuthTag() }
  }

  #nextNonce(): Buffer {
    if (this.#at === this.#pool.length) {
      this.#pool = this.#random(nonceBytes * noncesPerPool)
      this.#at = 0
    }
    this.#at += nonceBytes
    return this.#pool.subarray(this.#at - nonceBytes, this.#at)
  }
}

/**
 * @returns the plaintext in a buffer of its own
 * @throws vault.damaged where the value, its tag or its place is not what was sealed
 */
export function unseal(key: KeyObject, place: Place, value: Sealed): Buffer {
  if (value.algorithm !== sealAlgorithm || value.nonce.length !== nonceBytes || value.tag.length !== tagBytes) throw damagedAt(place)
  const decipher = createDecipheriv('aes-256-gcm', key, value.nonce, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(JSON.stringify(place)))
  decipher.setAuthTag(value.tag)
  const plain = decipher.update(value.sealed)
  try {
    decipher.final()
  } catch (error) {
    plain.fill(0)
    throw damagedAt(place, error)
  }
  return plain
}

function damagedAt(place: Place, cause?: unknown): VultusError {
  return new VultusError('vault.damaged', `${place[0]}.${place[1]} ${place[2]}`, { cause })
}
