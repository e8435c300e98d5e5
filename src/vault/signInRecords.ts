/**
 * What the audit chain says of refused sign-ins, so that trying fills no disk.
 *
 * 1. An account is named by its random audit id. What was typed as a name that nobody has is not recorded in any form:
 *    it may be a password in the wrong field.
 * 2. Of an account each wrong try is recorded, and the first try that came while it had to wait: two records for each step
 *    of the back-off. Further ones of the same step are counted in the next record of the account.
 * 3. Names that nobody has share one budget; what is above it is counted in the next record.
 */
import type { AuditEntry } from '../contract/records.ts'
import { RecordBudget } from '../core/recordBudget.ts'

const strangers = { burst: 20, everyMs: 60_000 } as const

export type SignInRefusal = 'signIn.wrong' | 'signIn.wait' | 'signIn.pinRefused' | 'signIn.pinOperatorsOnly'

/** The details that a record gets; undefined where there is to be none. */
type Details = NonNullable<AuditEntry['details']>

interface Step {
  /** Whether a try that had to wait has its record. */
  waitTold: boolean
  unrecorded: number
}

const withCount = (details: Details, unrecorded: number): Details => (unrecorded === 0 ? details : { ...details, unrecorded })

export class SignInRecords {
  readonly #steps = new Map<string, Step>()
  readonly #strangers = new RecordBudget(strangers)

  /** @param account audit id of the account that the name has, undefined for a name that nobody has */
  refused(account: string | undefined, code: SignInRefusal, nowMs: number): Details | undefined {
    if (account === undefined) {
      const unrecorded = this.#strangers.take(nowMs)
      return unrecorded === undefined ? undefined : withCount({ account: null }, unrecorded)
    }
    const step = this.#steps.get(account)
    if (code === 'signIn.wait' && step?.waitTold === true) {
      step.unrecorded += 1
      return undefined
    }
    this.#steps.set(account, { waitTold: code === 'signIn.wait', unrecorded: 0 })
    return withCount({ account }, step?.unrecorded ?? 0)
  }

  /** The details of a sign-in that was right. */
  done(account: string): Details | undefined {
    const unrecorded = this.#steps.get(account)?.unrecorded ?? 0
    this.#steps.delete(account)
    return unrecorded === 0 ? undefined : { unrecorded }
  }

  /** Before the vault is closed: what no record told yet. */
  flush(): Details[] {
    const ofAccounts = [...this.#steps].map(([account, { unrecorded }]) => withCount({ account }, unrecorded))
    const all = [...ofAccounts, withCount({ account: null }, this.#strangers.flush())]
    this.#steps.clear()
    return all.filter((details) => 'unrecorded' in details)
  }
}
