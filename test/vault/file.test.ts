/** The database file: how it is encrypted and written, and what is done with its log. */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { Vault } from '../../src/vault/vault.ts'
import { bytesOf, codeOf, enrolEntry, newVault, rawDatabase, referenceOf, reopened, temporaryFolder } from './fixtures.ts'

const enrol = (vault: Vault, id: string) => vault.enrolments.commit({ id, name: id, references: [referenceOf(id)], audit: enrolEntry })

function databaseOf(vault: Vault): Database.Database {
  const { parts, over } = vault.lendForCopy()
  over()
  return parts.database
}

/** Timers of the vault are those of the test; turns are not. */
function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
}

it('has pages of 8 KiB under chacha20, a write-ahead log, and a commit waits for the disk; made and opened', async () => {
  const folder = temporaryFolder()
  const made = await newVault(folder)
  const expectSettings = (vault: Vault) => {
    const settings = ['cipher', 'page_size', 'journal_mode', 'synchronous', 'locking_mode', 'secure_delete', 'temp_store', 'foreign_keys']
    const values = settings.map((name) => databaseOf(vault).pragma(name, { simple: true }))
    expect(values).toEqual(['chacha20', 8192, 'wal', 2, 'exclusive', 1, 2, 1])
    expect(databaseOf(vault).pragma('auto_vacuum', { simple: true })).toBe(2)
  }
  expectSettings(made)
  enrol(made, 'R-1')
  made.close()
  expectSettings(await reopened(folder))
})

it('opens with its page key and that cipher alone, and no page of it is what it is in clear', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  enrol(vault, 'R-1')
  vault.close()
  const raw = await rawDatabase(folder, { digest: 'kept' })
  expect(raw.prepare('SELECT count(*) FROM subjects').pluck().get()).toBe(1)
  raw.close()
  const file = join(folder, 'vault.db')
  const bytes = readFileSync(file)
  expect(bytes.length % 8192).toBe(0)
  expect(bytes.includes('SQLite format')).toBe(false)
  for (const key of [undefined, Buffer.concat([Buffer.from('raw:'), randomBytes(32)])]) {
    const other = new Database(file)
    onTestFinished(() => void other.close())
    other.pragma(`cipher = 'chacha20'`)
    if (key !== undefined) other.key(key)
    expect(() => other.prepare('SELECT count(*) FROM subjects').get()).toThrow(expect.objectContaining({ code: 'SQLITE_NOTADB' }))
  }
})

it('takes its log in when nobody has written for two seconds', async () => {
  fakeTimers()
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const logBytes = () => statSync(join(folder, 'vault.db-wal')).size
  enrol(vault, 'R-1')
  await vi.advanceTimersByTimeAsync(1500)
  enrol(vault, 'R-2')
  await vi.advanceTimersByTimeAsync(1500)
  expect(logBytes()).toBeGreaterThan(0)
  await vi.advanceTimersByTimeAsync(600)
  expect(logBytes()).toBe(0)
})

it('leaves no timer when it is closed, also in the middle of a check of its pages', async () => {
  fakeTimers()
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const references = Array.from({ length: 40 }, (_, at) => referenceOf(`${at}`, { sample: bytesOf(`${at}`, 400_000) }))
  vault.enrolments.commit({ id: 'R-1', references, audit: enrolEntry })
  const running = codeOf(() => vault.upkeep.run({ thorough: true }))
  while (readdirSync(folder).every((name) => !name.includes('.check-'))) await nextTurn()
  vault.close()
  expect(await running).toBe('vault.locked')
  await nextTurn()
  expect(vi.getTimerCount()).toBe(0)
})
