import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../../src/contract/errors.ts'
import type { MatcherFunctions, MatcherSearch } from '../../../src/contract/processes.ts'
import { kernelNames } from '../../../src/matcher/kernelFile.ts'
import { builtKernels, dot, engineOf, galleryRows, load, matcherOf, type Population, populationOf, shapes } from './galleries.ts'

/** An upper score further above the exact one than this would be true, and useless. */
const looseness = 0.06

/** What a search is asked for beside its threshold. */
type How = Pick<MatcherSearch, 'stage' | 'limit'>

/** The float64 brute force, made once for each population. */
const forced = new WeakMap<Float32Array, number[]>()
function scoresOf(probe: Float32Array, rows: readonly Float32Array[]): number[] {
  const scores = forced.get(probe) ?? rows.map((row) => dot(probe, row))
  forced.set(probe, scores)
  return scores
}

/** Every row at or above the threshold is answered, each bound holds, and none is further above the exact score than promised. */
async function check(matcher: MatcherFunctions, { probe, rows }: Population, threshold: number, how: How = {}): Promise<number> {
  const { candidates } = unwrap(await matcher.search({ model: 'm@1', probe, threshold, ...how }))
  const bounds = new Map(candidates.map(({ referenceNo, scoreMax }) => [referenceNo, scoreMax]))
  expect(bounds.size).toBe(candidates.length)
  const scores = scoresOf(probe, rows)
  const ranked = [...scores].sort((a, b) => b - a)
  const wanted = Math.max(threshold, how.limit === undefined ? -2 : (ranked[how.limit - 1] ?? -2))
  let matches = 0
  const broken: object[] = []
  scores.forEach((exact, index) => {
    const bound = bounds.get(index + 1)
    if (exact >= wanted) matches++
    const holds = bound === undefined ? exact < wanted : bound >= exact && bound >= threshold && bound <= exact + looseness
    if (!holds) broken.push({ index, exact, bound, threshold, ...how })
  })
  expect(broken).toEqual([])
  const sorted = [...candidates].sort((a, b) => b.scoreMax - a.scoreMax || a.referenceNo - b.referenceNo)
  expect(candidates.every((candidate, index) => candidate === sorted[index])).toBe(true)
  return matches
}

/** Every stage, and the best few. */
const ways: readonly How[] = [{}, { stage: 'packed' }, { stage: 'flat' }, { limit: 1 }, { limit: 7 }, { limit: 7, stage: 'packed' }]

/** Thresholds worth trying: exact scores themselves and 1e-7 and 1e-6 around them, where rounding decides, and ordinary ones. */
function thresholdsOf({ probe, rows }: Population): number[] {
  const scores = rows
    .slice(0, 400)
    .map((row) => dot(probe, row))
    .sort((a, b) => a - b)
  const picked = [0.01, 0.5, 0.9, 0.999].map((share) => scores[Math.floor(scores.length * share)] ?? 0)
  return [...picked.flatMap((score) => [score, score - 1e-7, score + 1e-7, score - 1e-6, score + 1e-6]), 0.35, 0, -1, -2, 1, 1.5]
}

let kernels: ReturnType<typeof builtKernels>
beforeAll(() => {
  kernels = builtKernels()
}, 180_000)
afterAll(() => kernels.remove())

