/**
 * Rows of accounts, and their seals.
 *
 * 1. Name and password hash are sealed; audit id, role, state and kind of secret are bound to both seals, so that a row
 *    of which one of them was altered does not open.
 * 2. An account is found by the HMAC of its name (blind index).
 */
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { AccountRole, OperatorAccount, SecretKind } from '../contract/rows/operator.ts'
import { nameForLookUp } from '../core/signInRules.ts'
import { macOf, type VaultKeys } from './keys/derive.ts'
import { type Place, type Sealer, unseal } from './seal.ts'
import type { Verifier } from './verifier.ts'

export interface OperatorRow {
  readonly operator_no: number
  readonly audit_id: string
  readonly name_index: Buffer
  readonly role: AccountRole
  readonly state: 'enabled' | 'disabled'
  readonly secret_kind: SecretKind
  readonly name_algorithm: string
  readonly name_nonce: Buffer
  readonly name_tag: Buffer
  readonly name_sealed: Buffer
  readonly kdf_memory_kib: number
  readonly kdf_passes: number
  readonly kdf_parallelism: number
  readonly kdf_salt: Buffer
  readonly hash_algorithm: string
  readonly hash_nonce: Buffer
  readonly hash_tag: Buffer
  readonly hash_sealed: Buffer
  readonly created_ms: number
  readonly changed_ms: number
  readonly disabled_ms: number | null
}

/** What a row says, opened. */
export interface OperatorContent {
  readonly auditId: string
  readonly name: string
  readonly role: AccountRole
  readonly state: 'enabled' | 'disabled'
  readonly secretKind: SecretKind
  /** Opens the seal of the hash; the caller zeroes it. @throws vault.damaged */
  readonly verifier: () => Verifier
  readonly createdMs: number
  readonly changedMs: number
  readonly disabledMs: number | null
}

type Bound = Pick<OperatorRow, 'audit_id' | 'role' | 'state' | 'secret_kind'>
type Kdf = Pick<OperatorRow, 'kdf_memory_kib' | 'kdf_passes' | 'kdf_parallelism'>

const namePlace = ({ audit_id, role, state, secret_kind }: Bound): Place => ['operators', 'name', audit_id, role, state, secret_kind]
const hashPlace = (row: Bound & Kdf, salt: Buffer): Place => [
  'operators',
  'hash',
  row.audit_id,
  row.role,
  row.state,
  row.secret_kind,
  row.kdf_memory_kib,
  row.kdf_passes,
  row.kdf_parallelism,
  salt.toString('base64'),
]
const isoOf = (ms: number) => new Date(ms).toISOString()

const columns = [
  'audit_id',
  'name_index',
  'role',
  'state',
  'secret_kind',
  'name_algorithm',
  'name_nonce',
  'name_tag',
  'name_sealed',
  'kdf_memory_kib',
  'kdf_passes',
  'kdf_parallelism',
  'kdf_salt',
  'hash_algorithm',
  'hash_nonce',
  'hash_tag',
  'hash_sealed',
  'created_ms',
  'changed_ms',
  'disabled_ms',
] as const

export class OperatorRows {
  readonly #keys: VaultKeys
  readonly #sealer: Sealer
  readonly #all: Database.Statement<[], OperatorRow>
  readonly #byIndex: Database.Statement<[Buffer], OperatorRow>
  readonly #byAuditId: Database.Statement<[string], OperatorRow>
  readonly #insert: Database.Statement<[Omit<OperatorRow, 'operator_no'>]>
  readonly #update: Database.Statement<[Omit<OperatorRow, 'operator_no'>]>

