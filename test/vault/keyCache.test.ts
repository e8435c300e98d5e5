/** Unwrapped subject keys are kept only to be fast: bounded, and gone on lock, sign-out, rotation, erasure and closing. */
import { randomBytes } from 'node:crypto'
import { expect, it, onTestFinished, vi } from 'vitest'
import { unwrap } from '../../src/contract/errors.ts'
import type { AuditEntry } from '../../src/contract/records.ts'
import { SubjectKeyCache } from '../../src/vault/subjectKeys.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { stationWithoutProcesses } from '../support/stationWithoutProcesses.ts'
import { enrolEntry, eraseEntry, newVault, passphrase, referenceOf, temporaryFolder } from './fixtures.ts'

/** The caches that were made, each by an open vault. */
function caches(): Set<SubjectKeyCache> {
  const made = new Set<SubjectKeyCache>()
  const { keep } = SubjectKeyCache.prototype
  vi.spyOn(SubjectKeyCache.prototype, 'keep').mockImplementation(function (this: SubjectKeyCache, ...args) {
    made.add(this)
    keep.apply(this, args)
  })
  onTestFinished(() => void vi.restoreAllMocks())
  return made
}

const sizeOf = (made: Iterable<SubjectKeyCache>) => [...made].reduce((sum, cache) => sum + cache.size, 0)
const rotateEntry: AuditEntry = { event: 'vault.rotate', actor: { role: 'administrator', door: 'command' }, outcome: 'done' }

function enrol(vault: Vault, count: number): void {
  for (let no = 1; no <= count; no++) vault.enrolments.commit({ id: `R-${no}`, references: [referenceOf('a')], audit: enrolEntry })
}

it('is emptied by a rotation, an erasure and closing, and nothing of it is needed', async () => {
  const made = caches()
  const vault = await newVault(temporaryFolder())
  enrol(vault, 3)
  for (const deep of [false, true]) {
    vault.subjects.all()
    expect(sizeOf(made)).toBe(3)
    const job = vault.rotation.begin({ deep, audit: rotateEntry })
    while (vault.rotation.step(job.id).state === 'running');
    expect([deep, sizeOf(made)]).toEqual([deep, 0])
  }
  expect(vault.subjects.all().length).toBe(3)
  expect(sizeOf(made)).toBe(3)
  vault.erasures.erase({ id: 'R-2', audit: eraseEntry })
  expect(sizeOf(made)).toBe(0)
  expect(vault.subjects.all().length).toBe(2)
  vault.close()
  expect(sizeOf(made)).toBe(0)
})

it('keeps so many at most, those that were used last', () => {
  const cache = new SubjectKeyCache()
  const rowOf = (no: number) => ({ subject_no: no, key_tag: Buffer.from(randomBytes(16)) })
  const rows = Array.from({ length: 5000 }, (_, no) => rowOf(no))
  for (const row of rows) {
    cache.keep(row, {} as never)
    cache.find(rows[0] as (typeof rows)[number])
  }
  expect(cache.size).toBe(4096)
  expect(cache.find(rows[0] as (typeof rows)[number])).toBeDefined()
  expect(cache.find(rows[1] as (typeof rows)[number])).toBeUndefined()
  expect(cache.find(rows[4999] as (typeof rows)[number])).toBeDefined()
})

it('is emptied when a window is locked and when somebody signs out', async () => {
  const folder = temporaryFolder()
  const secret = 'a long enough password'
  const vault = await newVault(folder)
  enrol(vault, 3)
  await vault.operators.add({ name: 'Ada', role: 'administrator', secretKind: 'password', secret }, rotateEntry.actor)
  vault.close()
  const made = caches()
  const station = stationWithoutProcesses({ dataFolder: folder, passphrase })
  onTestFinished(() => station.close())
  const at = (session?: string) => ({ role: 'administrator', door: 'ipc', session }) as const
  for (const leave of ['operator.lock', 'operator.signOut']) {
    const { session } = unwrap(await station.run('operator.signIn', { name: 'Ada', secret }, at())) as { session: string }
    unwrap(await station.run('subject.list', {}, at(session)))
    expect(sizeOf(made)).toBe(3)
    unwrap(await station.run(leave, {}, at(session)))
    expect([leave, sizeOf(made)]).toEqual([leave, 0])
  }
})
