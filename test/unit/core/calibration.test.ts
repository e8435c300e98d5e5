import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Calibration } from '../../../src/contract/processes.ts'
import { comparisonRate, fmrAt, fmrMin, thresholdAt } from '../../../src/core/calibration.ts'

const calibration: Calibration = {
  impostorPairs: 5000,
  points: [
    { fmr: 0.1, threshold: 0.88 },
    { fmr: 0.01, threshold: 0.92 },
    { fmr: 0.001, threshold: 0.936 },
    { fmr: 0.0002, threshold: 0.95 },
  ],
  provenance: 'test',
}

describe('thresholdAt', () => {
  it('gives the calibrated points exactly', () => {
    for (const { fmr, threshold } of calibration.points) expect(thresholdAt(calibration, fmr).threshold).toBeCloseTo(threshold, 12)
  })

  it('is stricter for a smaller rate', () => {
    const rate = fc.double({ min: 1e-6, max: 0.9, noNaN: true })
    fc.assert(
      fc.property(rate, rate, (a, b) => {
        const [small, large] = a < b ? [a, b] : [b, a]
        expect(thresholdAt(calibration, small).threshold).toBeGreaterThanOrEqual(thresholdAt(calibration, large).threshold)
      }),
    )
  })

  it('claims nothing below one in the number of impostor pairs', () => {
    expect(fmrMin(calibration)).toBe(1 / 5000)
    expect(thresholdAt(calibration, 1e-5)).toEqual({ threshold: 0.95, fmr: 1 / 5000, supported: false })
    expect(thresholdAt(calibration, 1 / 5000).supported).toBe(true)
    expect(thresholdAt({ ...calibration, impostorPairs: 2000 }, 0.0004).supported).toBe(false)
  })

  it('takes the strictest known threshold for a rate above the first point', () => {
    expect(thresholdAt(calibration, 0.5)).toEqual({ threshold: 0.88, fmr: 0.1, supported: true })
  })
})

describe('fmrAt', () => {
  it('is the inverse of thresholdAt where the calibration supports it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1 / 5000, max: 0.1, noNaN: true }), (rate) => {
        expect(fmrAt(calibration, thresholdAt(calibration, rate).threshold)).toBeCloseTo(rate, 9)
      }),
    )
  })

  it('never rises with the score and never falls below the smallest supported rate', () => {
    const score = fc.double({ min: -1, max: 1, noNaN: true })
    fc.assert(
      fc.property(score, score, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a]
        expect(fmrAt(calibration, high)).toBeLessThanOrEqual(fmrAt(calibration, low))
        expect(fmrAt(calibration, high)).toBeGreaterThanOrEqual(1 / 5000)
      }),
    )
    expect(fmrAt(calibration, 1)).toBe(1 / 5000)
    expect(fmrAt(calibration, 0.5)).toBe(1)
  })
})

describe('comparisonRate', () => {
  it('shares a search rate out over the gallery', () => {
    expect(comparisonRate({ fmr: 1e-3 }, 100)).toBe(1e-3)
    expect(comparisonRate({ fmr: 1e-3, fpir: 0.01 }, 100)).toBe(1e-4)
    expect(comparisonRate({ fmr: 1e-3, fpir: 0.01 }, 0)).toBe(0.01)
  })
})
