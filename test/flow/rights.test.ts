/** Restriction and correction of subjects with real processes: refused, not found, after a restart too; lifted, as before. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { formFormat } from '../../src/contract/form.ts'
import type { Actor } from '../../src/contract/records.ts'
import type { InputOf } from '../../src/contract/table.ts'
import { drawPortrait } from '../../src/face/drawing.ts'
import { codeOf } from '../support/codeOf.ts'
import { folderOfTests } from '../support/folderOfTests.ts'
import { openTestStation, type TestStation } from '../support/station.ts'

const folder = folderOfTests()
let station: TestStation
beforeAll(async () => {
  station = await openTestStation({ folder })
  await station.call('vault.init', { key: 'passphrase', kind: 'real' })
})
afterAll(() => station.close())

const supervisor: Actor = { role: 'supervisor', door: 'socket' }
const operator: Actor = { role: 'operator', door: 'socket' }
const id = (text: string) => text as never
const captureOf = async (subject: number, variation = 0) =>
  (await station.call('capture.fromPicture', { picture: await drawPortrait(subject, variation) })).captureId
const enrol = async (name: string, subject: number, input: Partial<InputOf<'subject.enrol'>> = {}) =>
  await station.call('subject.enrol', { id: id(name), captureIds: [await captureOf(subject)], ...input }, supervisor)
const found = async (subject: number) =>
  (await station.call('gallery.identify', { captureId: await captureOf(subject, 1) })).candidates.map((candidate) => candidate.id)
const verified = async (name: string, subject: number) => {
  const captureId = await captureOf(subject, 1)
  return await station.call('subject.verify', { id: id(name), captureId }, operator).then(
    ({ decision }) => decision,
    (error) => error.code,
  )
}
const references = async () => (await station.call('gallery.status', {})).references
const reopen = async () => {
  await station.close()
  station = await openTestStation({ folder })
}

it('a restricted subject is refused and found by nobody, also after a restart; lifted, all is as before', async () => {
  for (const subject of [0, 1, 2]) await enrol(`S-${subject}`, subject, { name: `Person ${subject}` })
  const before = await station.call('subject.get', { id: id('S-1') })
  expect([await verified('S-1', 1), await found(1), await references()]).toEqual(['match', ['S-1'], 3])
  const picture = (await station.call('subject.picture', { id: id('S-1') })).sample

  const reason = 'contests the name'
  expect(await codeOf(station.call('subject.restrict', { id: id('S-1'), reason }, operator))).toBe('permission.denied')
  const restricted = await station.call('subject.restrict', { id: id('S-1'), reason }, supervisor)
  const refused = async () => {
    expect([await verified('S-1', 1), await found(1), await references()]).toEqual(['subject.restricted', [], 2])
    expect([await verified('S-0', 0), await found(2)]).toEqual(['match', ['S-2']])
    for (const use of [
      () => station.call('subject.picture', { id: id('S-1') }),
      () => enrol('S-1', 1),
      () => station.call('subject.label', { id: id('S-1'), category: 3 }),
      () => station.call('reference.rollBack', { id: id('S-1'), toVersion: 1 }),
      () => station.call('subject.restrict', { id: id('S-1'), reason }, supervisor),
    ])
      expect(await codeOf(use())).toBe('subject.restricted')
    expect(await codeOf(station.call('exception.propose', { id: id('S-1'), reason: 'injury' }, operator))).toBe('subject.exists')
  }
  await refused()
  await reopen()
  await refused()

  const shown = await station.call('subject.get', { id: id('S-1') }, operator)
  expect(shown).toMatchObject({
    references: 1,
    restrictedSince: restricted.since,
    restriction: { reason, since: restricted.since, by: null },
  })
  expect(await station.call('subject.get', { id: id('S-1') }, { role: 'auditor', door: 'socket' })).toMatchObject({
    restriction: { reason: null, by: null },
  })
  const { subjects } = await station.call('subject.list', {})
  expect(subjects.map((subject) => subject.restrictedSince)).toEqual([undefined, restricted.since, undefined])
  const exported = await station.call('subject.export', { id: id('S-1') }, supervisor)
  expect(exported.restrictions).toEqual([{ since: restricted.since, by: null, reason, lifted: null }])
  expect(exported.references[0]?.picture).toBe(Buffer.from(picture as Uint8Array).toString('base64'))

  await station.call('subject.liftRestriction', { id: id('S-1'), reason: 'was right' }, supervisor)
  expect([await verified('S-1', 1), await found(1), await references()]).toEqual(['match', ['S-1'], 3])
  expect((await station.call('subject.picture', { id: id('S-1') })).sample).toEqual(picture)
  expect(await station.call('subject.get', { id: id('S-1') })).toEqual(before)
  await reopen()
  expect([await verified('S-1', 1), await found(1)]).toEqual(['match', ['S-1']])
})

it('somebody restricted who enrols under another number is nobody’s duplicate, and a pair once it is lifted', async () => {
  await station.call('subject.restrict', { id: id('S-2'), reason: 'keeps it for a court' }, supervisor)
  await enrol('S-2b', 2)
  expect(await found(2)).toEqual(['S-2b'])
  await station.call('subject.liftRestriction', { id: id('S-2'), reason: 'the court has decided' }, supervisor)
  expect((await found(2)).sort()).toEqual(['S-2', 'S-2b'])
})

it('a correction is checked by the form, keeps what is hidden from whoever corrects, and records fields alone', async () => {
  const label = { en: 'Field' }
  const fields = [
    { id: 'number', type: 'text', label, required: true },
    { id: 'name', type: 'text', label, required: true },
    { id: 'born', type: 'date', label, required: true, max: 'today' },
    { id: 'file', type: 'documentNumber', label, visibleTo: ['administrator'] },
  ] as const
  await station.call('policy.setForm', { policy: { format: formFormat, fields: fields.map((field) => ({ ...field })) } as never })
  const form = { born: '1815-12-10', file: 'C01234567' }
  await enrol('F-1', 3, { name: 'Ada Lovelase', form })
  const { revision } = await station.call('subject.get', { id: id('F-1') }, supervisor)
  const correct = (change: object, actor = supervisor) => station.call('subject.correct', { id: id('F-1'), ...change } as never, actor)
  expect(await codeOf(correct({ name: 'Ada Lovelace' }, operator))).toBe('permission.denied')
  expect(await codeOf(correct({ name: '' }))).toBe('form.refused')
  expect(await codeOf(correct({ form: { born: 'yesterday' } }))).toBe('form.refused')
  expect(await codeOf(correct({ form: {} }))).toBe('form.refused')
  expect(await codeOf(correct({ form: { born: '1815-12-11', name: 'Ada' } }))).toBe('form.refused')
  expect(await codeOf(correct({ name: 'Ada', formVersion: 99 }))).toBe('form.changed')
  expect(await codeOf(correct({}))).toBe('request.invalid')
  const done = await correct({ name: ' Ada Lovelace ', form: { born: '1815-12-11' }, revision })
  expect(done).toMatchObject({ fields: ['name', 'born'] })
  expect(await codeOf(correct({ name: 'Somebody', revision }))).toBe('subject.changed')
  const shown = await station.call('subject.get', { id: id('F-1') })
  expect(shown).toMatchObject({
    name: 'Ada Lovelace',
    form: { values: { born: '1815-12-11', file: 'C01234567' } },
    revision: done.revision,
  })
  const search = async (query: string) => (await station.call('subject.search', { query })).subjects.map((subject) => subject.id)
  expect([await search('lovelase'), await search('lovelace')]).toEqual([[], ['F-1']])
  expect([await verified('F-1', 3), await found(3)]).toEqual(['match', ['F-1']])
  const { records } = await station.call('audit.list', { event: 'subject.correct', limit: 20 })
  expect(records.find(({ outcome }) => outcome === 'done')?.details).toEqual({ fields: 'name born' })
  expect(JSON.stringify(records)).not.toMatch(/Lovela|1815/)
})