  constructor(database: Database.Database, keys: VaultKeys, sealer: Sealer) {
    this.#keys = keys
    this.#sealer = sealer
    this.#all = database.prepare('SELECT * FROM operators ORDER BY operator_no')
    this.#byIndex = database.prepare('SELECT * FROM operators WHERE name_index = ?')
    this.#byAuditId = database.prepare('SELECT * FROM operators WHERE audit_id = ?')
    this.#insert = database.prepare(
      `INSERT INTO operators (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
    )
    this.#update = database.prepare(
      `UPDATE operators SET ${columns.map((name) => `${name} = @${name}`).join(', ')} WHERE audit_id = @audit_id`,
    )
  }

  indexOf(name: string): Buffer {
    return macOf(this.#keys.blindIndex, `operator name/${nameForLookUp(name)}`)
  }

  find(name: string): OperatorContent | undefined {
    return this.#opened(this.#byIndex.get(this.indexOf(name)))
  }

  byAuditId(auditId: string): OperatorContent | undefined {
    return this.#opened(this.#byAuditId.get(auditId))
  }

  all(): OperatorContent[] {
    return this.#all.all().map((row) => this.#open(row))
  }

  insert(content: OperatorContent): void {
    this.#insert.run(this.#sealed(content))
  }

  /** Writes all of an account anew; its audit id stays. */
  update(content: OperatorContent): void {
    this.#update.run(this.#sealed(content))
  }

  #opened(row: OperatorRow | undefined): OperatorContent | undefined {
    return row === undefined ? undefined : this.#open(row)
  }

  /** @throws vault.damaged where the row is not what was sealed */
  #open(row: OperatorRow): OperatorContent {
    const key = this.#keys.operators
    const name = unseal(key, namePlace(row), {
      algorithm: row.name_algorithm,
      nonce: row.name_nonce,
      tag: row.name_tag,
      sealed: row.name_sealed,
    }).toString()
    if (!this.indexOf(name).equals(row.name_index)) throw new VultusError('vault.damaged', `operators.name_index ${row.audit_id}`)
    return {
      auditId: row.audit_id,
      name,
      role: row.role,
      state: row.state,
      secretKind: row.secret_kind,
      verifier: () => this.#verifierOf(row),
      createdMs: row.created_ms,
      changedMs: row.changed_ms,
      disabledMs: row.disabled_ms,
    }
  }

  #verifierOf(row: OperatorRow): Verifier {
    const hash = unseal(this.#keys.operators, hashPlace(row, row.kdf_salt), {
      algorithm: row.hash_algorithm,
      nonce: row.hash_nonce,
      tag: row.hash_tag,
      sealed: row.hash_sealed,
    })
    const { kdf_memory_kib: memoryKiB, kdf_passes: passes, kdf_parallelism: parallelism } = row
    return { kdf: { algorithm: 'argon2id', memoryKiB, passes, parallelism, salt: row.kdf_salt.toString('base64') }, hash }
  }

  #sealed(content: OperatorContent): Omit<OperatorRow, 'operator_no'> {
    const { kdf, hash } = content.verifier()
    const salt = Buffer.from(kdf.salt, 'base64')
    const bound = { audit_id: content.auditId, role: content.role, state: content.state, secret_kind: content.secretKind }
    const costs = { kdf_memory_kib: kdf.memoryKiB, kdf_passes: kdf.passes, kdf_parallelism: kdf.parallelism }
    const name = this.#sealer.seal(this.#keys.operators, namePlace(bound), Buffer.from(content.name))
    const sealedHash = this.#sealer.seal(this.#keys.operators, hashPlace({ ...bound, ...costs }, salt), hash)
    hash.fill(0)
    return {
      ...bound,
      ...costs,
      kdf_salt: salt,
      name_index: this.indexOf(content.name),
      name_algorithm: name.algorithm,
      name_nonce: name.nonce,
      name_tag: name.tag,
      name_sealed: name.sealed,
      hash_algorithm: sealedHash.algorithm,
      hash_nonce: sealedHash.nonce,
      hash_tag: sealedHash.tag,
      hash_sealed: sealedHash.sealed,
      created_ms: content.createdMs,
      changed_ms: content.changedMs,
      disabled_ms: content.disabledMs,
    }
  }
}

/** An account as doors see it: never its verifier. */
export function accountOf(content: OperatorContent): OperatorAccount {
  return {
    operator: content.auditId,
    name: content.name,
    role: content.role,
    secretKind: content.secretKind,
    enabled: content.state === 'enabled',
    createdAt: isoOf(content.createdMs),
    changedAt: isoOf(content.changedMs),
    disabledAt: content.disabledMs === null ? null : isoOf(content.disabledMs),
  }
}
