/** Disks with their own ways: nothing that was committed is refused because of them. */
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import { AuditCheckpoints } from '../../src/vault/auditCheckpoints.ts'
import { restoreVault } from '../../src/vault/backup/restore.ts'
import { openVault } from '../../src/vault/open.ts'
import { clock, codeOf, enrolEntry, newVault, passphrase, referenceOf, temporaryFolder } from './fixtures.ts'

/** What syncing a folder answers, and which folders were synced. */
const folders = vi.hoisted(() => ({ code: undefined as string | undefined, synced: [] as string[] }))

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  const fsyncSync = (descriptor: number) => {
    if (real.fstatSync(descriptor).isDirectory()) {
      if (process.platform === 'linux') folders.synced.push(real.readlinkSync(`/proc/self/fd/${descriptor}`))
      if (folders.code !== undefined) throw Object.assign(new Error('fsync of a folder'), { code: folders.code })
    }
    real.fsyncSync(descriptor)
  }
  return { ...real, fsyncSync }
})

const entry = (event: AuditEntry['event']): AuditEntry => ({ event, actor: { role: 'administrator', door: 'command' }, outcome: 'done' })

it.each(['EINVAL', 'ENOTSUP'])('a file system that has nothing to sync of a folder (%s) holds vault, witness and backups', async (code) => {
  folders.code = code
  onTestFinished(() => {
    folders.code = undefined
  })
  const to = temporaryFolder()
  const vault = await newVault(temporaryFolder())
  vault.enrolments.commit({ id: 'R-1', name: 'Ada', references: [referenceOf('a')], audit: enrolEntry })
  vault.audit.witness({ file: join(temporaryFolder(), 'witness'), remove: false, accept: false, audit: entry('audit.witness') })
  await vault.backups.backUp({ folder: to, audit: entry('vault.backUp') })
  vault.close()
  const folder = temporaryFolder()
  await restoreVault({ from: to, folder, passphrase, audit: entry('vault.restore'), nowMs: clock() })
  const back = await openVault({ folder, passphrase, nowMs: clock() })
  onTestFinished(() => back.close())
  expect(back.subjects.get('R-1')?.name).toBe('Ada')
})

it('a disk that fails over a folder is told', async () => {
  const to = temporaryFolder()
  const vault = await newVault(temporaryFolder())
  folders.code = 'EIO'
  onTestFinished(() => {
    folders.code = undefined
  })
  expect(await codeOf(() => vault.backups.backUp({ folder: to, audit: entry('vault.backUp') }))).toBe('backup.unreachable')
})

it('the name of a new witness is durable before it is told', async ({ skip }) => {
  if (process.platform !== 'linux') return skip('only Linux tells the name of what is synced')
  const vault = await newVault(temporaryFolder())
  const folder = temporaryFolder()
  folders.synced.length = 0
  vault.audit.witness({ file: join(folder, 'witness'), remove: false, accept: false, audit: entry('audit.witness') })
  expect(folders.synced).toContain(folder)
})

it('what was committed is acknowledged although the newest checkpoint cannot be read after it', async () => {
  const vault = await newVault(temporaryFolder())
  const before = vault.audit.verify().records
  let looks = 0
  const reading = vi.spyOn(AuditCheckpoints.prototype, 'newestRecords', 'get').mockImplementation(() => {
    looks += 1
    if (looks === 2) throw new Error('the disk fails')
    return before
  })
  const { referenceNos } = vault.enrolments.commit({ id: 'R-1', references: [referenceOf('a')], audit: enrolEntry })
  reading.mockRestore()
  expect([referenceNos, looks]).toEqual([[1], 2])
  expect(vault.subjects.get('R-1')).toBeDefined()
})
