/** Changes of the header that fail in the middle: the vault opens with the key that it says, and nothing that was acknowledged is lost. */
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { VultusError } from '../../src/contract/errors.ts'
import type { AuditEntry } from '../../src/contract/records.ts'
import { initVault, openVault, recoverVault, vaultState } from '../../src/vault/open.ts'
import { rekeyVault } from '../../src/vault/rekey.ts'
import { Upkeep } from '../../src/vault/upkeep.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { clock, codeOf, enrolEntry, passphrase, referenceOf, temporaryFolder } from './fixtures.ts'

/** How often the steps are to fail, and whether the first header that fails gets its name before. */
const failures = vi.hoisted(() => ({ header: 0, adoption: 0, afterRename: true }))
const keychain = vi.hoisted(() => new Map<string, Buffer>())

vi.mock('../../src/vault/folder.ts', async (original) => {
  const real = await original<typeof import('../../src/vault/folder.ts')>()
  const diskFails = () => Object.assign(new Error('the disk fails'), { code: 'EIO' })
  return {
    ...real,
    replaceHeader: (...args: Parameters<typeof real.replaceHeader>) => {
      if (failures.header === 0) return real.replaceHeader(...args)
      failures.header -= 1
      if (failures.afterRename) real.replaceHeader(...args)
      failures.afterRename = false
      throw diskFails()
    },
    adoptPageCopy: (...args: Parameters<typeof real.adoptPageCopy>) => {
      if (failures.adoption === 0) return real.adoptPageCopy(...args)
      failures.adoption -= 1
      throw diskFails()
    },
  }
})

vi.mock('../../src/vault/keys/keychain.ts', async (original) => {
  const real = await original<typeof import('../../src/vault/keys/keychain.ts')>()
  const { VultusError: Refused } = await import('../../src/contract/errors.ts')
  const keychainProvider: typeof real.keychainProvider = {
    async create(vaultId, rootKey) {
      keychain.set(vaultId, Buffer.from(rootKey))
      return { provider: 'keychain' }
    },
    async open(vaultId) {
      const secret = keychain.get(vaultId)
      if (secret === undefined) throw new Refused('key.missing')
      return Buffer.from(secret)
    },
    async discard(vaultId) {
      keychain.delete(vaultId)
    },
  }
  return { ...real, keychainProvider }
})

afterEach(() => {
  Object.assign(failures, { header: 0, adoption: 0, afterRename: true })
  keychain.clear()
})

const entry = (event: AuditEntry['event']): AuditEntry => ({ event, actor: { role: 'administrator', door: 'ipc' }, outcome: 'done' })

async function realVault(folder: string): Promise<{ vault: Vault; recoveryKey: string }> {
  let recoveryKey = ''
  const onRecoveryKey = (made: string) => {
    recoveryKey = made
  }
  const vault = await initVault({ folder, key: 'passphrase', passphrase, kind: 'real', nowMs: clock(), onRecoveryKey })
  onTestFinished(() => vault.close())
  vault.enrolments.commit({ id: 'R-1', name: 'Ada', references: [referenceOf('a')], audit: enrolEntry })
  return { vault, recoveryKey }
}

async function opened(folder: string): Promise<Vault> {
  const vault = await openVault({ folder, passphrase, nowMs: clock() })
  onTestFinished(() => vault.close())
  return vault
}

const recovered = (folder: string, recoveryKey: string) =>
  recoverVault({ folder, recoveryKey, key: 'keychain', passphrase: undefined, audit: entry('vault.recover'), nowMs: clock() })

const eventsOf = async (vault: Vault) => (await vault.audit.page({ limit: 50 })).records.map(({ event }) => event)

it.each([
  ['after its name was changed', 1, true],
  ['and cannot be put back', 2, true],
  ['before its name was changed', 1, false],
])('a recovery whose header fails %s leaves a vault that opens, and is recorded', async (_when, header, afterRename) => {
  const folder = temporaryFolder()
  const { vault, recoveryKey } = await realVault(folder)
  vault.close()
  Object.assign(failures, { header, afterRename })
  expect(await codeOf(() => recovered(folder, recoveryKey))).toBe('vault.unwritable')
  failures.header = 0
  // Whoever keeps the key by what the header says, has it; and nobody else has.
  expect(keychain.size).toBe(vaultState(folder).key === 'keychain' ? 1 : 0)
  const again = await opened(folder)
  expect(again.subjects.get('R-1')?.name).toBe('Ada')
  expect(await eventsOf(again)).toContain('vault.recover')
  expect(again.audit.verify().ok).toBe(true)
  again.close()
  const next = await recovered(folder, recoveryKey)
  onTestFinished(() => next.close())
  expect(next.subjects.get('R-1')?.name).toBe('Ada')
})

