import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EmbeddingModel } from '../../../src/contract/processes.ts'
import type { StoredReference } from '../../../src/contract/records.ts'
import type { Threshold } from '../../../src/core/calibration.ts'
import type { MatcherPort, VaultPort } from '../../../src/operations/ports.ts'
import { searchGallery } from '../../../src/operations/search.ts'
import { codeOf } from '../../support/codeOf.ts'

const calibration = {
  impostorPairs: 1000,
  points: [
    { fmr: 0.1, threshold: 0.2 },
    { fmr: 0.001, threshold: 0.5 },
  ],
  provenance: 'a test',
}
const model = { id: 'm@1', dimension: 2, calibration } as unknown as EmbeddingModel
const threshold: Threshold = { threshold: 0.5, fmr: 0.001, supported: true }
const probe = Float32Array.of(1, 0)
const reference = (referenceNo: number, template = probe, made = 'm@1'): StoredReference => ({
  referenceNo,
  subjectId: `R-${referenceNo < 10 ? 1 : referenceNo}`,
  model: made,
  template,
})

/** The vault gives each template away: whoever has used it zeros it. */
const copyOf = (one: StoredReference): StoredReference => ({ ...one, template: one.template.slice() })

/** A vault and a matcher of which each search and each reading is answered from a list; the last answer stays. */
function portsOf(searches: readonly number[][], stored: readonly StoredReference[][]) {
  let asked = 0
  const at = <T>(list: readonly T[], index: number) => list[Math.min(index, list.length - 1)] as T
  const matcher = {
    search: async () => {
      asked++
      return { candidates: at(searches, asked - 1).map((referenceNo) => ({ referenceNo, scoreMax: 1 })), sequence: asked, rows: 9 }
    },
  } as unknown as MatcherPort
  const vault = {
    references: {
      byNo: (wanted: readonly number[]) =>
        at(stored, asked - 1)
          .filter(({ referenceNo }) => wanted.includes(referenceNo))
          .map(copyOf),
    },
  } as unknown as VaultPort
  return { ports: { matcher, vault }, asked: () => asked }
}

test('a subject who is enrolled again during the search is still found, by the new reference', async () => {
  const { ports, asked } = portsOf([[1], [2]], [[], [reference(2)]])
  expect(await searchGallery(ports, model, probe, threshold)).toMatchObject({ candidates: [{ id: 'R-1', comparisonScore: 1 }] })
  expect(asked()).toBe(2)
})

test('a subject who is erased during the search is not found', async () => {
  const { ports } = portsOf([[1, 11], [11]], [[reference(11)], [reference(11)]])
  expect(await searchGallery(ports, model, probe, threshold)).toMatchObject({ candidates: [{ id: 'R-11' }] })
})

test('the exact score decides, the matcher only proposes; templates of another model are left out', async () => {
  const stored = [reference(11), reference(12, Float32Array.of(0, 1)), reference(13, probe, 'other@1')]
  const { ports } = portsOf([[11, 12, 13]], [stored])
  expect((await searchGallery(ports, model, probe, threshold)).candidates.map(({ id }) => id)).toEqual(['R-11'])
})

test('a gallery that never agrees with the vault is refused, not answered from', async () => {
  const { ports } = portsOf([[1]], [[]])
  expect(await codeOf(searchGallery(ports, model, probe, threshold))).toBe('gallery.notReady')
})

test('enough subjects end the search early, and only then', async () => {
  // Three references of one subject stand before the one of another: the best 4 references hold 2 subjects, but 3 are wanted.
  const graded = (referenceNo: number, subjectId: string, score: number): StoredReference => ({
    referenceNo,
    subjectId,
    model: 'm@1',
    template: Float32Array.of(score, 0),
  })
  const stored = Array.from({ length: 3_000 }, (_, at) => graded(at + 1, at < 1_500 ? 'R-1' : `R-${at}`, 1 - at / 10_000))
  const limits: (number | undefined)[] = []
  const matcher = {
    search: async ({ limit }: { limit?: number }) => {
      limits.push(limit)
      return { candidates: stored.slice(0, limit).map(({ referenceNo }) => ({ referenceNo, scoreMax: 1 })), sequence: 1, rows: 3_000 }
    },
  } as unknown as MatcherPort
  const vault = {
    references: { byNo: (wanted: readonly number[]) => wanted.map((referenceNo) => copyOf(stored[referenceNo - 1]!)) },
  } as unknown as VaultPort
  const { candidates } = await searchGallery({ matcher, vault }, model, probe, threshold, 2)
  expect(candidates.slice(0, 2).map(({ id }) => id)).toEqual(['R-1', 'R-1500'])
  expect(limits).toEqual([1_000, 2_000])
})

