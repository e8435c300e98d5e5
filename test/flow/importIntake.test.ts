/** What an import records beside pictures: how people consented, on which day, and what their columns say of the form of the site. */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FormPolicy } from '../../src/contract/form.ts'
import type { Actor } from '../../src/contract/records.ts'
import type { SubjectId } from '../../src/contract/types.ts'
import { drawnSubjects } from '../../src/core/portraitSubjects.ts'
import { codeOf } from '../support/codeOf.ts'
import { drawInto } from '../support/drawnPeople.ts'
import { folderOfTests } from '../support/folderOfTests.ts'
import { openTestStation, type TestStation } from '../support/station.ts'

const supervisor: Actor = { role: 'supervisor', door: 'ipc' }
const policy: FormPolicy = {
  format: 'vultus.form/1',
  fields: [
    { id: 'number', type: 'text', label: { en: 'Number' }, required: true, visibleTo: ['supervisor'] },
    { id: 'name', type: 'text', label: { en: 'Name' }, required: false, visibleTo: ['supervisor'] },
    { id: 'ward', type: 'choice', label: { en: 'Ward', de: 'Station' }, required: true, visibleTo: ['administrator'], choices: [] },
    { id: 'birthday', type: 'date', label: { en: 'Birthday' }, required: false, max: 'today', visibleTo: ['administrator'] },
  ].map((field) =>
    field.type === 'choice' ? { ...field, choices: ['north', 'south'].map((value) => ({ value, label: { en: value } })) } : field,
  ) as FormPolicy['fields'],
}

const folder = folderOfTests()
let station: TestStation
beforeAll(async () => {
  for (const subject of [0, 1, 2, 3, 4]) await drawInto(join(folder, `${subject}.jpg`), drawnSubjects[subject], 0)
  await drawInto(join(folder, '0-1.jpg'), drawnSubjects[0], 1)
  station = await openTestStation()
})
afterAll(() => station.close())

const listOf = (name: string, rows: readonly string[]) => {
  const list = join(folder, name)
  writeFileSync(list, `${rows.join('\n')}\n`)
  return list
}
const ended = async () => {
  const state = async () => (await station.call('job.list', {})).jobs.find(({ kind }) => kind === 'import')?.state
  await expect.poll(state, { timeout: 50_000, interval: 50 }).not.toBe('running')
  return (await station.call('import.report', { outcome: 'all' }, supervisor)).rows.map(({ number, outcome, code, detail }) => ({
    number,
    outcome,
    ...(code === null ? {} : { code, detail }),
  }))
}
const subject = (id: string) => station.call('subject.get', { id: id as SubjectId })
const exported = (id: string) => station.call('subject.export', { id: id as SubjectId }, supervisor)

it('a site that asks for consent is told how the people of a list gave it, and each of them has a record of it', async () => {
  const list = listOf('paper.csv', ['number,name,picture,consent', 'P-0,Ada,0.jpg,2026-05-04', 'P-1,Bo,1.jpg,', 'P-2,Cy,2.jpg,04.05.2026'])
  expect(await station.call('import.look', { source: list }, supervisor)).toMatchObject({
    kind: 'list',
    rows: 3,
    columns: ['number', 'name', 'picture', 'consent'],
    taken: { number: 'number', name: 'name', picture: 'picture', consent: 'consent' },
  })
  await station.call('consent.change', { texts: { en: 'May we?', de: 'Dürfen wir?' } })
  expect(await codeOf(() => station.call('import.start', { source: list }, supervisor))).toBe('consent.required')
  expect(await codeOf(() => station.call('import.start', { source: list, consentGiven: 'paper' }, supervisor))).toBe('consent.required')
  const notAText = { source: list, consentGiven: 'paper', consentLanguage: 'fr' } as const
  expect(await codeOf(() => station.call('import.start', notAText, supervisor))).toBe('consent.required')
  const ofLater = { source: list, consentGiven: 'paper', consentLanguage: 'de', consentVersion: 7 } as const
  expect(await codeOf(() => station.call('import.start', ofLater, supervisor))).toBe('consent.unknown')

  await station.call('import.start', { source: list, consentGiven: 'paper', consentLanguage: 'de', consentColumn: 'consent' }, supervisor)
  expect(await ended()).toEqual([
    { number: 'P-0', outcome: 'enrolled' },
    { number: 'P-1', outcome: 'refused', code: 'consent.required', detail: 'consent: there is no day' },
    { number: 'P-2', outcome: 'refused', code: 'consent.required', detail: 'consent: a day as YYYY-MM-DD' },
  ])
  expect((await station.call('import.report', {}, supervisor)).reasons).toEqual({ 'consent.required': 2 })
  expect((await subject('P-0')).consents).toEqual([{ version: 1, language: 'de', at: '2026-05-04T12:00:00.000Z', given: 'paper' }])
  expect((await exported('P-0')).consents).toMatchObject([{ text: 'Dürfen wir?', given: 'paper' }])
})

