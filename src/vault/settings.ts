/** The settings of the vault: checked when they are written and again when they are read. */
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { AuditEntry } from '../contract/records.ts'
import { type SettingName, type SettingValue, settingTable } from '../contract/settings.ts'
import type { Transactions } from './transactions.ts'

export class Settings {
  readonly #transactions: Transactions
  readonly #get: Database.Statement<[string], string>
  readonly #set: Database.Statement<[string, string, number]>

  constructor(database: Database.Database, transactions: Transactions) {
    this.#transactions = transactions
    this.#get = database.prepare<[string], string>('SELECT value FROM settings WHERE name = ?').pluck()
    this.#set = database.prepare('INSERT OR REPLACE INTO settings (name, value, changed_ms) VALUES (?, ?, ?)')
  }

  /** What was set, or the default. @throws vault.damaged where the stored value is none that the setting can have */
  get<Name extends SettingName>(name: Name): SettingValue<Name> {
    const text = this.#transactions.read(() => this.#get.get(name))
    if (text === undefined) return settingTable[name].fallback as SettingValue<Name>
    const parsed = settingTable[name].schema.safeParse(jsonOf(text))
    if (!parsed.success) throw new VultusError('vault.damaged', `settings ${name}`)
    return parsed.data as SettingValue<Name>
  }

  /** Sets a setting and writes the entry of it. @throws request.invalid for a value that the setting cannot have */
  change<Name extends SettingName>(change: { name: Name; value: SettingValue<Name>; audit: AuditEntry }): void {
    const transactions = this.#transactions
    transactions.write(() => {
      this.set(change.name, change.value, transactions.nowMs())
      transactions.audit(change.audit)
    })
  }

  /** The caller is in the transaction of the change. @throws request.invalid for a value that the setting cannot have */
  set<Name extends SettingName>(name: Name, value: SettingValue<Name>, nowMs: number): void {
    const parsed = settingTable[name].schema.safeParse(value)
    if (!parsed.success) throw new VultusError('request.invalid', name)
    this.#set.run(name, JSON.stringify(parsed.data), nowMs)
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
