/** What the vault seals new values with: a setting of its own, kept in the vault. */
import type Database from 'better-sqlite3'
import type { AuditEntry } from '../contract/records.ts'
import type { SealAlgorithm } from '../contract/types.ts'
import type { Sealer } from './seal.ts'
import type { Transactions } from './transactions.ts'

export class Sealing {
  readonly #transactions: Transactions
  readonly #sealer: Sealer
  readonly #setAlgorithm: Database.Statement<[string]>

  constructor(database: Database.Database, transactions: Transactions, sealer: Sealer) {
    this.#transactions = transactions
    this.#sealer = sealer
    this.#setAlgorithm = database.prepare('UPDATE vault SET seal_algorithm = ? WHERE only_row = 1')
    const stored = database.prepare<[], SealAlgorithm>('SELECT seal_algorithm FROM vault WHERE only_row = 1').pluck().get()
    if (stored !== undefined) sealer.algorithm = stored
  }

  /** What new values are sealed with. */
  get algorithm(): SealAlgorithm {
    return this.#sealer.algorithm
  }

  /** Sets what new values are sealed with; those that are stored stay as they are until they are sealed anew. */
  setAlgorithm(algorithm: SealAlgorithm, audit: AuditEntry): void {
    this.#transactions.write(() => {
      this.#setAlgorithm.run(algorithm)
      this.#transactions.audit({ ...audit, details: { ...audit.details, algorithm } })
    })
    this.#sealer.algorithm = algorithm
  }
}
