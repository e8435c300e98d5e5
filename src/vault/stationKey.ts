/**
 * The station's signing key: made once for each vault, from 32 random bytes, and kept sealed under a key derived from the
 * root key. What it signs (checkpoints, exports, certificates) can be checked by anybody who has its public half.
 */
import type { KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { StationKeySummary } from '../contract/rows/audit.ts'
import type { RandomSource } from './random.ts'
import { type Place, type Sealer, unseal } from './seal.ts'
import { fingerprintOf, isSignatureOf, privateKeyOf, publicBytesOf, signingKeyBytes, signText } from './signature.ts'

interface KeyRow {
  readonly public_key: Buffer | null
  readonly algorithm: string | null
  readonly nonce: Buffer | null
  readonly tag: Buffer | null
  readonly sealed: Buffer | null
}

const placeOf = (vaultId: string, publicKey: Buffer): Place => ['station_key', 'sealed', 1, vaultId, publicKey.toString('base64')]

export class StationKey {
  readonly #private: KeyObject
  readonly #public: Buffer

  private constructor(privateKey: KeyObject, publicKey: Buffer) {
    this.#private = privateKey
    this.#public = publicKey
  }

  /** The key of a vault, or undefined where none was made yet. @throws vault.damaged */
  static load(database: Database.Database, sealingKey: KeyObject, vaultId: string): StationKey | undefined {
    const row = database.prepare<[], KeyRow>('SELECT public_key, algorithm, nonce, tag, sealed FROM station_key WHERE only_row = 1').get()
    if (row === undefined) throw damagedKey()
    const { public_key: publicKey, algorithm, nonce, tag, sealed } = row
    if (publicKey === null) return undefined
    if (algorithm === null || nonce === null || tag === null || sealed === null) throw damagedKey()
    const seed = unseal(sealingKey, placeOf(vaultId, publicKey), { algorithm, nonce, tag, sealed })
    try {
      if (seed.length !== signingKeyBytes) throw damagedKey()
      const privateKey = privateKeyOf(seed)
      if (!publicBytesOf(privateKey).equals(publicKey)) throw damagedKey()
      return new StationKey(privateKey, publicKey)
    } finally {
      seed.fill(0)
    }
  }

  /** Makes the key of a vault and keeps it; the caller is in a transaction. */
  static make(
    database: Database.Database,
    { sealer, sealingKey, vaultId, random }: { sealer: Sealer; sealingKey: KeyObject; vaultId: string; random: RandomSource },
  ): StationKey {
    const seed = random(signingKeyBytes)
    try {
      const privateKey = privateKeyOf(seed)
      const publicKey = publicBytesOf(privateKey)
      const { algorithm, nonce, tag, sealed } = sealer.seal(sealingKey, placeOf(vaultId, publicKey), seed)
      database
        .prepare('UPDATE station_key SET public_key = ?, algorithm = ?, nonce = ?, tag = ?, sealed = ? WHERE only_row = 1')
        .run(publicKey, algorithm, nonce, tag, sealed)
      return new StationKey(privateKey, publicKey)
    } finally {
      seed.fill(0)
    }
  }

  get publicKey(): Buffer {
    return this.#public
  }

  get summary(): StationKeySummary {
    return { publicKey: this.#public.toString('base64'), fingerprint: fingerprintOf(this.#public) }
  }

  sign(text: string): Buffer {
    return signText(this.#private, text)
  }

  signed(text: string, signature: Uint8Array): boolean {
    return isSignatureOf(this.#public, Buffer.from(text), signature)
  }
}

function damagedKey(): VultusError {
  return new VultusError('vault.damaged', 'station_key')
}
