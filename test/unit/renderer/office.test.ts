/** Rules behind subjects, health, settings and commands. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OutputOf } from '../../../src/contract/table.ts'
import { csvOf, Measures, quantile, windowSeconds } from '../../../src/renderer/features/health/measures.ts'
import { daysOf } from '../../../src/renderer/features/settings/KeptCard.tsx'
import { wholeOf } from '../../../src/renderer/features/settings/ScheduleForm.tsx'
import { nextPage } from '../../../src/renderer/features/subjects/subjectPages.ts'

const subject = { id: 'R-1', name: null, createdAt: '2026-01-01T00:00:00.000Z', references: 1 } as never

test('pages that hold nobody are followed to the one that holds somebody', async () => {
  const asked: (number | undefined)[] = []
  const ask = async (_: string, cursor: number | undefined) => {
    asked.push(cursor)
    return asked.length < 4 ? { subjects: [], cursor: asked.length } : { subjects: [subject], cursor: 9 }
  }
  expect(await nextPage(ask, 'ada', undefined, () => true)).toEqual({ subjects: [subject], cursor: 9 })
  expect(asked).toEqual([undefined, 1, 2, 3])
})

test('following ends when nobody waits for it, and at the last page', async () => {
  let asked = 0
  const endless = async () => ({ subjects: [], cursor: ++asked })
  await nextPage(endless, 'ada', undefined, () => asked < 3)
  expect(asked).toBe(3)
  expect(
    await nextPage(
      async () => ({ subjects: [], cursor: undefined }),
      'ada',
      undefined,
      () => true,
    ),
  ).toEqual({
    subjects: [],
    cursor: undefined,
  })
})

test('the minute has sixty seconds, each with the median of its frames, and older frames are forgotten', () => {
  const measures = new Measures()
  measures.add({ atMs: 0, faceMs: 99, roundMs: 99 })
  for (const [atMs, faceMs] of [
    [59_100, 10],
    [59_200, 30],
    [59_300, 20],
  ] as const) {
    measures.add({ atMs: atMs + 10_000, faceMs, roundMs: faceMs * 2 })
  }
  const seconds = measures.seconds(69_500)
  expect(seconds).toHaveLength(windowSeconds)
  expect(seconds.at(-1)).toEqual({ secondsAgo: 0, frames: 3, faceMs: 20, roundMs: 40 })
  expect(seconds.filter(({ frames }) => frames > 0)).toHaveLength(1)
  const lines = csvOf(seconds).split('\r\n')
  expect(lines.at(-2)).toBe('0,3,20,40')
  expect(lines.at(-3)).toBe('-1,0,,')
})

test('a quantile is one of its values, and none of nothing', () => {
  expect(quantile([], 0.5)).toBeNull()
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
      expect(values).toContain(quantile(values, share))
    }),
  )
})

test('numbers that are typed are whole and within their limits', () => {
  expect([daysOf('0'), daysOf('36500'), daysOf('36501'), daysOf('-1'), daysOf('1.5'), daysOf('')]).toEqual([
    0,
    36_500,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect([wholeOf('1', 10), wholeOf('10', 10), wholeOf('11', 10), wholeOf('0', 10), wholeOf('x', 10)]).toEqual([
    1,
    10,
    undefined,
    undefined,
    undefined,
  ])
})

test('of a version with several references one line is shown, the newest version first', async () => {
  const { versionsOf } = await import('../../../src/renderer/features/subjects/Versions.tsx')
  const reference = (version: number, referenceNo: number) =>
    ({ version, referenceNo }) as unknown as OutputOf<'subject.get'>['history'][number]
  expect(versionsOf([reference(1, 1), reference(2, 2), reference(2, 3)]).map(({ version }) => version)).toEqual([2, 1])
})
