/**
 * Sealed values: what a record keeps of a subject, under that subject's key, bound to its place.
 *
 * 1. Every value has a nonce of its own, 96 random bits.
 * 2. The place (table, column, row, subject and what else must not change) is authenticated with it, so that no sealed
 *    value can be moved to another place.
 * 3. Plaintext is given away only after the tag was verified: the cipher decrypts before it verifies.
 * 4. The record names its algorithm. New values get the one that the vault is set to; those of the other stay readable.
 */
import type { KeyObject } from 'node:crypto'
import { VultusError } from '../contract/errors.ts'
import type { SealAlgorithm } from '../contract/types.ts'
import { type Aead, ciphers, nonceBytes, tagBytes } from './ciphers.ts'
import type { RandomSource } from './random.ts'

/** The algorithm of a new vault. Names of algorithms are those of JOSE (RFC 7518) and of its ChaCha20 draft. */
export const defaultSealAlgorithm: SealAlgorithm = 'A256GCM'

export interface Sealed {
  readonly algorithm: string
  readonly nonce: Buffer
  readonly sealed: Buffer
  readonly tag: Buffer
}

/** Where a sealed value belongs: table, column, row, and all that is bound to it. The first three name it in errors. */
export type Place = readonly [table: string, column: string, row: number | string, ...bound: (string | number | null)[]]

/** The bytes that are authenticated for a place. */
export const aadOf = (place: Place): Buffer => Buffer.from(aadTextOf(place))

/** The same as text. */
export const aadTextOf = (place: Place): string => JSON.stringify(place)

const noncesPerPool = 256

export interface SealerOptions {
  readonly algorithm?: SealAlgorithm
  /** Implementations; those of this runtime where left out. */
  readonly implementations?: Readonly<Record<SealAlgorithm, Aead>>
}

/** Seals; takes nonces from a pool, because asking for 12 random bytes costs more than sealing. */
export class Sealer {
  readonly #random: RandomSource
  readonly #implementations: Readonly<Record<SealAlgorithm, Aead>>
  /** What new values are sealed with. */
  algorithm: SealAlgorithm
  #pool: Buffer = Buffer.alloc(0)
  #at = 0

  constructor(random: RandomSource, { algorithm = defaultSealAlgorithm, implementations = ciphers }: SealerOptions = {}) {
    this.#random = random
    this.#implementations = implementations
    this.algorithm = algorithm
  }

  seal(key: KeyObject, place: Place, plain: Uint8Array): Sealed {
    return this.sealFor(key, aadOf(place), plain)
  }

  /** The same under another key, in the same place. @throws vault.damaged */
  reseal(place: Place, value: Sealed, old: KeyObject, renewed: KeyObject): Sealed {
    const plain = unseal(old, place, value)
    const sealed = this.seal(renewed, place, plain)
    plain.fill(0)
    return sealed
  }

  /** As seal, for associated data that is already bytes. */
  sealFor(key: KeyObject, aad: Uint8Array, plain: Uint8Array): Sealed {
    const nonce = this.#nextNonce()
    const { algorithm } = this
    return { algorithm, nonce, ...this.#implementations[algorithm].seal(key, nonce, aad, plain) }
  }

  #nextNonce(): Buffer {
    if (this.#at >= this.#pool.length) {
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
  const plain = unsealFor(key, aadOf(place), value)
  if (plain === undefined) throw new VultusError('vault.damaged', `${place[0]}.${place[1]} ${place[2]}`)
  return plain
}

/** As unseal, for associated data that is already bytes. @returns undefined where the value is not what was sealed */
export function unsealFor(
  key: KeyObject,
  aad: Uint8Array,
  value: Sealed,
  implementations: Readonly<Record<SealAlgorithm, Aead>> = ciphers,
): Buffer | undefined {
  const { nonce, sealed, tag } = value
  if (!isSealAlgorithm(value.algorithm) || nonce.length !== nonceBytes || tag.length !== tagBytes) return undefined
  return implementations[value.algorithm].unseal(key, nonce, aad, sealed, tag)
}

/** Asked for every value that is read, so it is not left to a schema. */
const isSealAlgorithm = (name: string): name is SealAlgorithm => Object.hasOwn(ciphers, name)
