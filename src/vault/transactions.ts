/**
 * The one way into the open database: what reads and writes of the vault's parts run in.
 *
 * 1. After the database is closed nothing can be read or written.
 * 2. An effect, its audit entry and the digest of the rows are committed together or not at all.
 * 3. While the file is being copied nothing is written.
 */
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { AuditEntry } from '../contract/records.ts'
import type { AuditLog } from './auditLog.ts'
import type { Checkpointer } from './checkpoint.ts'
import { guarded } from './failure.ts'
import type { RowDigest } from './rowDigest.ts'
import { inTurns, type Steps } from './turns.ts'

/** What parts of the vault get to work in transactions of it. */
export interface Transactions {
  /** @throws vault.locked after close */
  read<T>(run: () => T): T
  /** Runs steps with turns for others in between. @throws vault.locked after close, in the middle too */
  readInTurns<T>(begin: () => Steps<T>): Promise<T>
  /** One transaction; what it returned is durable. @throws vault.locked after close, vault.busy while the file is being copied */
  write<T>(run: () => T): T
  /**
   * As write, for a step of work that is done again where it is lost: it outlives a kill at once, and a power cut together with the
   * next transaction, or when the log is emptied. Nothing is appended to the audit chain in it: what an anchor has seen must stay.
   */
  writeStep<T>(run: () => T): T
  /** Appends to the audit chain, in the transaction of the caller. */
  audit(entry: AuditEntry): void
  /** Moves the write-ahead log into the database and empties it. @returns false where the disk did not let it; it is tried again when idle */
  emptyLog(): boolean
  nowMs(): number
}

export interface TransactionsParts {
  readonly database: Database.Database
  readonly rows: RowDigest
  readonly audit: AuditLog
  readonly checkpointer: Checkpointer
  readonly nowMs: () => number
  /** After each transaction. */
  readonly onEnd: (committed: boolean) => void
}

export class VaultTransactions implements Transactions {
  readonly #parts: TransactionsParts
  #copying = false

  constructor(parts: TransactionsParts) {
    this.#parts = parts
  }

  read<T>(run: () => T): T {
    if (!this.#parts.database.open) throw new VultusError('vault.locked')
    return guarded(run)
  }

  readInTurns<T>(begin: () => Steps<T>): Promise<T> {
    return inTurns(this.read(begin), (run) => this.read(run))
  }

  write<T>(run: () => T): T {
    if (this.#copying) throw new VultusError('vault.busy')
    const { database, rows, audit, checkpointer, onEnd } = this.#parts
    const withDigest = () => {
      const result = run()
      rows.keep()
      return result
    }
    let committed = false
    try {
      const result = this.read(() => rows.follow(() => database.transaction(withDigest).immediate()))
      committed = true
      return result
    } finally {
      onEnd(committed)
      if (committed) {
        checkpointer.noteWrite()
        audit.noteCommit()
      }
    }
  }

  /** SQLite keeps the order of transactions in its log, so that one which is synced takes along all those before it. */
  writeStep<T>(run: () => T): T {
    const { database } = this.#parts
    this.read(() => database.pragma('synchronous = NORMAL'))
    try {
      return this.write(run)
    } finally {
      if (database.open) database.pragma('synchronous = FULL')
    }
  }

  audit(entry: AuditEntry): void {
    this.#parts.audit.append(entry, this.nowMs())
  }

  emptyLog(): boolean {
    return this.#parts.checkpointer.run()
  }

  nowMs(): number {
    return this.#parts.nowMs()
  }

  /** Refuses writes until the copying of the file is over. @returns what ends that @throws vault.busy where one is made already */
  holdWrites(): () => void {
    this.read(() => undefined)
    if (this.#copying) throw new VultusError('vault.busy')
    this.#copying = true
    return () => {
      this.#copying = false
    }
  }
}
