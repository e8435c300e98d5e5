/** Disks with their own ways: nothing that was committed is refused because of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import { AuditCheckpoints } from '../../src/vault/auditCheckpoints.ts'
import { restoreVault } from '../../src/vault/backup/restore.ts'
import { openVault } from '../../src/vault/open.ts'
import { SegmentFiles } from '../../src/vault/segmentFiles.ts'
import {
  clock,
  codeOf,
  enrolEntry,
  eraseEntry,
  galleryModelOf,
  handedOver,
  model,
  newVault,
  passphrase,
  referenceOf,
  rowsHeld,
  temporaryFolder,
} from './fixtures.ts'

/** What syncing a folder answers, and which folders were synced. */
const folders = vi.hoisted(() => ({ code: undefined as string | undefined, synced: [] as string[] }))
/** A file that cannot be removed. */
const stuck = vi.hoisted(() => ({ path: undefined as string | undefined }))

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  const fsyncSync = (descriptor: number) => {
    if (real.fstatSync(descriptor).isDirectory()) {
      if (process.platform === 'linux') folders.synced.push(real.readlinkSync(`/proc/self/fd/${descriptor}`))
      if (folders.code !== undefined) throw Object.assign(new Error('fsync of a folder'), { code: folders.code })
    }
    real.fsyncSync(descriptor)
  }
  const rmSync: typeof real.rmSync = (path, options) => {
    if (String(path) === stuck.path) throw Object.assign(new Error('removal of a file'), { code: 'EBUSY' })
    real.rmSync(path, options)
  }
  return { ...real, fsyncSync, rmSync }
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

it('a segment whose number is given again is not taken for what the disk did not let go of', async () => {
  const folder = temporaryFolder()
  const files = new SegmentFiles(join(folder, 'vault.db'))
  await files.write(1, [Buffer.from('not entered')])
  stuck.path = files.path(1)
  files.remove([1])
  stuck.path = undefined
  await files.write(1, [Buffer.from('entered')])
  files.remove([2])
  expect(readFileSync(files.path(1), 'utf8')).toBe('entered')
})

it('a segment that the disk does not let go of keeps no erasure from being acknowledged, and goes with the next one', async () => {
  const folder = temporaryFolder()
  const segmentRows = 4
  const vault = await newVault(folder, 'demo', segmentRows)
  for (let no = 1; no <= 2 * segmentRows; no++)
    vault.enrolments.commit({ id: `S-${no}`, references: [referenceOf(`s${no}`)], audit: enrolEntry })
  await vault.galleries.seal(galleryModelOf(model))
  const segments = () => readdirSync(join(folder, 'gallery')).sort()
  expect(segments()).toEqual(['1.segment', '2.segment'])
  stuck.path = join(folder, 'gallery', '1.segment')
  onTestFinished(() => {
    stuck.path = undefined
  })
  const erased = vault.erasures.erase({ id: 'S-1', audit: eraseEntry })
  expect(erased.removedReferenceNos).toEqual([1])
  expect(vault.erasures.verifyCertificate(JSON.stringify(erased.certificate), 'S-1').ok).toBe(true)
  expect(vault.subjects.get('S-1')).toBeUndefined()
  expect(segments()).toEqual(['1.segment', '2.segment'])
  stuck.path = undefined
  vault.erasures.erase({ id: 'S-5', audit: eraseEntry })
  expect(segments()).toEqual([])
  const held = rowsHeld(vault, galleryModelOf(model))
  expect([...held.keys()]).toEqual([2, 3, 4, 6, 7, 8])
  expect((await handedOver(vault, galleryModelOf(model))).rows).toEqual(held)
})
