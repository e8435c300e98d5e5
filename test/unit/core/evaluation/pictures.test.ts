import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EvaluationReport } from '../../../../src/contract/evaluation.ts'
import type { MeasuredComponents } from '../../../../src/contract/quality.ts'
import { SiteCalibration } from '../../../../src/contract/siteCalibration.ts'
import { fmrAt, thresholdAt } from '../../../../src/core/calibration.ts'
import { calibrationPoints } from '../../../../src/core/evaluation/calibrate.ts'
import { rateOf } from '../../../../src/core/evaluation/intervals.ts'
import { lightLadder, lit } from '../../../../src/core/evaluation/light.ts'
import { evaluationPage } from '../../../../src/core/evaluation/page.ts'
import { pairedPictures } from '../../../../src/core/evaluation/pairs.ts'
import { lightFigures, ratePoint, scoreFigures } from '../../../../src/core/evaluation/report.ts'
import { ScoreSet } from '../../../../src/core/evaluation/scoreSet.ts'
import { worseSteps } from '../../../../src/core/evaluation/worse.ts'

const listed = ['ada/ada_0001.jpg', 'ada/ada_0002.jpg', 'bob/1.jpg'].map((file) => ({ file, person: file.split('/')[0]! }))

describe('lists of pairs', () => {
  test('are read as LFW writes them, with its counts left out', () => {
    const read = pairedPictures('1\t1\nada\t1\t2\nada\t2\tbob\t1\n', listed)
    expect(read).toEqual({
      pictures: listed,
      pairs: { first: Uint32Array.of(0, 1), second: Uint32Array.of(1, 2), same: Uint8Array.of(1, 0) },
    })
  })

  test('are read as CSV', () => {
    const read = pairedPictures('first,second,same\na/1.jpg,a/2.jpg,1\na/1.jpg,b/1.jpg,no\n', [])
    expect(read).toEqual({
      pictures: [
        { file: 'a/1.jpg', person: 'a' },
        { file: 'a/2.jpg', person: 'a' },
        { file: 'b/1.jpg', person: 'b' },
      ],
      pairs: { first: Uint32Array.of(0, 0), second: Uint32Array.of(1, 2), same: Uint8Array.of(1, 0) },
    })
  })

  test.each([
    ['ada\t1\t9', 'line 1 names a picture that is not there'],
    ['ada\t1', 'line 1 names no pair'],
    ['10', 'it names no pairs'],
    ['first,second\na,b', 'the first line names no column same'],
    ['first,second,same\na,b,perhaps', 'same is "perhaps", it has to be 1 or 0'],
  ])('%j is refused', (text, problem) => {
    expect(pairedPictures(text, listed)).toBe(problem)
  })
})

describe('the ladder of lighting', () => {
  test('keeps what it does not change, darkens and brightens in order, and cuts off at white', () => {
    const grey = Uint8Array.from({ length: 256 * 3 }, (_, at) => Math.floor(at / 3))
    const one = lit(grey, 256, { name: '', left: 1, right: 1 })
    for (let at = 0; at < grey.length; at++) expect(Math.abs(one[at]! - grey[at]!)).toBeLessThanOrEqual(at < 30 ? 1 : 0)
    const ladder = lightLadder.slice(0, 5).map((step) => lit(grey, 256, step))
    for (const value of [40, 128, 200]) {
      const values = ladder.map((pixels) => pixels[3 * value]!)
      expect(values).toEqual([...values].sort((a, b) => a - b))
    }
    expect(ladder[4]![3 * 250]).toBe(255)
  })

  test('comes from the side that it is named after', () => {
    const white = new Uint8Array(3 * 100).fill(200)
    for (const [step, bright, dark] of [[5, 0, 297] as const, [6, 297, 0] as const]) {
      const pixels = lit(white, 100, lightLadder[step]!)
      expect(Math.abs(pixels[bright]! - 200)).toBeLessThanOrEqual(1)
      expect(pixels[dark]).toBeLessThan(90)
    }
  })

  test('is told for those that were found, and nothing is told where it was left out', () => {
    const figures = lightFigures([[0.9, 0.8, null, 1, 1, 1, 1], [0.7, 0.6, null, 1, 1, 1, 1], []], 0.75)
    expect(figures[0]).toMatchObject({
      light: '3 stops darker',
      extracted: { count: 2, of: 2 },
      matched: { count: 1, of: 2 },
      scoreMin: 0.7,
    })
    expect(figures[2]).toMatchObject({ extracted: { count: 0, of: 2 }, matched: { rate: null }, scoreMean: null, scoreMin: null })
    expect(lightFigures([[], []], 0.5)).toEqual([])
  })
})

const manyScores = fc.array(
  fc.integer({ min: -100_000, max: 100_000 }).map((value) => value / 100_001),
  { minLength: 100, maxLength: 400 },
)
const scoresOf = (mates: readonly number[], impostors: readonly number[]) => ({
  mates: ScoreSet.of('low', mates),
  impostors: ScoreSet.of('high', impostors),
})

