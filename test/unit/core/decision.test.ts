import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparisonScore, distanceAtScore, scoreAtDistance, similarity, unitTemplate } from '../../../src/core/comparison.ts'
import { decide, rank } from '../../../src/core/decision.ts'

const calibration = {
  impostorPairs: 1000,
  points: [
    { fmr: 0.1, threshold: 0.5 },
    { fmr: 0.001, threshold: 0.8 },
  ],
  provenance: 'test',
}

describe('decide', () => {
  it('matches at the threshold, not below', () => {
    expect(decide(0.8, { threshold: 0.8, fmr: 1e-3, supported: true })).toBe('match')
    expect(decide(0.8 - 1e-12, { threshold: 0.8, fmr: 1e-3, supported: true })).toBe('nonMatch')
  })
  it('stays inconclusive where the rate is not supported', () => {
    expect(decide(0.99, { threshold: 0.8, fmr: 1e-3, supported: false })).toBe('inconclusive')
    expect(decide(0.7, { threshold: 0.8, fmr: 1e-3, supported: false })).toBe('nonMatch')
  })
  it('never matches on a score that is not a number', () => {
    expect(decide(Number.NaN, { threshold: 0.8, fmr: 1e-3, supported: true })).toBe('nonMatch')
  })
})

describe('rank', () => {
  it('names each subject at or above the threshold once, best first, ties by id', () => {
    const reference = fc.record({
      subjectId: fc.constantFrom('a', 'b', 'c', 'D', '1'),
      comparisonScore: fc.constantFrom(0.1, 0.5, 0.7, 0.7000001, 0.9),
    })
    fc.assert(
      fc.property(fc.array(reference), (scored) => {
        const candidates = rank(scored, { threshold: 0.7, fmr: 0.01, supported: true }, calibration)
        const expected = new Set(scored.filter((row) => row.comparisonScore >= 0.7).map((row) => row.subjectId))
        expect(new Set(candidates.map((candidate) => candidate.id as string))).toEqual(expected)
        expect(candidates.length).toBe(expected.size)
        for (const candidate of candidates) {
          const own = scored.filter((row) => row.subjectId === candidate.id).map((row) => row.comparisonScore)
          expect(candidate.comparisonScore).toBe(Math.max(...own))
        }
        for (let index = 1; index < candidates.length; index++) {
          const [before, after] = [candidates[index - 1]!, candidates[index]!]
          expect(
            before.comparisonScore > after.comparisonScore || (before.comparisonScore === after.comparisonScore && before.id < after.id),
          ).toBe(true)
        }
      }),
    )
  })
})

describe('comparison', () => {
  it('scores a unit template with itself as 1', () => {
    const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(vector, (data) => {
        const template = unitTemplate(data)
        if (template === undefined) return
        expect(comparisonScore(template, template)).toBeCloseTo(1, 5)
        const both = similarity(data, data)
        expect(both?.cosine).toBeCloseTo(1, 9)
        expect(both?.euclidean).toBe(0)
      }),
    )
  })
  it('refuses what cannot be compared', () => {
    expect(similarity([1, 2], [1, 2, 3])).toBeUndefined()
    expect(similarity([0, 0], [1, 2])).toBeUndefined()
    expect(similarity([1, Number.NaN], [1, 2])).toBeUndefined()
    expect(unitTemplate([0, 0])).toBeUndefined()
    expect(unitTemplate([1, Number.POSITIVE_INFINITY])).toBeUndefined()
  })
  it('gives the distance of unit vectors that follows from their cosine', () => {
    const { cosine, euclidean } = similarity([1, 0], [Math.SQRT1_2, Math.SQRT1_2])!
    expect(euclidean).toBeCloseTo(Math.sqrt(2 - 2 * cosine), 12)
  })
})

it('distances of unit vectors follow from scores', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }), (values) => {
      const [first, second] = [unitTemplate(values.slice(0, 4)), unitTemplate(values.slice(4))]
      if (first === undefined || second === undefined) return
      const { euclidean } = similarity([...first], [...second])!
      const score = comparisonScore(first, second)
      expect(distanceAtScore(score)).toBeCloseTo(euclidean, 3)
      expect(scoreAtDistance(euclidean)).toBeCloseTo(score, 5)
    }),
  )
})
