/**
 * Root keys behind a passphrase: Argon2id makes a key-encryption key of it, which wraps a random root key. So the
 * passphrase can change without touching the database.
 */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import { VultusError } from '../../contract/errors.ts'
import { canonicalJson } from '../canonical.ts'
import type { RandomSource } from '../random.ts'
import { type Place, Sealer, unseal } from '../seal.ts'
import { type Kdf, type KeyProvider, type KeyRecord, keyBytes, type PassphraseRecord } from './provider.ts'

export const passphraseCharactersMin = 12
const passphraseCharactersMax = 1024
/** Above the second recommendation of RFC 9106 by memory at the same passes; about 0.2 s. */
const cost = { memoryKiB: 64 * 1024, passes: 3, parallelism: 1 } as const
/** Argon2id as @node-rs/argon2 numbers it; its constant is a const enum, which single-file compilers cannot read. */
const argon2id = 2

/**
 * Argon2id, version 1.3.
 * @param passphrase normalised (NFKC), so that keyboards which compose letters differently give the same key
 * @returns 32 bytes
 */
export function deriveFromPassphrase(passphrase: string, kdf: Kdf): Promise<Buffer> {
  return hashRaw(passphrase.normalize('NFKC'), {
    algorithm: argon2id,
    memoryCost: kdf.memoryKiB,
    timeCost: kdf.passes,
    parallelism: kdf.parallelism,
    outputLen: keyBytes,
    salt: Buffer.from(kdf.salt, 'base64'),
  })
}

function checkOf(encryptionKey: Buffer, vaultId: string): Buffer {
  return createHmac('sha256', encryptionKey).update(`vultus/1/passphrase check/${vaultId}`).digest()
}

const placeOf = (vaultId: string, kdf: Kdf): Place => ['header', 'wrappedRootKey', vaultId, canonicalJson(kdf)]

/** @throws vault.passphraseWeak below 12 characters (code points) or above 1024 */
export function assertStrongPassphrase(passphrase: string | undefined): asserts passphrase is string {
  const characters = passphrase === undefined ? 0 : [...passphrase.normalize('NFKC')].length
  if (characters < passphraseCharactersMin) throw new VultusError('vault.passphraseWeak')
  if (characters > passphraseCharactersMax) {
    throw new VultusError('vault.passphraseWeak', `a passphrase has at most ${passphraseCharactersMax} characters`)
  }
}

async function wrap(passphrase: string, vaultId: string, rootKey: Buffer, random: RandomSource): Promise<PassphraseRecord> {
  const kdf: Kdf = { algorithm: 'argon2id', ...cost, salt: random(16).toString('base64') }
  const encryptionKey = await deriveFromPassphrase(passphrase, kdf)
  try {
    const { algorithm, nonce, sealed, tag } = new Sealer(random).seal(createSecretKey(encryptionKey), placeOf(vaultId, kdf), rootKey)
    return {
      provider: 'passphrase',
      kdf,
      check: checkOf(encryptionKey, vaultId).toString('base64'),
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

async function unwrap(passphrase: string, vaultId: string, record: PassphraseRecord): Promise<Buffer> {
  const encryptionKey = await deriveFromPassphrase(passphrase, record.kdf)
  try {
    const right = timingSafeEqual(checkOf(encryptionKey, vaultId), Buffer.from(record.check, 'base64'))
    if (!right) throw new VultusError('vault.wrongKey')
    const { algorithm, nonce, sealed, tag } = record.wrappedRootKey
    return unseal(createSecretKey(encryptionKey), placeOf(vaultId, record.kdf), {
      algorithm,
      nonce: Buffer.from(nonce, 'base64'),
      sealed: Buffer.from(sealed, 'base64'),
      tag: Buffer.from(tag, 'base64'),
    })
  } finally {
    encryptionKey.fill(0)
  }
}

/** @param passphrase undefined where nobody gave one: such a vault stays locked */
export function passphraseProvider(passphrase: string | undefined): KeyProvider {
  return {
    async create(vaultId, rootKey, random): Promise<KeyRecord> {
      assertStrongPassphrase(passphrase)
      return wrap(passphrase, vaultId, rootKey, random)
    },
    async open(vaultId, record) {
      if (record.provider !== 'passphrase') throw new TypeError('The record is not of a passphrase')
      if (passphrase === undefined) throw new VultusError('vault.locked')
      if (passphrase.length > passphraseCharactersMax * 2) throw new VultusError('vault.wrongKey')
      return unwrap(passphrase, vaultId, record)
    },
    async discard() {},
  }
}
