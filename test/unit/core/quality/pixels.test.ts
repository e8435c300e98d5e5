import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { luminanceHistogram, luminanceMeasures } from '../../../../src/core/quality/luminance.ts'
import { qualityScoreOf } from '../../../../src/core/quality/qualityScore.ts'
import { halvedPixels, sharpnessOf } from '../../../../src/core/quality/sharpness.ts'

const exposureOf = (pixels: Uint8Array, mask: Uint8Array) => luminanceMeasures(luminanceHistogram(pixels, mask))
const rgbOf = (grey: readonly number[]) => Uint8Array.from(grey.flatMap((value) => [value, value, value]))

describe('exposure', () => {
  test('counts luminance in linear light: sRGB grey 252 and more, 89 and less', () => {
    const pixels = rgbOf([255, 252, 251, 90, 89, 0, 128, 128, 128, 128])
    const exposure = exposureOf(pixels, new Uint8Array(10).fill(1))
    expect(exposure.overExposure).toBeCloseTo(0.2)
    expect(exposure.underExposure).toBeCloseTo(0.2)
  })

  test('looks at the mask alone', () => {
    expect(exposureOf(rgbOf([255, 0, 128]), Uint8Array.from([0, 0, 1]))).toMatchObject({ overExposure: 0, underExposure: 0 })
    expect(exposureOf(rgbOf([255]), Uint8Array.from([0]))).toMatchObject({ overExposure: 0, underExposure: 0 })
  })
})

describe('sharpness', () => {
  const side = 64
  const mask = new Uint8Array(side * side).fill(1)
  const waves = (period: number) =>
    rgbOf(Array.from({ length: side * side }, (_, at) => Math.round(128 + 80 * Math.sin((2 * Math.PI * (at % side)) / period))))

  test('falls as detail becomes coarser', () => {
    const measured = [4, 6, 8, 12, 16, 24].map((period) => sharpnessOf(waves(period), mask, side))
    expect(measured).toEqual([...measured].sort((a, b) => b - a))
    expect(measured[0]).toBeGreaterThan(10 * measured.at(-1)!)
  })

  test('does not depend on contrast, and is 0 for a plain picture', () => {
    const faint = rgbOf(Array.from({ length: side * side }, (_, at) => Math.round(128 + 40 * Math.sin((2 * Math.PI * (at % side)) / 8))))
    expect(sharpnessOf(faint, mask, side)).toBeCloseTo(sharpnessOf(waves(8), mask, side), 2)
    expect(sharpnessOf(rgbOf(Array(side * side).fill(90)), mask, side)).toBe(0)
  })

  test('does not take the edge of the mask for an edge of the picture', () => {
    const half = mask.map((_, at) => (at % side < 32 ? 1 : 0))
    const step = rgbOf(Array.from({ length: side * side }, (_, at) => (at % side < 32 ? 100 + (at % side) : 255)))
    expect(sharpnessOf(step, half, side)).toBeLessThan(0.01)
  })
})

test('halving takes the mean of four', () => {
  expect([...halvedPixels(rgbOf([0, 10, 20, 30]), 2, { x: 0, y: 0, width: 1, height: 1 })]).toEqual([15, 15, 15])
})

test('the quality score is within 0 and 1 and never rises when a component gets worse', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const quality = fc.record({
    interEyeDistancePx: fc.double({ min: 0, max: 1000, noNaN: true }),
    sharpness: fc.double({ min: 0, max: 1, noNaN: true }),
    overExposure: share,
    dynamicRange: fc.double({ min: 0, max: 8, noNaN: true }),
    yaw: fc.double({ min: -60, max: 60, noNaN: true }),
  })
  fc.assert(
    fc.property(quality, fc.double({ min: 0, max: 1, noNaN: true }), (good, step) => {
      const score = qualityScoreOf(good)
      expect(score).toBeGreaterThanOrEqual(0)
      expect(score).toBeLessThanOrEqual(1)
      expect(qualityScoreOf({ ...good, interEyeDistancePx: good.interEyeDistancePx * (1 - step) })).toBeLessThanOrEqual(score)
      expect(qualityScoreOf({ ...good, sharpness: good.sharpness * (1 - step) })).toBeLessThanOrEqual(score)
      expect(qualityScoreOf({ ...good, overExposure: good.overExposure + step })).toBeLessThanOrEqual(score)
      expect(qualityScoreOf({ ...good, dynamicRange: good.dynamicRange * (1 - step) })).toBeLessThanOrEqual(score)
      expect(qualityScoreOf({ ...good, yaw: good.yaw * (1 + step) })).toBeLessThanOrEqual(score)
    }),
  )
})
