import { describe, expect, it } from 'vitest'
import { analyticsCsv, type CountedRecord, countRecord, emptyAnalytics, startOf, yearAhead } from '../../../src/core/analytics.ts'
import { analytics } from '../../../src/operations/analytics.ts'
import type { VaultPort } from '../../../src/operations/ports.ts'

const nowMs = Date.UTC(2031, 4, 6, 23, 59)
const record = (at: string, event: string, change: Partial<CountedRecord> = {}): CountedRecord => ({
  at,
  event,
  outcome: 'done',
  actor: { operator: 'op-1' },
  ...change,
})

describe('what was done by day', () => {
  it('has every day of the time, and counts each event on its own', () => {
    expect(startOf(3, nowMs)).toBe('2031-05-04T00:00:00.000Z')
    const counted = emptyAnalytics(3, nowMs)
    for (const one of [
      record('2031-05-03T23:59:59.999Z', 'subject.enrol'),
      record('2031-05-04T00:00:00.000Z', 'subject.enrol'),
      record('2031-05-06T10:00:00.000Z', 'subject.enrol', { actor: {} }),
      record('2031-05-06T10:00:00.000Z', 'subject.enrol', { outcome: 'refused', code: 'duplicate.found' }),
      record('2031-05-06T10:00:00.000Z', 'subject.verify', { details: { decision: 'nonMatch' } }),
      record('2031-05-06T10:00:00.000Z', 'subject.verify', { outcome: 'failed' }),
      record('2031-05-06T10:00:00.000Z', 'subject.list', { outcome: 'refused', code: 'permission.denied' }),
      record('2031-05-05T10:00:00.000Z', 'subject.erase'),
    ])
      countRecord(counted, one)
    expect(
      counted.days.map(({ day, enrolled, enrolRefused, nonMatch, erased }) => [day, enrolled, enrolRefused, nonMatch, erased]),
    ).toEqual([
      ['2031-05-04', 1, 0, 0, 0],
      ['2031-05-05', 0, 0, 0, 1],
      ['2031-05-06', 1, 1, 1, 0],
    ])
    expect(counted.reasons).toEqual({ 'duplicate.found': 1, failed: 1 })
    expect(counted.operators).toEqual({ 'op-1': 1, '': 1 })
    expect(yearAhead(counted.days)).toBe(Math.round(365 / 3))
    const csv = analyticsCsv(counted, (id) => (id === '' ? 'nobody' : '=Ada, "the first"'))
    expect(csv.split('\r\n')[0]).toBe('day,what,count')
    expect(csv).toContain('2031-05-06,nonMatch,1\r\n')
    expect(csv).toContain(',reason duplicate.found,1\r\n')
    expect(csv).toContain(',enrolled by nobody,1\r\n')
    expect(csv).toContain(',"enrolled by =Ada, ""the first""",1\r\n')
  })

  it('counts what was done after a clock was ahead by the day that the machine showed', () => {
    const counted = emptyAnalytics(3, nowMs)
    const late = '2031-05-06T22:00:00.000Z'
    for (const one of [
      // Ahead; right again; and set back: then the day of the record before is the better one.
      record('2111-05-06T10:00:00.000Z', 'subject.enrol'),
      record('2111-05-06T10:00:00.000Z', 'subject.enrol', { machineAt: late }),
      record(late, 'subject.erase', { machineAt: '1970-01-01T00:00:01.000Z' }),
    ])
      countRecord(counted, one)
    expect(counted.days.map(({ day, enrolled, erased }) => [day, enrolled, erased])).toEqual([
      ['2031-05-04', 0, 0],
      ['2031-05-05', 0, 0],
      ['2031-05-06', 1, 1],
    ])
  })

  it('is read page by page from the beginning of the time on', async () => {
    const asked: unknown[] = []
    const pages = [
      { records: [record('2031-05-06T10:00:00.000Z', 'subject.enrol')], next: 7 },
      { records: [record('2031-05-06T09:00:00.000Z', 'subject.enrol')], next: null },
    ]
    const vault = {
      operators: { byId: (id: string) => (id === 'op-1' ? { name: 'Ada' } : undefined) },
      clients: { byId: () => undefined },
      audit: {
        page: async (filter: unknown) => {
          asked.push(filter)
          return pages[asked.length - 1]
        },
      },
    } as unknown as VaultPort
    const { days, complete, named } = await analytics(vault, { days: 1 }, nowMs)
    expect([days[0]?.enrolled, complete]).toEqual([2, true])
    expect(named).toEqual([{ id: 'op-1', kind: 'account', name: 'Ada' }])
    expect(asked).toMatchObject([{ from: '2031-05-06T00:00:00.000Z' }, { before: 7 }])
  })
})
