/** The form policies of the site. Every version stays: what was filled in names the one that it was checked by. */
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import { builtInForm, builtInFormVersion, FormPolicy } from '../contract/form.ts'
import type { AuditEntry } from '../contract/records.ts'
import type { Transactions } from './transactions.ts'

export interface StoredForm {
  readonly version: number
  /** ISO 8601, UTC; null for the one that is built in. */
  readonly setAt: string | null
  readonly policy: FormPolicy
}

interface FormRow {
  readonly form_version: number
  readonly policy: string
  readonly set_ms: number
}

const builtIn: StoredForm = { version: builtInFormVersion, setAt: null, policy: builtInForm }

export class Forms {
  readonly #transactions: Transactions
  readonly #newest: Database.Statement<[], number | null>
  readonly #get: Database.Statement<[number], FormRow>
  readonly #insert: Database.Statement<[number, string, number]>
  /** A version never changes. */
  #read: StoredForm = builtIn

  constructor(database: Database.Database, transactions: Transactions) {
    this.#transactions = transactions
    this.#newest = database.prepare<[], number | null>('SELECT max(form_version) FROM form_policies').pluck()
    this.#get = database.prepare('SELECT * FROM form_policies WHERE form_version = ?')
    this.#insert = database.prepare('INSERT INTO form_policies (form_version, policy, set_ms) VALUES (?, ?, ?)')
  }

  /** The policy that holds now. @throws vault.damaged */
  current(): StoredForm {
    return this.#transactions.read(() => this.#version(this.#newest.get() ?? builtInFormVersion)) as StoredForm
  }

  /** @returns undefined where there is no such version @throws vault.damaged */
  version(version: number): StoredForm | undefined {
    return this.#transactions.read(() => this.#version(version))
  }

  /** The day at the desk, by the clock and the time zone of the machine: YYYY-MM-DD. */
  today(): string {
    const now = new Date(this.#transactions.nowMs())
    const two = (part: number) => String(part).padStart(2, '0')
    return `${String(now.getFullYear()).padStart(4, '0')}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  }

  /** Sets the policy from now on. @returns it with its version */
  set(policy: FormPolicy, audit: AuditEntry): StoredForm {
    return this.#transactions.write(() => {
      const version = (this.#newest.get() ?? builtInFormVersion) + 1
      const nowMs = this.#transactions.nowMs()
      this.#insert.run(version, JSON.stringify(policy), nowMs)
      this.#transactions.audit({ ...audit, details: { ...audit.details, version, fields: policy.fields.length } })
      return { version, setAt: new Date(nowMs).toISOString(), policy }
    })
  }

  #version(version: number): StoredForm | undefined {
    if (version === builtInFormVersion) return builtIn
    if (version === this.#read.version) return this.#read
    const row = this.#get.get(version)
    if (row === undefined) return undefined
    const parsed = FormPolicy.safeParse(jsonOf(row.policy))
    if (!parsed.success) throw new VultusError('vault.damaged', `form_policies ${version}`)
    const stored = { version, setAt: new Date(row.set_ms).toISOString(), policy: parsed.data }
    this.#read = stored
    return stored
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
