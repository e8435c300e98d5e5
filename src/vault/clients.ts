/**
 * Programs of integrators and their keys.
 *
 * 1. A key is 256 random bits; only its SHA-256 is kept. Guessing one of so many is hopeless, so that a slow hash would only slow every
 *    request down (decision 44).
 * 2. Name, permissions, state and digest are bound together by the seal of the name: a row of which one was altered does not open.
 * 3. When a program was used last is written at most once a minute, outside the audit chain, which has each effect anyway.
 */
import { createHash } from 'node:crypto'
import type Database from 'better-sqlite3'
import { ClientPermission, clientKeyPattern, clientKeyPrefix } from '../contract/clients.ts'
import { VultusError } from '../contract/errors.ts'
import type { Actor } from '../contract/records.ts'
import type { ApiClient } from '../contract/rows/client.ts'
import { nameForLookUp } from '../core/signInRules.ts'
import { macOf, type VaultKeys } from './keys/derive.ts'
import { type RandomSource, randomId } from './random.ts'
import { type Place, type Sealer, unseal } from './seal.ts'
import type { Transactions } from './transactions.ts'

const keyBytes = 32
const usedEveryMs = 60_000
/** More programs than a station serves; the list is not paged. */
const clientsMax = 500

interface ClientRow {
  readonly audit_id: string
  readonly name_index: Buffer
  readonly permissions: string
  readonly state: 'enabled' | 'revoked'
  readonly key_digest: Buffer
  readonly name_algorithm: string
  readonly name_nonce: Buffer
  readonly name_tag: Buffer
  readonly name_sealed: Buffer
  readonly created_ms: number
  readonly revoked_ms: number | null
  readonly used_ms: number | null
}

type Bound = Pick<ClientRow, 'audit_id' | 'permissions' | 'state' | 'key_digest'>

export interface ClientsParts {
  readonly database: Database.Database
  readonly keys: VaultKeys
  readonly sealer: Sealer
  readonly random: RandomSource
  readonly transactions: Transactions
}

const namePlace = ({ audit_id, permissions, state, key_digest }: Bound): Place => [
  'api_clients',
  'name',
  audit_id,
  permissions,
  state,
  key_digest.toString('base64'),
]
const digestOf = (key: string) => createHash('sha256').update(key).digest()
const isoOf = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

const columns = [
  'audit_id',
  'name_index',
  'permissions',
  'state',
  'key_digest',
  'name_algorithm',
  'name_nonce',
  'name_tag',
  'name_sealed',
  'created_ms',
  'revoked_ms',
  'used_ms',
] as const

export class Clients {
  readonly #parts: ClientsParts
  readonly #all: Database.Statement<[], ClientRow>
  readonly #byIndex: Database.Statement<[Buffer], ClientRow>
  readonly #byDigest: Database.Statement<[Buffer], ClientRow>
  readonly #byAuditId: Database.Statement<[string], ClientRow>
  readonly #insert: Database.Statement<[ClientRow]>
  readonly #update: Database.Statement<[ClientRow]>
  readonly #used: Database.Statement<[number, string]>

