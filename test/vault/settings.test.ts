import { expect, it } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import { settingTable } from '../../src/contract/settings.ts'
import { codeOf, newVault, rawDatabase, readEntry, reopened, temporaryFolder } from './fixtures.ts'

const entry: AuditEntry = readEntry

it('a setting has its default until it is set, and outlives a reopening', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  expect(vault.settings.get('samples.kept')).toBe(true)
  expect(vault.settings.get('retention.supersededDays')).toBeNull()
  vault.settings.change({ name: 'retention.supersededDays', value: 30, audit: entry })
  vault.settings.change({ name: 'samples.kept', value: false, audit: entry })
  expect(await codeOf(() => vault.settings.change({ name: 'retention.supersededDays', value: -1, audit: entry }))).toBe('request.invalid')
  expect(vault.audit.verify()).toMatchObject({ ok: true, records: 2 })
  vault.close()
  const again = await reopened(folder)
  expect(again.settings.get('retention.supersededDays')).toBe(30)
  expect(again.settings.get('samples.kept')).toBe(false)
})

it('a stored value that the setting cannot have is damage', async () => {
  const folder = temporaryFolder()
  ;(await newVault(folder)).close()
  const raw = await rawDatabase(folder)
  raw.prepare(`INSERT INTO settings VALUES ('samples.kept', '"maybe"', 0), ('retention.supersededDays', '{', 0)`).run()
  raw.close()
  const vault = await reopened(folder)
  expect(await codeOf(() => vault.settings.get('samples.kept'))).toBe('vault.damaged')
  expect(await codeOf(() => vault.settings.get('retention.supersededDays'))).toBe('vault.damaged')
})

it('every default is a value that its setting can have', () => {
  for (const { schema, fallback } of Object.values(settingTable)) expect(schema.safeParse(fallback).success).toBe(true)
})
