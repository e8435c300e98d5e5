/**
 * Wrong tries by name, in the database: a restart ends no waiting time.
 *
 * 1. Names that nobody has are counted like all others, so that waiting tells nothing of which names there are.
 * 2. A try is counted before it is checked, so that tries at once are no free guesses, and a kill between is none either.
 * 3. A clock that was set back never shortens a wait: the whole wait begins anew at the time it then shows.
 * 4. At most `strangersMax` names without an account are kept; the one that failed longest ago gives way.
 */
import type Database from 'better-sqlite3'
import { waitMsAfter } from '../core/signInRules.ts'

const strangersMax = 1000

interface FailureRow {
  readonly failures: number
  readonly failed_ms: number
  readonly blocked_until_ms: number
}

export class SignInFailures {
  readonly #get: Database.Statement<[Buffer], FailureRow>
  readonly #put: Database.Statement<[Buffer, number, number, number]>
  readonly #delete: Database.Statement<[Buffer]>
  readonly #move: Database.Statement<[Buffer, Buffer]>
  readonly #trim: Database.Statement<[number]>

  constructor(database: Database.Database) {
    this.#get = database.prepare('SELECT failures, failed_ms, blocked_until_ms FROM sign_in_failures WHERE name_index = ?')
    this.#put = database.prepare('INSERT OR REPLACE INTO sign_in_failures VALUES (?, ?, ?, ?)')
    this.#delete = database.prepare('DELETE FROM sign_in_failures WHERE name_index = ?')
    this.#move = database.prepare('UPDATE OR REPLACE sign_in_failures SET name_index = ? WHERE name_index = ?')
    this.#trim = database.prepare(`DELETE FROM sign_in_failures WHERE name_index IN (
      SELECT name_index FROM sign_in_failures WHERE name_index NOT IN (SELECT name_index FROM operators)
      ORDER BY failed_ms DESC LIMIT -1 OFFSET ?)`)
  }

  /**
   * Counts a try as wrong until it is cleared; the caller is in a transaction.
   * @returns how long the name still has to wait, milliseconds: above 0 the try is not to be made; and how long it will wait
   * if this try is wrong
   */
  begin(nameIndex: Buffer, nowMs: number): { waitMs: number; waitMsIfWrong: number } {
    const row = this.#get.get(nameIndex)
    const waitMs = row === undefined ? 0 : this.#waitMsOf(nameIndex, row, nowMs)
    if (waitMs > 0) return { waitMs, waitMsIfWrong: waitMs }
    const failures = (row?.failures ?? 0) + 1
    const waitMsIfWrong = waitMsAfter(failures)
    this.#put.run(nameIndex, failures, nowMs, nowMs + waitMsIfWrong)
    this.#trim.run(strangersMax)
    return { waitMs: 0, waitMsIfWrong }
  }

  clear(nameIndex: Buffer): void {
    this.#delete.run(nameIndex)
  }

  rename(from: Buffer, to: Buffer): void {
    if (!from.equals(to)) this.#move.run(to, from)
  }

  #waitMsOf(nameIndex: Buffer, row: FailureRow, nowMs: number): number {
    if (nowMs >= row.failed_ms) return Math.max(0, row.blocked_until_ms - nowMs)
    const waitMs = waitMsAfter(row.failures)
    this.#put.run(nameIndex, row.failures, nowMs, nowMs + waitMs)
    return waitMs
  }
}
