/** Double enrolments in a station with its real processes. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Actor } from '../../src/contract/records.ts'
import type { SubjectId } from '../../src/contract/types.ts'
import { codeOf } from '../support/codeOf.ts'
import { randomOf } from '../support/drawnCrowd.ts'
import { openTestStation, type TestStation } from '../support/station.ts'

const dimension = 128
const strangers = 70
const supervisor: Actor = { role: 'supervisor', door: 'ipc' }
const auditor: Actor = { role: 'auditor', door: 'ipc' }

let station: TestStation
beforeAll(async () => {
  station = await openTestStation()
})
afterAll(() => station.close())

it('names each pair of subjects who look alike, best first, also who came while it ran, and leaves out who is erased', async () => {
  const random = randomOf(5)
  const templates = Array.from({ length: strangers }, () => Array.from({ length: dimension }, () => random() - 0.5))
  const near = (no: number, apart: number) => (templates[no] as number[]).map((value) => value + apart * (random() - 0.5))
  const store = (id: string, data: number[]) => station.call('template.store', { id: id as SubjectId, data, metadata: {} })
  for (const [no, data] of templates.entries()) await store(`S-${no}`, data)
  await store('D-3', near(3, 0.1))
  await store('D-40', near(40, 0.2))
  expect(await codeOf(() => station.call('gallery.findDuplicates', {}, auditor))).toBe('permission.denied')
  expect(await codeOf(() => station.call('gallery.duplicates', {}, supervisor))).toBe('job.unknown')
  const { job } = await station.call('gallery.findDuplicates', {}, supervisor)
  expect(job).toMatchObject({ kind: 'duplicates', state: 'running', total: strangers + 2, owner: 'supervisor' })
  await store('D-69', near(69, 0.3))
  await expect.poll(async () => (await station.call('job.list', {})).jobs[0]?.state, { timeout: 30_000, interval: 100 }).toBe('done')
  const report = await station.call('gallery.duplicates', {}, supervisor)
  const alike = report.pairs.map(({ first, second }) => [first, second].sort().join(' '))
  expect(alike).toEqual(['D-3 S-3', 'D-40 S-40', 'D-69 S-69'])
  // The starter pack's calibration does not reach down to one in a million.
  expect(report).toMatchObject({ supported: false, found: 3, completeFrom: report.threshold })
  for (const { comparisonScore, fmr } of report.pairs) {
    expect(comparisonScore).toBeGreaterThanOrEqual(report.threshold)
    expect(fmr).toBe(report.fmr)
  }
  await station.call('subject.erase', { id: 'D-40' as SubjectId })
  const after = await station.call('gallery.duplicates', { job: job.id, limit: 1, after: 1 }, supervisor)
  expect(after.found).toBe(2)
  expect(after.pairs.map(({ first, second }) => [first, second].sort().join(' '))).toEqual(['D-69 S-69'])
  expect((await station.call('audit.verify', {})).ok).toBe(true)
})