  constructor(parts: ClientsParts) {
    const { database } = parts
    this.#parts = parts
    this.#all = database.prepare('SELECT * FROM api_clients ORDER BY client_no')
    this.#byIndex = database.prepare('SELECT * FROM api_clients WHERE name_index = ?')
    this.#byDigest = database.prepare('SELECT * FROM api_clients WHERE key_digest = ?')
    this.#byAuditId = database.prepare('SELECT * FROM api_clients WHERE audit_id = ?')
    this.#insert = database.prepare(
      `INSERT INTO api_clients (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
    )
    this.#update = database.prepare(
      `UPDATE api_clients SET ${columns.map((name) => `${name} = @${name}`).join(', ')} WHERE audit_id = @audit_id`,
    )
    this.#used = database.prepare('UPDATE api_clients SET used_ms = ? WHERE audit_id = ?')
  }

  list(): ApiClient[] {
    return this.#parts.transactions.read(() => this.#all.all().map((row) => this.#open(row)))
  }

  /** A new program with its key, which nobody is given a second time. @throws client.exists, request.tooLarge */
  add(change: { name: string; permissions: readonly ClientPermission[] }, actor: Actor): ApiClient & { key: string } {
    const { random, transactions } = this.#parts
    return transactions.write(() => {
      if (this.#byIndex.get(this.#indexOf(change.name)) !== undefined) throw new VultusError('client.exists')
      if (this.#all.all().length >= clientsMax) throw new VultusError('request.tooLarge', `${clientsMax} programs`)
      const bits = Buffer.from(random(keyBytes))
      const key = clientKeyPrefix + bits.toString('base64url')
      bits.fill(0)
      // In the order of the table, so that the same permissions are the same text.
      const permissions = ClientPermission.options.filter((one) => change.permissions.includes(one)).join(' ')
      const bound = { audit_id: randomId(random), permissions, state: 'enabled', key_digest: digestOf(key) } as const
      const row = { ...this.#sealed(bound, change.name), created_ms: transactions.nowMs(), revoked_ms: null, used_ms: null }
      this.#insert.run(row)
      transactions.audit({ event: 'client.add', actor, outcome: 'done', details: { client: bound.audit_id, permissions } })
      return { ...this.#open(row), key }
    })
  }

  /** Takes a key back for good; a program that was taken back before stays as it is. @throws client.unknown */
  revoke(name: string, actor: Actor): ApiClient {
    const { transactions } = this.#parts
    return transactions.write(() => {
      const row = this.#byIndex.get(this.#indexOf(name))
      if (row === undefined) throw new VultusError('client.unknown')
      const client = this.#open(row)
      if (row.state === 'revoked') return client
      const revoked = { ...row, ...this.#sealed({ ...row, state: 'revoked' }, client.name), revoked_ms: transactions.nowMs() }
      this.#update.run(revoked)
      transactions.audit({ event: 'client.revoke', actor, outcome: 'done', details: { client: row.audit_id } })
      return this.#open(revoked)
    })
  }

  /** A program by its audit id. @throws vault.damaged */
  byId(client: string): ApiClient | undefined {
    return this.#parts.transactions.read(() => {
      const row = this.#byAuditId.get(client)
      return row === undefined ? undefined : this.#open(row)
    })
  }

  /** The program that a key belongs to, while it is not taken back. @throws vault.damaged */
  byKey(key: string): ApiClient | undefined {
    if (!clientKeyPattern.test(key)) return undefined
    return this.#parts.transactions.read(() => {
      const row = this.#byDigest.get(digestOf(key))
      if (row === undefined) return undefined
      const client = this.#open(row)
      return row.state === 'enabled' ? client : undefined
    })
  }

  /** Notes that a program asked for something. */
  noteUse({ client, lastUsedAt }: Pick<ApiClient, 'client' | 'lastUsedAt'>): void {
    const { transactions } = this.#parts
    const nowMs = transactions.nowMs()
    if (lastUsedAt !== null && Math.abs(nowMs - Date.parse(lastUsedAt)) < usedEveryMs) return
    transactions.write(() => this.#used.run(nowMs, client))
  }

  #indexOf(name: string): Buffer {
    return macOf(this.#parts.keys.blindIndex, `api client name/${nameForLookUp(name)}`)
  }

  #sealed(bound: Bound, name: string) {
    const { audit_id, permissions, state, key_digest } = bound
    const { algorithm, nonce, tag, sealed } = this.#parts.sealer.seal(this.#parts.keys.operators, namePlace(bound), Buffer.from(name))
    const ofName = { name_algorithm: algorithm, name_nonce: nonce, name_tag: tag, name_sealed: sealed }
    return { audit_id, permissions, state, key_digest, name_index: this.#indexOf(name), ...ofName }
  }

  /** @throws vault.damaged where the row is not what was sealed */
  #open(row: ClientRow): ApiClient {
    const name = unseal(this.#parts.keys.operators, namePlace(row), {
      algorithm: row.name_algorithm,
      nonce: row.name_nonce,
      tag: row.name_tag,
      sealed: row.name_sealed,
    }).toString()
    if (!this.#indexOf(name).equals(row.name_index)) throw new VultusError('vault.damaged', `api_clients.name_index ${row.audit_id}`)
    return {
      client: row.audit_id,
      name,
      permissions: row.permissions.split(' ').map((one) => ClientPermission.parse(one)),
      createdAt: new Date(row.created_ms).toISOString(),
      lastUsedAt: isoOf(row.used_ms),
      revokedAt: isoOf(row.revoked_ms),
    }
  }
}