describe('a calibration by the site', () => {
  test('keeps every rate on the pictures that it was made of, and claims none that they do not show', () => {
    fc.assert(
      fc.property(manyScores, manyScores, (mates, impostors) => {
        const points = calibrationPoints(scoresOf(mates, impostors))
        fc.pre(points.length > 1)
        const calibration = SiteCalibration.parse({
          impostorPairs: impostors.length,
          points,
          provenance: 'test',
          by: 'test',
          at: new Date(0).toISOString(),
          pictures: 2,
          people: 2,
          matePairs: mates.length,
          sha256: '0'.repeat(64),
        })
        const fmrOf = (threshold: number) => impostors.filter((score) => score >= threshold).length / impostors.length
        for (const { fmr, threshold } of points) expect(fmrOf(threshold)).toBeLessThanOrEqual(fmr + 1e-12)
        const smallest = points.at(-1)!.fmr
        const alike = impostors.filter((score) => score === Math.max(...impostors)).length
        if (alike === 1) expect(smallest).toBe(1 / impostors.length)
        expect(thresholdAt(calibration, 0.99 / impostors.length).supported).toBe(false)
        expect(thresholdAt(calibration, smallest)).toMatchObject({ supported: true, threshold: points.at(-1)!.threshold })
        expect(fmrAt(calibration, 1)).toBe(smallest)
      }),
      { numRuns: 40 },
    )
  })
})

describe('the report', () => {
  /** Scores of impostors that thin out as those of real models do. */
  const impostors = Array.from({ length: 5000 }, (_, at) => 0.1 - 0.03 * Math.log(1 - (at + 0.5) / 5000))
  const calibration = {
    impostorPairs: 100,
    points: [
      { fmr: 0.1, threshold: 0.2 },
      { fmr: 0.01, threshold: 0.3 },
    ],
    provenance: 'a & b',
  }

  test('has a rate for each that is asked for, the unsupported ones marked', () => {
    const point = ratePoint(scoresOf([0.9, 0.2], [0.1, 0.3, 0.5, 0.7]), 0.25)
    expect(point).toMatchObject({ fmr: 0.25, fnmr: 0.5, threshold: 0.7, supported: true })
    expect(ratePoint(scoresOf([0.9, 0.2], [0.1, 0.3, 0.5, 0.7]), 0.24)).toMatchObject({ threshold: 0.9, fnmr: 0.5, supported: false })
    expect(ratePoint(scoresOf([], [0.1]), 0.1)).toMatchObject({ fnmr: null, low: 0, high: 1 })
  })

  test('estimates only beyond what is shown, and says by what method', () => {
    const { estimated, fnmr, exact } = scoreFigures(scoresOf([0.9], impostors), calibration, 0.1)
    expect(exact).toBe(true)
    expect(fnmr.filter(({ supported }) => supported).map(({ fmr }) => fmr)).toEqual([0.1, 0.01, 0.001])
    expect(estimated!.rates.map(({ fmr }) => fmr)).toEqual([1e-4, 1e-5, 1e-6])
    expect(estimated!.method).toContain('Pareto')
    expect(estimated!.rates[0]!.threshold).toBeGreaterThan(fnmr[2]!.threshold!)
  })

  const empty = { pairs: 0, min: null, mean: null, max: null, histogram: [0], from: -1, to: 1 }
  const report: EvaluationReport = {
    model: 'made-up@1.0.0',
    pictures: 2,
    people: 1,
    enrolled: 1,
    refused: [{ file: '<script>alert(1)</script>.jpg', reason: 'face.none' }],
    extraction: rateOf(1, 2),
    belowQualityLimit: rateOf(0, 1),
    qualityPreset: 'enrolment',
    matePairs: 0,
    impostorPairs: 0,
    eer: null,
    fnmr: [],
    exact: true,
    estimated: null,
    atWork: null,
    mates: empty,
    impostors: empty,
    det: [],
    light: [],
    worse: [],
    demographics: 'demographic performance unknown',
    groups: null,
    pad: null,
    picturesSha256: '',
    at: '2026-01-01T00:00:00.000Z',
  }

  test('is a page without scripts or anything from outside, whatever files are called', () => {
    const page = evaluationPage(report)
    expect(page).toContain('demographic performance unknown')
    expect(page).not.toMatch(/<script|javascript:|\bsrc=|\bhref=|url\(|@import/i)
    expect(page).toContain("default-src 'none'")
  })

  test('shows distributions and DET, and what is estimated apart', () => {
    const page = evaluationPage({ ...report, ...scoreFigures(scoresOf([0.2, 0.9], impostors), calibration, 0.1) })
    expect(page.match(/<svg /g)).toHaveLength(2)
    expect(page).toContain('Estimated, not measured')
    expect(page).toContain('a &#38; b')
    expect(page).not.toMatch(/NaN|undefined|Infinity/)
  })

  test('shows how quality answers to a face that is made worse, and whether step by step', () => {
    const rule = { name: 'blurred', component: 'sharpness', grows: false, alike: ['dynamicRange'] } as const
    const at = (sharpness: number | null, yaw: number): MeasuredComponents => ({
      sharpness: { raw: sharpness, score: 50 },
      yaw: { raw: yaw, score: 50 },
      dynamicRange: { raw: 7, score: 50 },
    })
    const steps = worseSteps(rule, [at(0.09, 0), at(0.05, 1), at(0.01, -2)])
    expect(steps).toMatchObject({ raw: [0.09, 0.05, 0.01], monotonic: true })
    expect(steps.othersMost[0]).toMatchObject({ component: 'yaw', alike: false, spans: steps.unlikeSpansMax })
    expect(worseSteps(rule, [at(0.05, 0), at(0.09, 0)]).monotonic).toBe(false)
    expect(worseSteps(rule, [at(0.05, 0), at(null, 0)]).monotonic).toBe(false)
    // What measures the same change may move as it likes.
    expect(worseSteps({ ...rule, alike: ['yaw'] }, [at(0.09, 0), at(0.05, 9)]).unlikeSpansMax).toBe(0)
    const page = evaluationPage({ ...report, worse: [steps] })
    expect(page).toContain('A drawn face made worse')
    expect(page).toContain('0.09, 0.05, 0.01')
  })
})
