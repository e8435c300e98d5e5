/**
 * The recovery key of an open vault: whether there is one, whether somebody has shown to have it on paper, and a new one
 * that voids the old. The key itself is given away once, when it is made; what stays are check values of its groups under
 * a key of the vault, and in the header the root key wrapped by it.
 */
import type { KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { AuditEntry } from '../contract/records.ts'
import { sameBytes } from './ciphers.ts'
import { replaceHeader } from './folder.ts'
import { bodyOf, encodeHeader, type HeaderKeys, headerFormat, signHeader } from './header.ts'
import { readHeader, takeHeaderBack } from './headerFile.ts'
import { macOf } from './keys/derive.ts'
import { keyBytes } from './keys/provider.ts'
import { encodeRecoveryKey, normalisedLetters, type RecoveryRecord, wrapForRecovery } from './keys/recoveryKey.ts'
import { type RandomSource, randomId } from './random.ts'
import type { Transactions } from './transactions.ts'

const checkBytes = 16
/** How many groups have to be typed back. */
export const groupsToConfirmMin = 2

export interface RecoveryKeys extends HeaderKeys {
  readonly root: KeyObject
  readonly recoveryCheck: KeyObject
}

export interface RecoveryParts {
  readonly database: Database.Database
  readonly transactions: Transactions
  readonly keys: RecoveryKeys
  readonly vaultId: string
  readonly folder: string | undefined
  readonly random: RandomSource
}

/** none: a vault without a recovery key (a demo, or one made before there were any). */
export type RecoveryState = 'none' | 'unconfirmed' | 'confirmed'

/** A group as somebody typed it; positions count from 1. */
export interface TypedGroup {
  readonly position: number
  readonly text: string
}

interface RecoveryRow {
  readonly recovery_id: string | null
  readonly recovery_groups: Buffer | null
  readonly recovery_confirmed_ms: number | null
}

/** A new recovery key, its record for the header and the check values of its groups. */
export function newRecovery(keys: RecoveryKeys, vaultId: string, random: RandomSource) {
  const bytes = random(keyBytes)
  const rootKey = keys.root.export()
  try {
    const text = encodeRecoveryKey(bytes)
    const record: RecoveryRecord = wrapForRecovery(bytes, randomId(random), vaultId, rootKey, random)
    return { text, record, groups: groupChecks(keys.recoveryCheck, record.id, text) }
  } finally {
    bytes.fill(0)
    rootKey.fill(0)
  }
}

const groupCheck = (key: KeyObject, id: string, position: number, text: string) =>
  macOf(key, `recovery group/${id}/${position}/${text}`).subarray(0, checkBytes)

function groupChecks(key: KeyObject, id: string, text: string): Buffer {
  return Buffer.concat(text.split('-').map((group, index) => groupCheck(key, id, index + 1, group)))
}

/** Writes what the database keeps of a recovery key; the caller is in a transaction. */
export function putRecovery(database: Database.Database, id: string, groups: Buffer | null): void {
  database.prepare('UPDATE vault SET recovery_id = ?, recovery_groups = ?, recovery_confirmed_ms = NULL WHERE only_row = 1').run(id, groups)
}

export class Recovery {
  readonly #parts: RecoveryParts
  readonly #row: Database.Statement<[], RecoveryRow>
  readonly #confirm: Database.Statement<[number]>
  /** A reissue failed, and the key before could not be made good again: the next opening finds that. */
  #voided = false

  constructor(parts: RecoveryParts) {
    const { database } = parts
    this.#parts = parts
    this.#row = database.prepare('SELECT recovery_id, recovery_groups, recovery_confirmed_ms FROM vault WHERE only_row = 1')
    this.#confirm = database.prepare('UPDATE vault SET recovery_confirmed_ms = ? WHERE only_row = 1')
  }

  state(): RecoveryState {
    const row = this.#parts.transactions.read(() => this.#row.get())
    if (row === undefined || row.recovery_id === null) return 'none'
    return row.recovery_confirmed_ms === null || this.#voided ? 'unconfirmed' : 'confirmed'
  }

  /** Notes that somebody has the recovery key: groups of it, typed back. @throws recovery.none, recovery.mismatch */
  confirm(typed: readonly TypedGroup[], audit: AuditEntry): void {
    const { transactions, keys } = this.#parts
    transactions.write(() => {
      const row = this.#row.get()
      if (row === undefined || row.recovery_id === null) throw new VultusError('recovery.none')
      const { recovery_id: id, recovery_groups: checks } = row
      const positions = new Set(typed.map(({ position }) => position))
      const right = typed.every(({ position, text }) => {
        const check = checks?.subarray((position - 1) * checkBytes, position * checkBytes)
        return check !== undefined && sameBytes(check, groupCheck(keys.recoveryCheck, id, position, normalisedLetters(text)))
      })
      if (!right || positions.size < groupsToConfirmMin) throw new VultusError('recovery.mismatch')
      this.#confirm.run(transactions.nowMs())
      transactions.audit({ ...audit, details: { ...audit.details, recovery: id } })
    })
  }

  /** Makes a new recovery key and voids the one before. @returns the key as it is written, this once */
  reissue(audit: AuditEntry): string {
    const { database, transactions, keys, vaultId, folder, random } = this.#parts
    if (folder === undefined) throw new VultusError('recovery.none')
    const header = readHeader(folder)
    if (header.kind === 'demo') throw new VultusError('vault.kindRefused', 'a demo vault has no recovery key')
    const { text, record, groups } = newRecovery(keys, vaultId, random)
    const body = { ...bodyOf(header), format: headerFormat, recovery: record } as const
    try {
      transactions.write(() => {
        putRecovery(database, record.id, groups)
        transactions.audit({ ...audit, details: { ...audit.details, recovery: record.id } })
        // Last in the transaction: where the commit after it is cut off, reconcile sees it.
        replaceHeader(folder, vaultId, encodeHeader(signHeader(body, keys)))
      })
    } catch (error) {
      // Nobody gets the new key, so the one before has to stay good.
      if (!takeHeaderBack(folder, header)) this.#voided = true
      throw error
    }
    this.#voided = false
    return text
  }

  /**
   * The header decides which recovery key is good. Where a reissue was cut off between header and database, nobody has
   * seen the new key: the database takes its id, and it stays unconfirmed until another is issued.
   */
  reconcile(): void {
    const { database, transactions, folder } = this.#parts
    if (folder === undefined) return
    const id = readHeader(folder).recovery?.id
    if (id === undefined || this.#row.get()?.recovery_id === id) return
    transactions.write(() => {
      putRecovery(database, id, null)
      transactions.audit({
        event: 'recovery.reissue',
        actor: { role: 'administrator', door: 'command' },
        outcome: 'failed',
        details: { recovery: id, foundAtOpening: true },
      })
    })
  }
}
