import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeOnScale, scaleMarks, strengthPerComparison, strengthPerSearch } from '../../../src/renderer/evidence/strength.ts'
import { strengthText } from '../../../src/renderer/evidence/strengthText.ts'

describe('the strength of a comparison', () => {
  it('is said as 1 in N', () => {
    expect(strengthText(strengthPerComparison(1e-3, 1e-5))).toBe('1 in 1,000')
    expect(strengthText(strengthPerComparison(4e-4, 1e-5))).toBe('1 in 2,500')
    expect(strengthText(strengthPerComparison(0.25, null))).toBe('1 in 4')
  })

  it('claims nothing beyond the calibration', () => {
    expect(strengthText(strengthPerComparison(1e-5, 1e-5))).toBe('fewer than 1 in 100,000')
    expect(strengthText(strengthPerComparison(1 / 4087, 1 / 4087))).toBe('fewer than 1 in 4,000')
  })

  it('says in words what "1 in 1" would not', () => {
    expect(strengthText(strengthPerComparison(0.5, 1e-5))).toBe('more than 1 in 2')
    expect(strengthText(strengthPerComparison(1, 1e-5))).toBe('more than 1 in 2')
  })

  it('never looks stronger than it is', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 0.49, noNaN: true }), (fmr) => {
        const { oneIn } = strengthPerComparison(fmr, null)
        expect(oneIn).toBeLessThanOrEqual((1 / fmr) * (1 + 1e-8))
        expect(oneIn).toBeGreaterThan((1 / fmr) * 0.9 - 1)
      }),
    )
  })
})

describe('the strength of a search', () => {
  it('counts the size of the gallery', () => {
    expect(strengthText(strengthPerSearch(1 / 1_200_000, 1e-9, 48_210))).toBe('1 in 25')
    expect(strengthText(strengthPerSearch(1 / 1_200_000, 1e-9, 1_000_000))).toBe('more than 1 in 2')
  })

  it('cannot be told where the limit of the calibration is too weak for the gallery', () => {
    expect(strengthText(strengthPerSearch(1e-3, 1e-3, 10_000))).toBe('cannot be told')
  })

  it('is never stronger than that of one comparison', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-8, max: 0.4, noNaN: true }), fc.integer({ min: 0, max: 2_000_000 }), (fmr, size) => {
        expect(strengthPerSearch(fmr, null, size).oneIn).toBeLessThanOrEqual(strengthPerComparison(fmr, null).oneIn)
      }),
    )
  })
})

describe('the scale', () => {
  it('runs from every comparison to the limit of the calibration', () => {
    expect(placeOnScale(1, 1e-4)).toBeCloseTo(0)
    expect(placeOnScale(1e-2, 1e-4)).toBeCloseTo(0.5)
    expect(placeOnScale(1e-9, 1e-4)).toBe(1)
  })

  it('marks few powers of ten and its end, and no two marks touch', () => {
    for (const fmrMin of [1e-2, 1 / 4087, 1e-5, 1e-6, 1e-9]) {
      const marks = scaleMarks(fmrMin)
      expect(marks.length).toBeLessThanOrEqual(4)
      expect(marks.at(-1)).toMatchObject({ place: 1, end: true })
      const places = [0, ...marks.map((mark) => mark.place)]
      for (let index = 1; index < places.length; index++) expect(places[index]! - places[index - 1]!).toBeGreaterThan(0.2)
    }
  })
})