describe.each(kernelNames)('no match is lost: %s kernel', (kernel) => {
  it('answers what a float64 brute force answers, over shapes, dimensions and sizes', async () => {
    let matches = 0
    const matcher = matcherOf(kernels.url, { kernel })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...shapes),
        fc.oneof(fc.constantFrom(64, 65, 79, 128, 500, 512, 1000, 1024), fc.integer({ min: 64, max: 1024 })),
        fc.oneof(fc.constantFrom(0, 1, 2, 15, 16, 17), fc.integer({ min: 0, max: 500 })),
        fc.integer(),
        async (shape, dimension, count, seed) => {
          const population = populationOf(shape, dimension, count, seed)
          await load(matcher, galleryRows(population.rows, dimension), dimension, population.mean)
          for (const [at, threshold] of thresholdsOf(population).entries()) {
            matches += await check(matcher, population, threshold, ways[at % ways.length])
          }
        },
      ),
      { seed: 20_261, numRuns: 60 },
    )
    expect(matches).toBeGreaterThan(10_000)
  }, 120_000)

  it.each(shapes)(
    'holds for 2,000 rows: %s',
    async (shape) => {
      const population = populationOf(shape, 128, 2_000, 7)
      const matcher = matcherOf(kernels.url, { kernel })
      await load(matcher, galleryRows(population.rows, 128), 128, population.mean)
      let matches = 0
      for (const threshold of thresholdsOf(population)) for (const how of ways) matches += await check(matcher, population, threshold, how)
      expect(matches).toBeGreaterThan(2_000)
    },
    30_000,
  )
})

describe('no match is lost among 20,000', () => {
  it.each([
    ['random', 64],
    ['clustered', 100],
    ['offCentre', 128],
    ['nearProbe', 72],
    ['ring', 64],
    ['steepSpectrum', 256],
  ] as const)(
    '%s, dimension %i',
    async (shape, dimension) => {
      const population = populationOf(shape, dimension, 20_000, dimension)
      const matcher = matcherOf(kernels.url)
      await load(matcher, galleryRows(population.rows, dimension), dimension, population.mean)
      let matches = 0
      for (const [at, threshold] of thresholdsOf(population).entries()) {
        for (const how of [ways[at % ways.length]!, {}]) matches += await check(matcher, population, threshold, how)
      }
      expect(matches).toBeGreaterThan(20_000)
    },
    60_000,
  )
})

describe('the kernels', () => {
  it('give the same bits, one by one and in a batch', async () => {
    for (const [at, dimension] of [64, 66, 100, 512, 1001].entries()) {
      const { probe, rows, mean } = populationOf(shapes[at]!, dimension, 300, dimension)
      const probes = [probe, rows[3]!, rows[8]!]
      const answers = []
      for (const kernel of kernelNames) {
        const matcher = matcherOf(kernels.url, { kernel })
        await load(matcher, galleryRows(rows, dimension), dimension, mean)
        expect(unwrap(await matcher.status()).kernel).toBe(kernel)
        for (const stage of ['packed', 'flat'] as const) {
          const one = []
          for (const asked of probes)
            one.push(unwrap(await matcher.search({ model: 'm@1', probe: asked, threshold: -2, stage })).candidates)
          answers.push(one)
        }
        const joined = new Float32Array(probes.flatMap((asked) => [...asked]))
        const batch = unwrap(await matcher.searchBatch({ model: 'm@1', probe: joined, threshold: -2 }))
        answers.push(batch.map(({ candidates }) => candidates))
      }
      expect(answers[0]![0]).toHaveLength(300)
      for (const answer of answers) expect(answer).toEqual(answers[0])
    }
  }, 60_000)

  it('list the same rows in a batch that shares a pass', async () => {
    const dimension = 72
    const { rows, mean } = populationOf('clustered', dimension, 4_000, 9)
    const lists = []
    for (const kernel of kernelNames) {
      const engine = engineOf(kernels.url, { kernel, threads: 1, directRowsMax: 0 })
      const gallery = engine.open({ model: 'm@1', meanTemplate: Float32Array.from(mean) })
      await gallery.change(galleryRows(rows, dimension), new Uint32Array(), 1)
      const queries = rows.slice(0, 7).map((probe) => ({ probe, threshold: 0.9, stage: 'packed' as const }))
      const answers = await gallery.searchBatch(queries)
      expect(answers[0]!.explanation).toMatchObject({ kernel, probes: 7, threads: 1 })
      lists.push(answers.map(({ candidates, explanation }) => ({ candidates, survivors: explanation.survivors })))
      await engine.close()
    }
    expect(lists[0]!.every(({ survivors }) => survivors > 0 && survivors < 4_000)).toBe(true)
    expect(lists[1]).toEqual(lists[0])
    expect(lists[2]).toEqual(lists[0])
  }, 60_000)
})
