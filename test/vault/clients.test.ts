/** Programs of integrators, on a vault on the disk. */
import { expect, it, onTestFinished, vi } from 'vitest'
import { VultusError } from '../../src/contract/errors.ts'
import type { Actor } from '../../src/contract/records.ts'
import { Clients } from '../../src/vault/clients.ts'
import { initVault } from '../../src/vault/open.ts'
import { stationWithoutProcesses } from '../support/stationWithoutProcesses.ts'
import { codeOf, newVault, passphrase, rawDatabase, reopened, temporaryFolder } from './fixtures.ts'

const administrator: Actor = { role: 'administrator', door: 'command', operator: 'somebody' }

it('a key opens its program after the vault was closed and opened, and nothing of it but a digest is in the file', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const { key, client } = vault.clients.add({ name: 'Gate 4', permissions: ['identify', 'enrol'] }, administrator)
  const { key: other } = vault.clients.add({ name: 'Gate 5', permissions: ['enrol'] }, administrator)
  expect(other).not.toBe(key)
  vault.close()
  const again = await reopened(folder)
  expect(again.clients.byKey(key)).toMatchObject({ client, name: 'Gate 4', permissions: ['enrol', 'identify'], lastUsedAt: null })
  expect(again.clients.byId(client)?.name).toBe('Gate 4')
  expect(again.clients.byKey(`${key}A`)).toBeUndefined()
  expect((await again.audit.page({ limit: 2 })).records[0]).toMatchObject({ event: 'client.add', details: { permissions: 'enrol' } })
  again.close()
  const database = await rawDatabase(folder)
  const row = JSON.stringify(database.prepare('SELECT * FROM api_clients').all(), (_, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
  )
  for (const secret of [key, key.slice('vultus_'.length), 'Gate 4']) expect(row).not.toContain(secret)
  database.close()
})

it('a row of which anything was altered opens nothing', async () => {
  for (const change of [
    "permissions = 'enrol verify'",
    "state = 'enabled'",
    'key_digest = (SELECT key_digest FROM api_clients WHERE client_no = 2)',
  ]) {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    const { key } = vault.clients.add({ name: 'Gate 4', permissions: ['enrol'] }, administrator)
    const second = vault.clients.add({ name: 'Gate 5', permissions: ['verify'] }, administrator)
    vault.clients.revoke('Gate 4', administrator)
    expect(vault.clients.byKey(key)).toBeUndefined()
    vault.close()
    const database = await rawDatabase(folder)
    if (change.startsWith('key')) {
      database.exec('CREATE TEMP TABLE kept AS SELECT key_digest FROM api_clients WHERE client_no = 2')
      database.exec("UPDATE api_clients SET key_digest = x'00' WHERE client_no = 2")
      database.exec('UPDATE api_clients SET key_digest = (SELECT key_digest FROM kept) WHERE client_no = 1')
    } else database.exec(`UPDATE api_clients SET ${change} WHERE client_no = 1`)
    database.close()
    const again = await reopened(folder)
    const used = change.startsWith('key') ? second.key : key
    // A row that still says revoked is not asked for its permissions.
    expect(await codeOf(() => again.clients.byKey(used)), change).toBe('vault.damaged')
    again.close()
  }
})

it('the time of use is written once a minute', async () => {
  let nowMs = Date.parse('2026-06-09T09:30:00.000Z')
  const vault = await initVault({ folder: temporaryFolder(), key: 'passphrase', passphrase, kind: 'demo', nowMs: () => nowMs })
  const { key } = vault.clients.add({ name: 'Gate 4', permissions: ['enrol'] }, administrator)
  const use = () => {
    const client = vault.clients.byKey(key)
    if (client !== undefined) vault.clients.noteUse(client)
    return vault.clients.byKey(key)?.lastUsedAt
  }
  expect(use()).toBe('2026-06-09T09:30:00.000Z')
  nowMs += 59_000
  expect(use()).toBe('2026-06-09T09:30:00.000Z')
  nowMs += 2_000
  expect(use()).toBe('2026-06-09T09:31:01.000Z')
  vault.close()
})

it('a time of use that cannot be written refuses no request', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const { key } = vault.clients.add({ name: 'Gate 4', permissions: ['compare'] }, administrator)
  vault.close()
  const lines: string[] = []
  const station = stationWithoutProcesses({ dataFolder: folder, passphrase, log: (line) => lines.push(line) })
  onTestFinished(() => station.close())
  const noteUse = vi.spyOn(Clients.prototype, 'noteUse').mockImplementation(() => {
    throw new VultusError('vault.diskFull')
  })
  onTestFinished(() => noteUse.mockRestore())
  const caller = { role: 'client', door: 'rest', clientKey: key } as const
  const input = { template1: [1, 0], template2: [1, 0] }
  expect(await station.run('comparison.score', input, caller)).toMatchObject({ ok: true })
  expect(noteUse).toHaveBeenCalledTimes(1)
  expect(lines).toEqual(['use of a key could not be noted: vault.diskFull'])
})
