import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  detOf,
  distributionOf,
  equalErrorRate,
  errorsAt,
  isSupported,
  quantile,
  thresholdFor,
} from '../../../../src/core/evaluation/errorRates.ts'
import { ScoreSet } from '../../../../src/core/evaluation/scoreSet.ts'
import { estimatedFmr, estimatedThreshold, fitTail } from '../../../../src/core/evaluation/tail.ts'

const scoresOf = (mates: readonly number[], impostors: readonly number[]) => ({
  mates: ScoreSet.of('low', mates),
  impostors: ScoreSet.of('high', impostors),
})
/** Few different values, so that scores are equal now and then. */
const scoreLists = fc.array(
  fc.integer({ min: -100, max: 100 }).map((value) => value / 101),
  { minLength: 1, maxLength: 60 },
)
const rates = fc.constantFrom(1, 0.5, 0.1, 0.04, 0.01)

const fmrOf = (impostors: readonly number[], threshold: number) => impostors.filter((score) => score >= threshold).length / impostors.length
const fnmrOf = (mates: readonly number[], threshold: number) => mates.filter((score) => score < threshold).length / mates.length

describe('sets of scores', () => {
  test('count and find neighbours as a look at every score does', () => {
    fc.assert(
      fc.property(scoreLists, fc.constantFrom('high', 'low'), fc.integer({ min: -110, max: 110 }), (list, end, step) => {
        const set = ScoreSet.of(end, list)
        const value = step / 101
        const ascending = [...list].sort((a, b) => a - b)
        expect(set.below(value)).toBe(list.filter((score) => score < value).length)
        expect(set.atOrAbove(value)).toBe(list.filter((score) => score >= value).length)
        expect(set.nextAbove(value)).toBe(ascending.find((score) => score > value))
        expect(list.map((_, rank) => set.fromTop(rank))).toEqual(ascending.toReversed())
        expect(set.fromTop(list.length)).toBeUndefined()
        expect([set.count, set.min, set.max]).toEqual([list.length, ascending[0], ascending.at(-1)])
        expect(set.mean).toBeCloseTo(list.reduce((sum, score) => sum + score, 0) / list.length, 12)
      }),
    )
  })

  test('that keep only one end are exact there, and elsewhere at every score that is smallest in its bin', () => {
    fc.assert(
      fc.property(scoreLists, fc.constantFrom('high', 'low'), fc.integer({ min: 1, max: 8 }), (list, end, exactMax) => {
        const set = new ScoreSet(end, exactMax)
        for (const score of list) set.add(score)
        // These values are far apart, so each has a bin of its own and every count at one of them is exact.
        for (const value of list) {
          expect(set.isExact(value)).toBe(true)
          expect(set.below(value)).toBe(list.filter((score) => score < value).length)
          expect(set.nextAbove(value)).toBe([...list].sort((a, b) => a - b).find((score) => score > value))
        }
        expect([set.count, set.min, set.max]).toEqual([list.length, Math.min(...list), Math.max(...list)])
      }),
    )
  })

  test('that keep only one end err against the model within a bin', () => {
    const close = [0.5, 0.5 + 1e-7, 0.5 + 2e-7, 0.5 + 3e-7]
    const impostors = new ScoreSet('high', 1)
    const mates = new ScoreSet('low', 1)
    for (const score of [...close, 0.9, 0.95, 0.96]) impostors.add(score)
    for (const score of [...close, 0.1, 0.05, 0.04]) mates.add(score)
    expect([impostors.whole, mates.whole]).toEqual([false, false])
    const value = 0.5 + 1.5e-7
    expect(impostors.isExact(value)).toBe(false)
    expect(impostors.atOrAbove(value)).toBe(7)
    expect(mates.below(value)).toBe(7)
  })

  test('hold no more than they are told', () => {
    const set = new ScoreSet('high', 100)
    for (let at = 0; at < 100_000; at++) set.add(Math.sin(at))
    const all = Array.from({ length: 100_000 }, (_, at) => Math.sin(at)).sort((a, b) => b - a)
    expect([0, 1, 99].map((rank) => set.fromTop(rank))).toEqual([all[0], all[1], all[99]])
    expect(set.top(3)).toEqual(Float64Array.from([all[2]!, all[1]!, all[0]!]))
    expect(Math.abs(set.fromTop(50_000)! - all[50_000]!)).toBeLessThan(2 ** -16)
    expect(set.histogram(-1, 1, 10).reduce((sum, count) => sum + count, 0)).toBe(100_000)
    expect(() => set.add(Number.NaN)).toThrow(RangeError)
  })
})

