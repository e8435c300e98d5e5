/** Restriction of processing and correction of subjects, as the vault keeps them. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import type { Vault } from '../../src/vault/vault.ts'
import {
  codeOf,
  enrolEntry,
  eraseEntry,
  galleryModelOf,
  handedOver,
  model,
  newVault,
  rawDatabase,
  referenceOf,
  reopened,
  storeEntry,
  templateOf,
  temporaryFolder,
} from './fixtures.ts'

const supervisor = { role: 'supervisor', door: 'ipc', operator: 'account-1' } as const
const restrictEntry: AuditEntry = { event: 'subject.restrict', actor: supervisor, outcome: 'done' }
const liftEntry: AuditEntry = { event: 'subject.liftRestriction', actor: supervisor, outcome: 'done' }
const correctEntry: AuditEntry = { event: 'subject.correct', actor: supervisor, outcome: 'done' }
const rollBackEntry: AuditEntry = { event: 'reference.rollBack', actor: supervisor, outcome: 'done' }

const restrict = (vault: Vault, id: string, reason = 'contests that it is right') =>
  vault.rights.restrict({ id, reason, by: 'account-1', audit: restrictEntry })
const lift = (vault: Vault, id: string, reason = 'was corrected') => vault.rights.lift({ id, reason, by: 'account-2', audit: liftEntry })

/** Three subjects; B has two versions and two references in the newer one: 3 and 4 of 1 to 5. */
const enrolled = async (folder: string) => {
  const vault = await newVault(folder)
  const commit = (id: string, seeds: readonly string[], name?: string) =>
    vault.enrolments.commit({ id, name, references: seeds.map((seed) => referenceOf(seed)), audit: enrolEntry })
  commit('A', ['a'], 'Ada Lovelace')
  commit('B', ['b1'], 'Bertha Benz')
  commit('B', ['b2', 'b3'])
  commit('C', ['c'])
  return vault
}
const inGallery = async (vault: Vault) => [...(await handedOver(vault, galleryModelOf(model))).rows.keys()].sort((a, b) => a - b)
const found = (vault: Vault, query: string) => vault.subjects.search({ query, limit: 10, after: 0 }).subjects.map(({ id }) => id)

it('a restricted subject leaves the gallery and keeps everything; lifted, it is back as it was', async () => {
  const folder = temporaryFolder()
  const vault = await enrolled(folder)
  const before = { counts: vault.galleries.counts(), history: vault.references.history('B'), summary: vault.subjects.get('B') }
  expect(await inGallery(vault)).toEqual([1, 3, 4, 5])
  const change = restrict(vault, 'B')
  expect(change).toMatchObject({ referenceNos: [], removedReferenceNos: [3, 4], sequence: before.counts.sequence + 1 })
  expect(vault.galleries.counts()).toMatchObject({ subjects: 3, references: 2 })
  expect(await inGallery(vault)).toEqual([1, 5])
  expect(vault.references.byNo([1, 3, 4, 5]).map(({ subjectId }) => subjectId)).toEqual(['A', 'C'])
  // It is there as before: with its name, its versions, its count, and everything for its export.
  expect(vault.references.history('B')).toEqual(before.history)
  expect(vault.subjects.get('B')).toEqual({ ...before.summary, restrictedSince: change.since })
  expect(vault.references.samplesOf('B').size).toBe(3)
  expect(found(vault, 'berth')).toEqual(['B'])
  expect(vault.subjects.restrictionsOf('B')).toEqual([
    { since: change.since, by: 'account-1', reason: 'contests that it is right', lifted: null },
  ])
  const lifted = lift(vault, 'B')
  expect(lifted).toMatchObject({ referenceNos: [3, 4], removedReferenceNos: [], sequence: change.sequence + 1 })
  expect(lifted.added).toEqual([
    { referenceNo: 3, model, template: templateOf('b2') },
    { referenceNo: 4, model, template: templateOf('b3') },
  ])
  expect(await inGallery(vault)).toEqual([1, 3, 4, 5])
  expect([vault.references.history('B'), vault.subjects.get('B')]).toEqual([before.history, before.summary])
  expect(vault.galleries.counts()).toEqual({ ...before.counts, sequence: lifted.sequence })
  expect(vault.subjects.restrictionsOf('B')).toEqual([
    {
      since: change.since,
      by: 'account-1',
      reason: 'contests that it is right',
      lifted: { at: expect.any(String), by: 'account-2', reason: 'was corrected' },
    },
  ])
})

