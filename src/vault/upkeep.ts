/** Looking after the open vault: checks that somebody asks for, and what is done when nobody waits. */
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { AuditEntry } from '../contract/records.ts'
import type { MaintenanceReport } from '../contract/rows/maintenance.ts'
import type { Backups } from './backup/backups.ts'
import type { Drafts } from './drafts.ts'
import { vaultFailure } from './failure.ts'
import type { Galleries } from './galleries.ts'
import type { LookUp } from './lookUp.ts'
import type { Maintenance } from './maintenance.ts'
import type { RowDigest } from './rowDigest.ts'
import type { Subjects } from './subjects.ts'
import type { Transactions } from './transactions.ts'
import { nextTurn } from './turns.ts'

/** Subjects indexed in one transaction, where the index is younger than they. */
const caughtUpAtOnce = 2_000
/** Idle work comes again after an hour at the latest where something is to expire: timers do not count while a machine sleeps. */
const idleAgainMsMax = 60 * 60_000

export interface UpkeepParts {
  readonly database: Database.Database
  readonly transactions: Transactions
  readonly maintenance: Maintenance
  readonly subjects: Subjects
  readonly lookUp: LookUp
  readonly rows: RowDigest
  readonly galleries: Galleries
  readonly drafts: Drafts
  readonly backups: Backups
}

export class Upkeep {
  readonly #parts: UpkeepParts

  constructor(parts: UpkeepParts) {
    this.#parts = parts
  }

  /**
   * Checks the vault, gives free space back and keeps the report, in slices.
   * @param maintain thorough: everything is looked at, of a large vault too; audit is committed with the report
   */
  async run(maintain: { thorough: boolean; audit?: AuditEntry | undefined }): Promise<MaintenanceReport> {
    const { database, transactions, maintenance, drafts } = this.#parts
    const { thorough, audit } = maintain
    transactions.read(() => undefined)
    try {
      const report = await maintenance.run(thorough, (made) => {
        if (audit === undefined) return
        const problems = made.checks.reduce((sum, check) => sum + check.problems.length, 0)
        transactions.audit({ ...audit, details: { ...audit.details, ok: made.ok, problems } })
      })
      if (report.ok) drafts.sweep()
      return report
    } catch (error) {
      throw database.open ? vaultFailure(error) : new VultusError('vault.locked')
    }
  }

  /** The latest 20 reports, newest first. */
  reports(): MaintenanceReport[] {
    return this.#parts.transactions.read(() => this.#parts.maintenance.reports())
  }

  /** Opens every seal of a subject. @returns how many, 0 where there is no such subject @throws vault.damaged */
  unsealAll(id: string): number {
    const { transactions, subjects, maintenance } = this.#parts
    return transactions.read(() => {
      const subject = subjects.find(id)
      return subject === undefined ? 0 : maintenance.unsealAll(subject)
    })
  }

  /** Indexes subjects that were there before the index was, in slices. */
  async catchUpIndex(): Promise<void> {
    const { database, transactions, lookUp } = this.#parts
    let more = true
    while (more && database.open) {
      more = transactions.write(() => lookUp.catchUp(caughtUpAtOnce))
      await nextTurn()
    }
  }

  /** Gives a large vault that comes from an older Vultus its first digest of the rows, in slices; changes nothing where there is one. */
  async sumRows(): Promise<void> {
    const { database, transactions, rows } = this.#parts
    if (!database.open || !rows.missing) return
    await transactions.readInTurns(() => rows.look())
    transactions.write(() => undefined)
  }

  /**
   * What is done when nobody waits. What fails (a full disk, a row that is damaged) keeps nothing else from being done, and is tried
   * again after a later pause.
   * @returns when to come again, milliseconds
   */
  async workIdly(): Promise<number | undefined> {
    const { database, maintenance, galleries, drafts, backups } = this.#parts
    let failed = false
    const tried = async <T>(work: () => Promise<T> | T): Promise<T | undefined> => {
      try {
        return database.open ? await work() : undefined
      } catch {
        // A full disk shows at the next commit, which has somebody to tell, and damage in the report of the check.
        failed = true
        return undefined
      }
    }
    await tried(() => galleries.seal())
    await tried(() => this.sumRows())
    if (await tried(() => maintenance.isDue())) await tried(() => this.run({ thorough: false }))
    const swept = await tried(() => drafts.sweep())
    const followingMs = await tried(() => backups.followPendingAgain())
    if (!database.open) return undefined
    const next = [swept?.nextMs, followingMs, failed ? idleAgainMsMax : undefined].filter((ms) => ms !== undefined)
    return next.length === 0 ? undefined : Math.min(...next, idleAgainMsMax)
  }
}