it('a recovery key stays good where its reissue fails', async () => {
  const folder = temporaryFolder()
  const { vault, recoveryKey } = await realVault(folder)
  const groups = [1, 2].map((position) => ({ position, text: recoveryKey.split('-')[position - 1] ?? '' }))
  vault.recovery.confirm(groups, entry('recovery.confirm'))
  failures.header = 1
  expect(await codeOf(() => vault.recovery.reissue(entry('recovery.reissue')))).toBe('vault.unwritable')
  expect(vault.recovery.state()).toBe('confirmed')
  vault.close()
  const next = await recovered(folder, recoveryKey)
  onTestFinished(() => next.close())
  expect(await eventsOf(next)).not.toContain('recovery.reissue')
})

it('a recovery key that a failed reissue has voided is told as unconfirmed', async () => {
  const folder = temporaryFolder()
  const { vault, recoveryKey } = await realVault(folder)
  const groups = [1, 2].map((position) => ({ position, text: recoveryKey.split('-')[position - 1] ?? '' }))
  vault.recovery.confirm(groups, entry('recovery.confirm'))
  failures.header = 2
  expect(await codeOf(() => vault.recovery.reissue(entry('recovery.reissue')))).toBe('vault.unwritable')
  expect(vault.recovery.state()).toBe('unconfirmed')
  // The header that stands now is that of a key which nobody has, and a failure that leaves it changes nothing of that.
  failures.header = 1
  expect(await codeOf(() => vault.recovery.reissue(entry('recovery.reissue')))).toBe('vault.unwritable')
  expect(vault.recovery.state()).toBe('unconfirmed')
  const second = vault.recovery.reissue(entry('recovery.reissue'))
  vault.close()
  expect(await codeOf(() => recovered(folder, recoveryKey))).toBe('recovery.wrong')
  const next = await recovered(folder, second)
  onTestFinished(() => next.close())
})

function rekeyed(vault: Vault): Promise<Vault> {
  const { id } = vault.jobs.begin({ kind: 'rekey', total: 0, position: {} }, entry('vault.rekey'))
  const signal = new AbortController().signal
  return rekeyVault(vault, { jobId: id, audit: entry('vault.rekey'), signal, onProgress: () => undefined })
}

it.each([
  ['its header fails after its name was changed', 'goes on', { header: 1 }],
  ['its header fails and cannot be put back', 'is closed', { header: 2 }],
  ['its header fails before its name was changed', 'goes on', { header: 1, afterRename: false }],
  ['the copy does not get the name', 'is closed', { adoption: 1 }],
])('a rekey of which %s loses nothing: the old vault %s', async (_what, then, failing) => {
  const folder = temporaryFolder()
  const { vault } = await realVault(folder)
  Object.assign(failures, failing)
  expect(await codeOf(() => rekeyed(vault))).toBe('vault.unwritable')
  Object.assign(failures, { header: 0, adoption: 0 })
  expect(vault.isOpen).toBe(then === 'goes on')
  const later = await codeOf(() => vault.enrolments.commit({ id: 'R-2', references: [referenceOf('b')], audit: enrolEntry }))
  expect(later).toBe(then === 'goes on' ? undefined : 'vault.locked')
  vault.close()
  const again = await opened(folder)
  expect(again.subjects.get('R-1')?.name).toBe('Ada')
  expect(again.subjects.get('R-2') === undefined).toBe(later !== undefined)
  expect(again.audit.verify().ok).toBe(true)
})

it('an opening that fails after the vault was open lets go of it', async () => {
  const folder = temporaryFolder()
  const { vault } = await realVault(folder)
  vault.close()
  const failing = vi.spyOn(Upkeep.prototype, 'catchUpIndex').mockRejectedValueOnce(new VultusError('vault.diskFull'))
  onTestFinished(() => failing.mockRestore())
  expect(await codeOf(() => openVault({ folder, passphrase, nowMs: clock() }))).toBe('vault.diskFull')
  expect((await opened(folder)).subjects.get('R-1')?.name).toBe('Ada')
})
