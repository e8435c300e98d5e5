import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detOf, distributionOf, equalErrorRate, errorsAt, quantile, sortedScores, thresholdFor } from '../../../src/core/errorRates.ts'

const of = (mates: number[], impostors: number[]) => sortedScores(Float32Array.from(mates), Float32Array.from(impostors))
const scoreLists = fc.array(
  fc.integer({ min: -100, max: 100 }).map((value) => value / 128),
  { minLength: 1, maxLength: 60 },
)

describe('error rates', () => {
  test('count scores at the threshold as matches', () => {
    const scores = of([0.5, 0.75, 1], [0, 0.25, 0.5, 0.5])
    expect(errorsAt(scores, 0.5)).toEqual({ threshold: 0.5, fmr: 0.5, fnmr: 0 })
    expect(errorsAt(scores, 0.75)).toEqual({ threshold: 0.75, fmr: 0, fnmr: 1 / 3 })
  })

  test('the threshold of a rate is the smallest score of the set that keeps it', () => {
    fc.assert(
      fc.property(scoreLists, scoreLists, fc.constantFrom(0.5, 0.1, 0.01), (mates, impostors, wanted) => {
        const scores = of(mates, impostors)
        const good = [...scores.mates, ...scores.impostors].filter((score) => errorsAt(scores, score).fmr <= wanted)
        const expected = good.length === 0 ? undefined : Math.min(...good)
        expect(thresholdFor(scores, wanted)).toBe(expected)
      }),
    )
  })

  test('the equal error rate is 0 where the scores are apart, 1 where they are the wrong way round, and between both errors elsewhere', () => {
    expect(equalErrorRate(of([0.5, 0.75], [0, 0.25]))).toBe(0)
    expect(equalErrorRate(of([0, 0.25], [0.5, 0.75]))).toBe(1)
    expect(equalErrorRate(of([0.25, 0.75], [0.125, 0.5]))).toBeCloseTo(0.5)
    expect(equalErrorRate(of([], [1]))).toBeNull()
    fc.assert(
      fc.property(scoreLists, scoreLists, (mates, impostors) => {
        const scores = of(mates, impostors)
        const rate = equalErrorRate(scores)!
        const gaps = [...scores.mates, ...scores.impostors].map((score) => errorsAt(scores, score))
        const nearest = Math.min(...gaps.map(({ fmr, fnmr }) => Math.abs(fmr - fnmr)))
        expect(gaps.some(({ fmr, fnmr }) => Math.abs(fmr - fnmr) === nearest && Math.abs((fmr + fnmr) / 2 - rate) < 0.5)).toBe(true)
        expect(rate).toBeGreaterThanOrEqual(0)
        expect(rate).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('the curve falls in one error and grows in the other', () => {
    fc.assert(
      fc.property(scoreLists, scoreLists, (mates, impostors) => {
        const points = detOf(of(mates, impostors))
        points.slice(1).forEach((point, at) => {
          expect(point.threshold).toBeGreaterThan(points[at]!.threshold)
          expect(point.fmr).toBeLessThanOrEqual(points[at]!.fmr)
          expect(point.fnmr).toBeGreaterThanOrEqual(points[at]!.fnmr)
        })
      }),
    )
  })

  test('distributions count every score, nothing of nothing is null', () => {
    const { pairs, min, mean, max, histogram } = distributionOf(Float32Array.of(-1, 0, 0.5, 1))
    expect([pairs, min, mean, max]).toEqual([4, -1, 0.125, 1])
    expect(histogram.reduce((sum, count) => sum + count, 0)).toBe(4)
    expect([histogram[0], histogram.at(-1), histogram[20]]).toEqual([1, 1, 1])
    expect(distributionOf(new Float32Array())).toMatchObject({ pairs: 0, min: null, mean: null, max: null })
    expect(quantile([3, 1, 2], 0.5)).toBe(2)
    expect(quantile([], 0.5)).toBeNull()
  })
})