/** A gallery of references with scores, and bounds above them as the matcher gives them, highest first. */
function gradedPorts(scores: readonly { subject: number; score: number; above: number }[]) {
  const stored = scores.map(({ subject, score }, at) => ({
    referenceNo: at + 1,
    subjectId: `R-${subject}`,
    model: 'm@1',
    template: Float32Array.of(score, 0),
  }))
  const bounds = scores
    .map(({ score, above }, at) => ({ referenceNo: at + 1, scoreMax: Math.fround(score) + above }))
    .filter(({ scoreMax }) => scoreMax >= threshold.threshold)
    .sort((a, b) => b.scoreMax - a.scoreMax)
  let read = 0
  const matcher = { search: async () => ({ candidates: bounds, sequence: 1, rows: scores.length }) } as unknown as MatcherPort
  const vault = {
    references: {
      byNo: (wanted: readonly number[]) => {
        read += wanted.length
        return wanted.map((referenceNo) => copyOf(stored[referenceNo - 1]!))
      },
    },
  } as unknown as VaultPort
  return { ports: { matcher, vault }, read: () => read }
}

test('reading best first loses nobody of the best: every wanted number of subjects, bounds of any slack, many references of one subject', async () => {
  const one = fc.record({
    subject: fc.integer({ min: 0, max: 120 }),
    score: fc.oneof(fc.double({ min: 0.4, max: 1, noNaN: true }), fc.constantFrom(0.5, 0.6, 0.7)),
    above: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.3, noNaN: true })),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(one, { maxLength: 400, size: 'max' }), fc.integer({ min: 1, max: 150 }), async (scores, subjectsMax) => {
      const all = await searchGallery(gradedPorts(scores).ports, model, probe, threshold)
      const best = new Map<string, number>()
      for (const { subject, score } of scores) {
        const exact = Math.fround(score)
        if (exact >= threshold.threshold) best.set(`R-${subject}`, Math.max(best.get(`R-${subject}`) ?? 0, exact))
      }
      const wanted = [...best].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      expect(all.candidates.map(({ id, comparisonScore }) => [id, comparisonScore])).toEqual(wanted)
      const few = await searchGallery(gradedPorts(scores).ports, model, probe, threshold, subjectsMax)
      expect(few.candidates.slice(0, subjectsMax).map(({ id, comparisonScore }) => [id, comparisonScore])).toEqual(
        wanted.slice(0, subjectsMax),
      )
    }),
    { numRuns: 60 },
  )
})

test('of a thousand look-alikes only those are read that may be among the best wanted', async () => {
  const scores = Array.from({ length: 1_000 }, (_, at) => ({ subject: at, score: 0.99 - at / 4_000, above: 0.01 }))
  const { ports, read } = gradedPorts(scores)
  const { candidates } = await searchGallery(ports, model, probe, threshold, 10)
  expect(candidates.slice(0, 10).map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, at) => `R-${at}`))
  expect(read()).toBeLessThanOrEqual(64)
})

test('a search of some is asked of the matcher as such, and what the vault says of a candidate decides', async () => {
  const asked: unknown[] = []
  const labelled = (referenceNo: number, watchLists: number[]) => ({
    ...reference(referenceNo),
    label: { category: 4, watchLists, purposes: [] },
  })
  const stored = [labelled(11, [2]), labelled(12, []), labelled(13, [16])]
  const matcher = {
    search: async (options: object) => {
      asked.push(options)
      return { candidates: stored.map(({ referenceNo }) => ({ referenceNo, scoreMax: 1 })), sequence: 1, rows: 3 }
    },
  } as unknown as MatcherPort
  const vault = {
    references: { byNo: (wanted: readonly number[]) => stored.filter(({ referenceNo }) => wanted.includes(referenceNo)).map(copyOf) },
  } as unknown as VaultPort
  const filter = { category: 4, watchList: 16, purpose: 3 }
  expect((await searchGallery({ matcher, vault }, model, probe, threshold, 5, { category: 4, watchList: 16 })).candidates).toMatchObject([
    { id: 'R-13' },
  ])
  expect((await searchGallery({ matcher, vault }, model, probe, threshold, 5, filter)).candidates).toEqual([])
  expect(await searchGallery({ matcher, vault }, model, probe, threshold, 5)).toMatchObject({ candidates: { length: 3 } })
  expect(asked).toMatchObject([
    { filter: { categories: [4], watchLists: 1 << 15 } },
    { filter: { categories: [4], watchLists: 1 << 15, purposes: 4 } },
    {},
  ])
  expect(asked[2]).not.toHaveProperty('filter')
})