describe('error rates', () => {
  test('are those of a look at every pair', () => {
    fc.assert(
      fc.property(scoreLists, scoreLists, (mates, impostors) => {
        const scores = scoresOf(mates, impostors)
        for (const threshold of [...mates, ...impostors]) {
          expect(errorsAt(scores, threshold)).toEqual({ threshold, fmr: fmrOf(impostors, threshold), fnmr: fnmrOf(mates, threshold) })
        }
      }),
    )
  })

  test('the threshold of a rate is the smallest score of the set that keeps it', () => {
    fc.assert(
      fc.property(scoreLists, scoreLists, rates, (mates, impostors, wanted) => {
        const good = [...mates, ...impostors].filter((score) => fmrOf(impostors, score) <= wanted)
        expect(thresholdFor(scoresOf(mates, impostors), wanted)).toBe(good.length === 0 ? undefined : Math.min(...good))
      }),
    )
  })

  test('the threshold keeps its rate also where only a few scores are kept', () => {
    fc.assert(
      fc.property(scoreLists, scoreLists, rates, (mates, impostors, wanted) => {
        const scores = { mates: new ScoreSet('low', 2), impostors: new ScoreSet('high', 2) }
        for (const score of mates) scores.mates.add(score)
        for (const score of impostors) scores.impostors.add(score)
        const threshold = thresholdFor(scores, wanted)
        if (threshold === undefined) return
        expect(fmrOf(impostors, threshold)).toBeLessThanOrEqual(wanted)
        expect([...mates, ...impostors]).toContain(threshold)
      }),
    )
  })

  test('a rate is supported from as many impostor pairs on as its inverse', () => {
    expect([isSupported(1e-3, 999), isSupported(1e-3, 1000), isSupported(1e-6, 1e6), isSupported(0.1, 9)]).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  test('the equal error rate is the middle of both errors where they change places', () => {
    expect(equalErrorRate(scoresOf([0.5, 0.75], [0, 0.25]))).toBe(0)
    expect(equalErrorRate(scoresOf([0, 0.25], [0.5, 0.75]))).toBe(1)
    expect(equalErrorRate(scoresOf([0.25, 0.75], [0.125, 0.5]))).toBe(0.5)
    expect(equalErrorRate(scoresOf([], [1]))).toBeNull()
    fc.assert(
      fc.property(scoreLists, scoreLists, (mates, impostors) => {
        const rate = equalErrorRate(scoresOf(mates, impostors))!
        const points = [...new Set([...mates, ...impostors, 1])].map((at) => ({ fmr: fmrOf(impostors, at), fnmr: fnmrOf(mates, at) }))
        const nearest = Math.min(...points.map(({ fmr, fnmr }) => Math.abs(fmr - fnmr)))
        const possible = points.filter(({ fmr, fnmr }) => Math.abs(fmr - fnmr) <= nearest + 1e-12).map(({ fmr, fnmr }) => (fmr + fnmr) / 2)
        expect(Math.min(...possible.map((value) => Math.abs(value - rate)))).toBeLessThan(1e-9)
      }),
    )
  })

  test('the curve falls in one error and grows in the other', () => {
    fc.assert(
      fc.property(scoreLists, scoreLists, (mates, impostors) => {
        const points = detOf(scoresOf(mates, impostors))
        points.slice(1).forEach((point, at) => {
          expect(point.threshold).toBeGreaterThan(points[at]!.threshold)
          expect(point.fmr).toBeLessThanOrEqual(points[at]!.fmr)
          expect(point.fnmr).toBeGreaterThanOrEqual(points[at]!.fnmr)
        })
      }),
    )
  })

  test('distributions count every score, of nothing they say nothing', () => {
    const set = ScoreSet.of('low', [-1, 0, 0.5, 1])
    const { pairs, min, mean, max, histogram } = distributionOf(set)
    expect([pairs, min, mean, max]).toEqual([4, -1, 0.125, 1])
    expect(histogram.reduce((sum, count) => sum + count, 0)).toBe(4)
    expect([histogram[0], histogram.at(-1), histogram[20]]).toEqual([1, 1, 1])
    expect(distributionOf(ScoreSet.of('low', []))).toMatchObject({ pairs: 0, min: null, mean: null, max: null })
    expect(quantile([3, 1, 2], 0.5)).toBe(2)
    expect(quantile([], 0.5)).toBeNull()
  })
})

describe('a fitted tail', () => {
  /** Evenly spread quantiles stand in for draws. */
  const spread = (count: number, quantile: (share: number) => number) =>
    ScoreSet.of(
      'high',
      Array.from({ length: count }, (_, at) => quantile((at + 0.5) / count)),
    )

  test('finds an exponential tail again, far beyond the scores', () => {
    const tail = fitTail(spread(20_000, (share) => 0.2 - 0.05 * Math.log(1 - share)))!
    expect(tail.scores).toBe(1000)
    expect(estimatedThreshold(tail, 1e-6)).toBeCloseTo(0.2 - 0.05 * Math.log(1e-6), 1)
  })

  test('takes a bounded tail as an exponential one, so that it never promises an end', () => {
    const tail = fitTail(spread(20_000, (share) => share - 0.5))!
    expect(tail.shape).toBe(0)
    expect(estimatedThreshold(tail, 1e-6)!).toBeGreaterThan(0.5)
  })

  test('threshold and rate are each other’s inverse, and both only fall', () => {
    const tail = fitTail(spread(20_000, (share) => 0.1 * ((1 - share) ** -0.3 - 1)))!
    expect(tail.shape).toBeCloseTo(0.3, 1)
    let last = Number.NEGATIVE_INFINITY
    for (const fmr of [0.05, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6]) {
      const threshold = estimatedThreshold(tail, fmr)!
      expect(estimatedFmr(tail, threshold)).toBeCloseTo(fmr, 12)
      expect(threshold).toBeGreaterThan(last)
      last = threshold
    }
    expect(estimatedThreshold(tail, 0.5)).toBeUndefined()
    expect(estimatedFmr(tail, tail.from - 0.01)).toBeUndefined()
  })

  test('is none where there is too little to fit', () => {
    expect(fitTail(spread(900, (share) => share - 0.5))).toBeUndefined()
    expect(fitTail(spread(2000, () => 0.5))).toBeUndefined()
  })
})