it('what is kept of a restricted subject is not used: each use is refused', async () => {
  const vault = await enrolled(temporaryFolder())
  vault.storedTemplates.commit({ id: 'T', model, template: templateOf('t'), metadata: {}, audit: storeEntry })
  for (const id of ['B', 'T']) restrict(vault, id)
  const uses: Readonly<Record<string, () => unknown>> = {
    verification: () => vault.references.ofSubject('B', model),
    picture: () => vault.references.newestSample('B'),
    proof: () => vault.subjects.exceptionProof('B'),
    recapture: () => vault.enrolments.commit({ id: 'B', references: [referenceOf('b4')], audit: enrolEntry }),
    batch: () => vault.enrolments.commitBatch({ entries: [{ id: 'B', references: [referenceOf('b5')] }], audit: enrolEntry }),
    label: () => vault.subjects.changeLabel({ id: 'B', label: { category: 2 }, audit: () => enrolEntry }),
    rollBack: () => vault.versions.rollBack({ id: 'B', version: 1, audit: rollBackEntry }),
    removal: () => vault.versions.remove({ id: 'B', version: 1, audit: rollBackEntry }),
    again: () => restrict(vault, 'B'),
    retrieval: () => vault.storedTemplates.retrieve('T'),
    storing: () => vault.storedTemplates.commit({ id: 'T', model, template: templateOf('u'), metadata: {}, audit: storeEntry }),
  }
  const { sequence } = vault.galleries.counts()
  for (const [name, use] of Object.entries(uses)) expect([name, await codeOf(async () => use())]).toEqual([name, 'subject.restricted'])
  expect(vault.galleries.counts().sequence).toBe(sequence)
  for (const id of ['B', 'T']) lift(vault, id)
  // Each of them is possible again, so that each of the refusals says something.
  expect(vault.references.ofSubject('B', model)).toHaveLength(2)
  expect(vault.storedTemplates.retrieve('T')?.data).toEqual(templateOf('t'))
  expect(await codeOf(async () => uses.label?.())).toBeUndefined()
  expect(await codeOf(async () => uses.rollBack?.())).toBeUndefined()
  expect(await codeOf(() => lift(vault, 'B'))).toBe('subject.notRestricted')
  expect(await codeOf(() => restrict(vault, 'nobody'))).toBe('subject.unknown')
})

it('outlives a closing, sealed segments of the gallery, new keys, and an older version that had been active', async () => {
  const folder = temporaryFolder()
  const vault = await enrolled(folder)
  vault.versions.rollBack({ id: 'B', version: 1, audit: rollBackEntry })
  await vault.galleries.seal(galleryModelOf(model))
  restrict(vault, 'B')
  vault.close()
  const again = await reopened(folder)
  expect(await inGallery(again)).toEqual([1, 5])
  await again.galleries.seal(galleryModelOf(model))
  expect(await inGallery(again)).toEqual([1, 5])
  const { id } = again.rotation.begin({ deep: true, audit: enrolEntry })
  while (again.rotation.step(id).state !== 'done');
  expect(again.upkeep.unsealAll('B')).toBeGreaterThan(0)
  expect((await again.upkeep.run({ thorough: true })).ok).toBe(true)
  lift(again, 'B')
  expect(await inGallery(again)).toEqual([1, 2, 5])
  again.close()
  const last = await reopened(folder)
  expect(await inGallery(last)).toEqual([1, 2, 5])
  expect(last.subjects.restrictionsOf('B')).toHaveLength(1)
  expect((await last.upkeep.run({ thorough: true })).ok).toBe(true)
})

