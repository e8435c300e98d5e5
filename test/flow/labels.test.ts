/** Categories, watch-lists and purposes with real processes: set at enrolment, changed, searched by. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SubjectFilter } from '../../src/contract/label.ts'
import type { Actor } from '../../src/contract/records.ts'
import { drawPortrait } from '../../src/face/drawing.ts'
import { codeOf } from '../support/codeOf.ts'
import { openTestStation, type TestStation } from '../support/station.ts'

let station: TestStation
beforeAll(async () => {
  station = await openTestStation()
})
afterAll(async () => await station.close())

const operator: Actor = { role: 'operator', door: 'socket' }
const captureOf = async (subject: number, variation = 0) =>
  (await station.call('capture.fromPicture', { picture: await drawPortrait(subject, variation) })).captureId

async function found(subject: number, filter: SubjectFilter): Promise<string[]> {
  const captureId = await captureOf(subject, 1)
  return (await station.call('gallery.identify', { captureId, ...filter })).candidates.map(({ id }) => id)
}

it('a search is about the subjects that it asks for, by the labels of the moment', async () => {
  const labels = [{}, { category: 2 }, { watchLists: [3, 1] }, { category: 2, watchLists: [3], purposes: [5] }]
  for (const [subject, label] of labels.entries()) {
    await station.call('subject.enrol', { id: `S-${subject}` as never, captureIds: [await captureOf(subject)], ...label }, operator)
  }
  expect(await station.call('subject.get', { id: 'S-2' as never })).toMatchObject({ category: 0, watchLists: [1, 3], purposes: [] })
  for (let subject = 0; subject < 4; subject++) expect(await found(subject, {})).toEqual([`S-${subject}`])
  expect([await found(0, { category: 0 }), await found(0, { category: 2 }), await found(1, { category: 2 })]).toEqual([
    ['S-0'],
    [],
    ['S-1'],
  ])
  expect([await found(1, { watchList: 3 }), await found(2, { watchList: 3 }), await found(2, { watchList: 2 })]).toEqual([[], ['S-2'], []])
  expect([await found(3, { category: 2, watchList: 3, purpose: 5 }), await found(3, { category: 2, watchList: 3, purpose: 4 })]).toEqual([
    ['S-3'],
    [],
  ])
  const changed = await station.call('subject.label', { id: 'S-1' as never, watchLists: [3], purposes: [8] })
  expect(changed).toEqual({ id: 'S-1', category: 2, watchLists: [3], purposes: [8] })
  expect([await found(1, { watchList: 3 }), await found(1, { purpose: 8 })]).toEqual([['S-1'], ['S-1']])
  await station.call('subject.label', { id: 'S-2' as never, watchLists: [] })
  expect(await found(2, { watchList: 3 })).toEqual([])
})

it('the label of somebody who is there is changed by a supervisor alone, by whatever way', async () => {
  const captureIds = [await captureOf(3, 2)]
  expect(await codeOf(station.call('subject.label', { id: 'S-3' as never, watchLists: [] }, operator))).toBe('permission.denied')
  expect(await codeOf(station.call('subject.enrol', { id: 'S-3' as never, captureIds, watchLists: [] }, operator))).toBe(
    'permission.denied',
  )
  expect(await found(3, { watchList: 3 })).toEqual(['S-3'])
  expect(await codeOf(station.call('subject.label', { id: 'S-none' as never, category: 1 }))).toBe('subject.unknown')
  const supervisor: Actor = { role: 'supervisor', door: 'socket' }
  await station.call('subject.enrol', { id: 'S-3' as never, captureIds: [await captureOf(3, 2)], watchLists: [] }, supervisor)
  expect(await found(3, { watchList: 3 })).toEqual([])
})

it('each change and each filtered search is recorded with its numbers', async () => {
  const { records } = await station.call('audit.list', { limit: 100 })
  expect(records.find(({ event, outcome }) => event === 'subject.label' && outcome === 'done')?.details).toMatchObject({ watchLists: '' })
  expect(records.some(({ event, details }) => event === 'gallery.identify' && details?.purpose === 8)).toBe(true)
  expect(records.some(({ event, outcome }) => event === 'subject.label' && outcome === 'refused')).toBe(true)
})
