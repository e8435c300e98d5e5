/** A small disk of its own, where the test may mount one: full, with space again, and read-only. */
import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { administrator, openTestStation, type TestStation } from '../support/station.ts'
import {
  bytesOf,
  codeOf,
  enrolEntry,
  eraseEntry,
  galleryModelOf,
  model,
  newVault,
  referenceOf,
  reopened,
  temporaryFolder,
} from '../vault/fixtures.ts'

const diskKiB = 24 * 1024

function run(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function mayMount(): boolean {
  const folder = temporaryFolderForNow()
  const mounted = run('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder)
  if (mounted) run('umount', folder)
  rmSync(folder, { recursive: true })
  return mounted
}

const temporaryFolderForNow = () => execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim()

function smallDisk(): string {
  const folder = temporaryFolder()
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${diskKiB}k,mode=700`, 'tmpfs', folder)) throw new Error('The disk could not be mounted')
  onTestFinished(() => {
    run('umount', folder)
  })
  return folder
}

/** A station on a folder where no vault need be yet; the folder stays the test's. */
const openTestStationIn = (folder: string): Promise<TestStation> => openTestStation({ folder })

const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mayMount()
const how = canMount ? '' : ' (skipped: disks can only be mounted by root)'

it.skipIf(!canMount)(`a full disk is told, loses nothing, and is over when there is space${how}`, async () => {
  const disk = smallDisk()
  const folder = join(disk, 'data')
  const ballast = join(disk, 'ballast')
  writeFileSync(ballast, Buffer.alloc(16 * 1024 * 1024))
  const vault = await newVault(folder, 'demo', 4)
  const enrol = (no: number) =>
    vault.enrolments.commit({
      id: `R-${no}`,
      name: `Name ${no}`,
      references: [referenceOf(`${no}`, { sample: bytesOf(`${no}`, 100_000) })],
      audit: enrolEntry,
    })
  let stored = 0
  let code: string | undefined
  while (code === undefined && stored < 100) {
    code = await codeOf(() => enrol(stored))
    if (code === undefined) stored += 1
  }
  expect(code).toBe('vault.diskFull')
  expect(stored).toBeGreaterThan(5)
  expect(vault.galleries.counts()).toMatchObject({ subjects: stored, references: stored })
  expect(await codeOf(() => enrol(stored))).toBe('vault.diskFull')
  // The log that filled the disk has gone into the database or not; what was acknowledged is there.
  for (let no = 0; no < stored; no++) expect(Buffer.from(vault.references.newestSample(`R-${no}`)!)).toEqual(bytesOf(`${no}`, 100_000))

  rmSync(ballast)
  enrol(stored)
  vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
  await vault.galleries.seal(galleryModelOf(model))
  expect(await vault.upkeep.run({ thorough: true })).toMatchObject({ ok: true })
  vault.close()
  const again = await reopened(folder, 4)
  expect(again.galleries.counts()).toMatchObject({ subjects: stored, references: stored })
  expect(again.audit.verify()).toMatchObject({ ok: true, records: stored + 2 })
})

it.skipIf(!canMount)(`a segment that does not fit is told and leaves nothing behind${how}`, async () => {
  const disk = smallDisk()
  const folder = join(disk, 'data')
  const vault = await newVault(folder, 'demo', 64)
  for (let no = 0; no < 64; no++) {
    vault.enrolments.commit({ id: `R-${no}`, references: [referenceOf(`${no}`, { sample: null })], audit: enrolEntry })
  }
  const ballast = join(disk, 'ballast')
  run('dd', 'if=/dev/zero', `of=${ballast}`, 'bs=4k')
  expect(await codeOf(() => vault.galleries.seal(galleryModelOf(model)))).toBe('vault.diskFull')
  expect(readdirSync(join(folder, 'gallery'))).toEqual([])
  rmSync(ballast)
  expect(await vault.galleries.seal(galleryModelOf(model))).toBe(1)
})

it.skipIf(!canMount)(`a read-only disk is told, and the vault opens when it can be written to again${how}`, async () => {
  const disk = smallDisk()
  const folder = join(disk, 'data')
  const vault = await newVault(folder)
  vault.enrolments.commit({ id: 'R-1', references: [referenceOf('a')], audit: enrolEntry })
  vault.close()
  expect(run('mount', '-o', 'remount,ro', disk)).toBe(true)
  expect(await codeOf(() => reopened(folder))).toBe('vault.unwritable')
  expect(run('mount', '-o', 'remount,rw', disk)).toBe(true)
  expect((await reopened(folder)).galleries.counts().subjects).toBe(1)
})

it.skipIf(!canMount)(`a station on a full disk refuses reads by name, and answers them when there is space${how}`, async () => {
  const disk = smallDisk()
  const { call, station, close } = await openTestStationIn(join(disk, 'data'))
  await call('vault.init', { key: 'passphrase', kind: 'demo' })
  for (const name of ['subject.list', 'operator.list'] as const) await call(name, {})
  const ballast = join(disk, 'ballast')
  run('dd', 'if=/dev/zero', `of=${ballast}`, 'bs=4k')
  const refusals = new Set<string>()
  // The log may have room for a few records yet.
  for (let times = 0; times < 300 && refusals.size === 0; times++) {
    const outcome = await station.run('subject.list', {}, administrator)
    if (!outcome.ok) refusals.add(`${outcome.refusal.code} ${outcome.refusal.detail}`)
  }
  expect([...refusals]).toEqual(['audit.unrecorded vault.diskFull'])
  expect(await call('audit.verify', {})).toMatchObject({ ok: true })
  expect((await call('audit.list', { limit: 1 })).records).toHaveLength(1)
  rmSync(ballast)
  expect(await call('subject.list', {})).toEqual({ subjects: [] })
  expect(await call('vault.maintain', { thorough: true })).toMatchObject({ ok: true })
  await close()
})

it.skipIf(!canMount)(`a disk that becomes read-only under an open station: nothing is disclosed or lost${how}`, async () => {
  const disk = smallDisk()
  const bound = temporaryFolder()
  expect(run('mount', '--bind', disk, bound)).toBe(true)
  onTestFinished(() => {
    run('umount', bound)
  })
  const folder = join(bound, 'data')
  const first = await openTestStationIn(folder)
  await first.call('vault.init', { key: 'passphrase', kind: 'demo' })
  await first.close()
  expect(run('mount', '-o', 'remount,bind,ro', bound)).toBe(true)
  const second = await openTestStationIn(folder)
  expect(await second.call('vault.status', {})).toMatchObject({ state: 'locked', problem: { code: 'vault.unwritable' } })
  expect(await second.station.run('subject.list', {}, administrator)).toMatchObject({ ok: false, refusal: { code: 'vault.unwritable' } })
  expect(run('mount', '-o', 'remount,bind,rw', bound)).toBe(true)
  expect(await second.call('subject.list', {})).toEqual({ subjects: [] })
  await second.close()
})
