/** What parts of the vault get to work in transactions of it. */
import type { AuditEntry } from '../contract/records.ts'

export interface Transactions {
  /** @throws vault.locked after close */
  read<T>(run: () => T): T
  /** One transaction; what it returned is durable. @throws vault.locked after close, vault.busy while the file is being copied */
  write<T>(run: () => T): T
  /**
   * As write, for a step of work that is done again where it is lost: it outlives a kill at once, and a power cut together with the
   * next transaction, or when the log is emptied. Nothing is appended to the audit chain in it: what an anchor has seen must stay.
   */
  writeStep<T>(run: () => T): T
  /** Appends to the audit chain, in the transaction of the caller. */
  audit(entry: AuditEntry): void
  /** Moves the write-ahead log into the database and empties it. */
  emptyLog(): void
  nowMs(): number
}
