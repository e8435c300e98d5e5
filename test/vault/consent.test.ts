/** What a subject agreed to is sealed with the subject; exemptions are sealed with the reference; both go with them. */
import { expect, it } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import type { Consent } from '../../src/contract/rows/consent.ts'
import { enrolEntry, eraseEntry, filesWith, newVault, referenceOf, reopened, temporaryFolder } from './fixtures.ts'

const first: Consent = { version: 1, language: 'de', at: '2031-05-06T07:08:09.000Z' }
const second: Consent = { version: 3, language: 'ar', at: '2031-06-06T07:08:09.000Z' }
const rotateEntry: AuditEntry = { event: 'vault.rotate', actor: { role: 'administrator', door: 'ipc' }, outcome: 'done' }

it('each consent is kept in its order, through a new name, another version, a deep rotation and an opening', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  vault.enrolments.commit({ id: 'R-1', name: 'Ada', references: [referenceOf('a')], consent: first, audit: enrolEntry })
  vault.enrolments.commit({ id: 'R-2', references: [referenceOf('b')], audit: enrolEntry })
  expect([vault.subjects.consentsOf('R-1'), vault.subjects.consentsOf('R-2'), vault.subjects.consentsOf('R-3')]).toEqual([[first], [], []])
  vault.enrolments.commit({ id: 'R-1', name: 'Ada Lovelace', references: [referenceOf('c')], audit: enrolEntry })
  vault.enrolments.commit({ id: 'R-1', references: [referenceOf('d')], consent: second, audit: enrolEntry })
  vault.enrolments.commit({ id: 'R-2', references: [referenceOf('e')], consent: second, audit: enrolEntry })
  let job = vault.rotation.begin({ deep: true, audit: rotateEntry })
  while (job.state === 'running') job = vault.rotation.step(job.id)
  vault.close()
  const again = await reopened(folder)
  expect(again.subjects.get('R-1')?.name).toBe('Ada Lovelace')
  expect([again.subjects.consentsOf('R-1'), again.subjects.consentsOf('R-2')]).toEqual([[first, second], [second]])
  expect(again.subjects.search({ query: 'Lovelace', limit: 5, after: 0 }).subjects.map(({ id }) => id)).toEqual(['R-1'])
})

it('nothing of a consent or an exemption is readable in the files, and both go with the subject', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const exemption = { reason: 'eyeCondition', note: 'wears a patch after surgery' } as const
  vault.enrolments.commit({ id: 'R-1', references: [referenceOf('a', { exemption })], consent: first, audit: enrolEntry })
  expect(vault.references.history('R-1')[0]?.exemption).toEqual(exemption)
  expect(vault.references.history('R-1')[0]?.quality?.qualityScore).toBe(0.9)
  vault.enrolments.commit({ id: 'R-2', references: [referenceOf('b')], audit: enrolEntry })
  expect(vault.references.history('R-2')[0]).not.toHaveProperty('exemption')
  for (const secret of ['eyeCondition', 'patch after', first.at]) expect(filesWith(folder, Buffer.from(secret))).toEqual([])
  vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
  expect(vault.subjects.consentsOf('R-1')).toEqual([])
})

it('every stored sample of a subject is read, of superseded versions too', async () => {
  const vault = await newVault(temporaryFolder())
  vault.enrolments.commit({ id: 'R-1', references: [referenceOf('a')], audit: enrolEntry })
  vault.enrolments.commit({ id: 'R-1', references: [referenceOf('b', { sample: null }), referenceOf('c')], audit: enrolEntry })
  const samples = vault.references.samplesOf('R-1')
  expect([...samples.keys()]).toEqual([1, 3])
  expect(Buffer.compare(samples.get(3)!, referenceOf('c').sample!)).toBe(0)
  expect(vault.references.samplesOf('R-9').size).toBe(0)
})