it('nothing is deleted of it meanwhile but by an erasure: not by the retention, not with its model', async () => {
  const folder = temporaryFolder()
  const vault = await enrolled(folder)
  vault.settings.change({ name: 'retention.supersededDays', value: 0, audit: enrolEntry })
  restrict(vault, 'B')
  expect(vault.versions.due()).toEqual({ days: 0, due: 0 })
  expect(await vault.versions.sweep(enrolEntry)).toEqual({ removed: 0 })
  // Another model takes over; the restricted subject is not looked at, and its references stay with the old one.
  const { id } = vault.models.begin({ model: 'other@2', pack: 'other', audit: enrolEntry })
  for (;;) {
    const { samples } = vault.models.next(id, 10)
    vault.models.commit(
      id,
      samples.map(({ referenceNo }) => ({ referenceNo, template: templateOf(`other ${referenceNo}`) })),
    )
    if (samples.length === 0) break
  }
  expect(vault.models.missing('other@2')).toBe(0)
  expect(await vault.models.remove({ model, active: 'other@2', audit: enrolEntry }, async () => undefined)).toEqual({ removed: 2 })
  lift(vault, 'B')
  expect(vault.references.ofSubject('B', model)?.map(({ referenceNo }) => referenceNo)).toEqual([3, 4])
  expect([vault.models.missing('other@2'), vault.versions.due().due]).toEqual([1, 1])
  const later = vault.models.begin({ model: 'other@2', pack: 'other', audit: enrolEntry }).id
  expect(vault.models.next(later, 10).samples.map(({ referenceNo }) => referenceNo)).toEqual([3, 4])
})

it('an erasure takes a restricted subject with all its restrictions', async () => {
  const folder = temporaryFolder()
  const vault = await enrolled(folder)
  restrict(vault, 'B')
  lift(vault, 'B')
  restrict(vault, 'B')
  expect(vault.erasures.erase({ id: 'B', audit: eraseEntry })).toMatchObject({ removedReferenceNos: [] })
  expect(vault.galleries.counts()).toMatchObject({ subjects: 2, references: 2 })
  expect((await vault.upkeep.run({ thorough: true })).ok).toBe(true)
  vault.enrolments.commit({ id: 'B', references: [referenceOf('new')], audit: enrolEntry })
  expect(vault.subjects.restrictionsOf('B')).toEqual([])
  vault.close()
  const raw = await rawDatabase(folder)
  expect(raw.prepare('SELECT count(*) AS count FROM subject_restrictions').get()).toEqual({ count: 0 })
  raw.close()
})

it('neither the file nor the audit chain says why; the chain names no subject', async () => {
  const folder = temporaryFolder()
  const vault = await enrolled(folder)
  restrict(vault, 'B', 'a reason that nobody reads')
  lift(vault, 'B', 'an end that nobody reads')
  vault.rights.correct({ id: 'B', name: 'Bertha Ringer', audit: correctEntry })
  const { records } = await vault.audit.page({ limit: 10 })
  const texts = JSON.stringify(records)
  for (const secret of ['nobody reads', 'Bertha', 'Ringer', '"B"']) expect(texts).not.toContain(secret)
  expect(records.filter(({ event }) => event === 'subject.restrict' || event === 'subject.liftRestriction')).toHaveLength(2)
  vault.close()
  const raw = await rawDatabase(folder)
  const rows = raw.prepare<[], { sealed: Buffer }>('SELECT sealed FROM subject_restrictions').all()
  expect(rows.map(({ sealed }) => sealed.includes('nobody reads'))).toEqual([false])
  // When it was lifted is bound to the reason.
  raw.exec('UPDATE subject_restrictions SET lifted_ms = NULL')
  raw.close()
  const again = await reopened(folder)
  expect(await codeOf(() => again.subjects.restrictionsOf('B'))).toBe('vault.damaged')
})

it('who is restricted is no candidate of what waits, until it is lifted', async () => {
  const vault = await enrolled(temporaryFolder())
  const candidates = ['A', 'B'].map((id, at) => ({ id, comparisonScore: 0.9 - at / 10 }))
  const content = { id: 'N', name: null, form: {}, formVersion: 0, note: '', known: false }
  const item = vault.drafts.leave({ state: 'duplicate', owner: null, content, captures: [], proof: null, candidates, audit: enrolEntry })
  const ids = () => vault.drafts.candidatesOf(item).map(({ id }) => id)
  expect(ids()).toEqual(['A', 'B'])
  restrict(vault, 'A')
  expect(ids()).toEqual(['B'])
  lift(vault, 'A')
  expect(ids()).toEqual(['A', 'B'])
})

