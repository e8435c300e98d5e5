/**
 * Key epochs: which key wraps a subject's key.
 *
 * 1. New subject keys are wrapped by the newest epoch; a wrapped key's row names its epoch.
 * 2. An epoch's key is derived from the root key and the epoch's salt, which stands nowhere but in its row. So deleting
 *    the row destroys what only that epoch wraps, also for somebody who has the root key and an old copy of wrapped keys.
 * 3. An epoch's row goes only when no wrapped key names it.
 */
import type { KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import { deriveEpochKey } from './keys/derive.ts'
import { keyBytes } from './keys/provider.ts'
import type { RandomSource } from './random.ts'

export interface EpochsParts {
  readonly database: Database.Database
  readonly root: KeyObject
  readonly vaultId: string
  readonly random: RandomSource
}

export class Epochs {
  readonly #parts: EpochsParts
  readonly #keys = new Map<number, KeyObject>()
  readonly #newest: Database.Statement<[], number>
  readonly #salt: Database.Statement<[number], Buffer>
  readonly #insert: Database.Statement<[number, Buffer, number]>
  readonly #deleteUnneeded: Database.Statement<[], number>

  constructor(parts: EpochsParts) {
    const { database } = parts
    this.#parts = parts
    this.#newest = database.prepare<[], number>('SELECT epoch FROM epochs ORDER BY epoch DESC LIMIT 1').pluck()
    this.#salt = database.prepare<[number], Buffer>('SELECT salt FROM epochs WHERE epoch = ?').pluck()
    this.#insert = database.prepare('INSERT INTO epochs (epoch, salt, created_ms) VALUES (?, ?, ?)')
    this.#deleteUnneeded = database
      .prepare<[], number>(
        `DELETE FROM epochs WHERE epoch < (SELECT max(epoch) FROM epochs)
          AND epoch NOT IN (SELECT DISTINCT key_epoch FROM subject_keys) RETURNING epoch`,
      )
      .pluck()
  }

  /** Whether the first epoch is still to be made. */
  get none(): boolean {
    return this.#newest.get() === undefined
  }

  /** Makes the first epoch; the caller is in a transaction. */
  startFirst(nowMs: number): void {
    const older = this.#parts.database.prepare('SELECT 1 FROM subject_keys LIMIT 1').get() !== undefined
    // Wrapped keys that are older than the table of epochs were wrapped without a salt.
    this.#insert.run(1, older ? Buffer.alloc(0) : this.#parts.random(keyBytes), nowMs)
  }

  /** The epoch that wraps new keys. */
  newest(): number {
    const epoch = this.#newest.get()
    if (epoch === undefined) throw new VultusError('vault.damaged', 'epochs')
    return epoch
  }

  /** The key of an epoch. @throws vault.damaged where its row is gone */
  keyOf(epoch: number): KeyObject {
    const known = this.#keys.get(epoch)
    if (known !== undefined) return known
    const salt = this.#salt.get(epoch)
    if (salt === undefined || (salt.length !== keyBytes && salt.length !== 0)) throw new VultusError('vault.damaged', `epochs ${epoch}`)
    const key = deriveEpochKey(this.#parts.root, this.#parts.vaultId, epoch, salt)
    salt.fill(0)
    this.#keys.set(epoch, key)
    return key
  }

  /**
   * Starts a new epoch; the caller is in a transaction, and uses the epoch's key only after it: a key that is kept here
   * must be that of a row that stays.
   */
  start(nowMs: number): number {
    const epoch = this.newest() + 1
    this.#insert.run(epoch, this.#parts.random(keyBytes), nowMs)
    return epoch
  }

  /** Destroys epochs that wrap nothing; the caller is in a transaction, and empties the log after it. @returns which */
  destroyUnneeded(): number[] {
    const destroyed = this.#deleteUnneeded.all()
    for (const epoch of destroyed) this.#keys.delete(epoch)
    return destroyed
  }
}