it('who is enrolled on another ground has no record of consent, and the audit says so; the same person consents too', async () => {
  const list = listOf('ground.csv', ['number,picture', 'G-1,1.jpg', 'G-2,0-1.jpg'])
  await station.call('import.start', { source: list, consentGiven: 'otherGround' }, supervisor)
  expect(await ended()).toMatchObject([{ outcome: 'enrolled' }, { outcome: 'suspected' }])
  expect((await subject('G-1')).consents).toEqual([])
  const { records } = await station.call('audit.list', { limit: 100 })
  expect(records.find(({ event }) => event === 'subject.enrol')?.details).toMatchObject({ consent: 'otherGround' })

  const electronic = { source: list, consentGiven: 'electronic', consentLanguage: 'en' } as const
  await station.call('import.start', electronic, supervisor)
  expect(await ended()).toMatchObject([{ outcome: 'skipped' }, { outcome: 'suspected' }])
  await station.call('import.decide', { row: 2, decision: 'same', subject: 'P-0' as SubjectId }, supervisor)
  expect((await subject('P-0')).consents).toMatchObject([{ given: 'paper' }, { given: 'electronic', language: 'en' }])
})

it('columns fill in the form of the site, by their labels or as they are named, and rows that do not fit are refused', async () => {
  await station.call('consent.change', { texts: {} })
  await station.call('policy.setForm', { policy })
  const rows = ['Nummer;Name;Bild;Station;Geburtstag', 'F-2;Cy;2.jpg;north;1990-02-03', 'F-3;Di;3.jpg;west;', 'F-4;Ed;4.jpg;;2990-01-01']
  const list = listOf('form.csv', rows)
  expect(await station.call('import.look', { source: list }, supervisor)).toMatchObject({ fields: { ward: 'Station' } })
  const { unreadColumns } = await station.call(
    'import.start',
    { source: list, fieldColumns: { ward: 'Station', birthday: 'Geburtstag' } },
    supervisor,
  )
  expect(unreadColumns).toEqual([])
  expect(await ended()).toEqual([
    { number: 'F-2', outcome: 'enrolled' },
    { number: 'F-3', outcome: 'refused', code: 'form.refused', detail: 'ward: choice' },
    { number: 'F-4', outcome: 'refused', code: 'form.refused', detail: 'ward: missing; birthday: tooLarge' },
  ])
  expect((await exported('F-2')).form).toEqual({ version: 1, values: { ward: 'north', birthday: '1990-02-03' } })
  // Corrected and imported again, with columns that are found by their labels: what is there is passed over.
  listOf('form.csv', [...rows.slice(0, 2), 'F-3;Di;3.jpg;south;'])
  await station.call('import.start', { source: list }, supervisor)
  expect(await ended()).toMatchObject([{ outcome: 'skipped' }, { outcome: 'enrolled' }])
  expect((await exported('F-3')).form).toEqual({ version: 1, values: { ward: 'south' } })
  // Folders say nothing of a field that is required.
  await station.call('import.start', { source: folder }, supervisor)
  expect(new Set((await ended()).map(({ code }) => code))).toEqual(new Set(['form.refused', 'picture.unsupported']))
})

it('folders of the machine are listed for who imports, and for nobody else', async () => {
  const { entries, others, parent } = await station.call('place.list', { folder }, supervisor)
  expect(entries.map(({ name, kind }) => [name, kind])).toEqual(['form.csv', 'ground.csv', 'paper.csv'].map((name) => [name, 'list']))
  expect([others, parent]).toEqual([6, tmpdir()])
  expect(await codeOf(() => station.call('place.list', { folder: 'relative' }, supervisor))).toBe('request.invalid')
  expect(await codeOf(() => station.call('place.list', { folder: join(folder, 'nothing') }, supervisor))).toBe('import.sourceUnreadable')
  expect(await codeOf(() => station.call('place.list', {}, { role: 'operator', door: 'ipc' }))).toBe('permission.denied')
})