it('any order of restricting, lifting, re-capturing and rolling back leaves the gallery that a plain model of it says', async () => {
  const ids = ['A', 'B', 'C'] as const
  const step = fc.record({
    id: fc.constantFrom(...ids),
    what: fc.constantFrom('restrict', 'lift', 'capture', 'rollBack', 'reopen' as const),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const folder = temporaryFolder()
      let vault = await newVault(folder)
      let next = 1
      const state = new Map<string, { versions: number[][]; active: number; restricted: boolean }>()
      const capture = (id: string) => {
        const { referenceNos } = vault.enrolments.commit({ id, references: [referenceOf(`${id} ${next++}`)], audit: enrolEntry })
        const known = state.get(id) ?? { versions: [], active: 0, restricted: false }
        known.versions.push([...referenceNos])
        known.active = known.versions.length
        state.set(id, known)
      }
      for (const id of ids) capture(id)
      for (const { id, what } of steps) {
        const known = state.get(id) as { versions: number[][]; active: number; restricted: boolean }
        if (what === 'reopen') {
          vault.close()
          vault = await reopened(folder)
        } else if (what === 'restrict' || what === 'lift') {
          const change = what === 'restrict' ? restrict : lift
          const refused = known.restricted === (what === 'restrict')
          const expected = what === 'restrict' ? 'subject.restricted' : 'subject.notRestricted'
          expect(await codeOf(async () => change(vault, id))).toBe(refused ? expected : undefined)
          known.restricted = what === 'restrict'
        } else if (known.restricted) {
          const use = what === 'capture' ? () => capture(id) : () => vault.versions.rollBack({ id, version: 1, audit: rollBackEntry })
          expect(await codeOf(async () => use())).toBe('subject.restricted')
        } else if (what === 'capture') capture(id)
        else if (known.active !== 1) {
          vault.versions.rollBack({ id, version: 1, audit: rollBackEntry })
          known.active = 1
        }
        const expected = [...state.values()].flatMap((one) => (one.restricted ? [] : (one.versions[one.active - 1] as number[])))
        expect(await inGallery(vault)).toEqual(expected.sort((a, b) => a - b))
      }
      expect((await vault.upkeep.run({ thorough: true })).ok).toBe(true)
      vault.close()
    }),
    { numRuns: Number(process.env.VULTUS_ROUNDS ?? 6) },
  )
})

it('a corrected name is found, the wrong one is not, and the form is replaced', async () => {
  const folder = temporaryFolder()
  const vault = await enrolled(folder)
  const form = (birth: string) => ({ version: 1, values: { birth } })
  const first = vault.subjects.revisionOf('A') as string
  const revision = vault.rights.correct({ id: 'A', name: 'Augusta King', form: form('1815-12-10'), revision: first, audit: correctEntry })
  expect([found(vault, 'lovel'), found(vault, 'augus'), found(vault, 'king')]).toEqual([[], ['A'], ['A']])
  expect(vault.subjects.get('A')?.name).toBe('Augusta King')
  expect(vault.subjects.intakeOf('A')?.form).toEqual(form('1815-12-10'))
  expect(vault.subjects.revisionOf('A')).toBe(revision)
  // Somebody else was faster.
  expect(await codeOf(() => vault.rights.correct({ id: 'A', name: 'Nobody', revision: first, audit: correctEntry }))).toBe(
    'subject.changed',
  )
  expect(await codeOf(() => vault.rights.correct({ id: 'Z', name: 'Nobody', audit: correctEntry }))).toBe('subject.unknown')
  // The form alone, in a restriction, and no name at all.
  restrict(vault, 'A')
  vault.rights.correct({ id: 'A', form: form('1815-12-11'), revision, audit: correctEntry })
  expect([vault.subjects.get('A')?.name, vault.subjects.intakeOf('A')?.form]).toEqual(['Augusta King', form('1815-12-11')])
  vault.rights.correct({ id: 'A', name: null, audit: correctEntry })
  expect([vault.subjects.get('A')?.name, found(vault, 'augus')]).toEqual([null, []])
  // No row of the index is of a name of before.
  expect((await vault.upkeep.run({ thorough: true })).ok).toBe(true)
  vault.close()
  expect((await reopened(folder)).subjects.get('A')?.name).toBeNull()
})
