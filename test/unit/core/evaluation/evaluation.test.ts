import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvRows } from '../../../../src/core/evaluation/csv.ts'
import { type GroupedPicture, groupRates } from '../../../../src/core/evaluation/groups.ts'
import { betaDistribution, rateOf } from '../../../../src/core/evaluation/intervals.ts'
import { bonaFide, padReport } from '../../../../src/core/evaluation/pad.ts'

/** Probability of at most `count` of `of` at a rate. */
function binomialAtMost(count: number, of: number, rate: number): number {
  let [term, sum] = [(1 - rate) ** of, 0]
  for (let k = 0; k <= count; k++) {
    sum += term
    term *= ((of - k) / (k + 1)) * (rate / (1 - rate))
  }
  return sum
}

describe('intervals', () => {
  test('are those of Clopper and Pearson: each end leaves 2.5 % beyond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(60), (of, some) => {
        const count = some % (of + 1)
        const { low, high, rate } = rateOf(count, of)
        expect(low).toBeLessThanOrEqual(rate!)
        expect(high).toBeGreaterThanOrEqual(rate!)
        if (count < of) expect(binomialAtMost(count, of, high)).toBeCloseTo(0.025, 6)
        if (count > 0) expect(1 - binomialAtMost(count - 1, of, low)).toBeCloseTo(0.025, 6)
      }),
    )
  })

  test('agree with known values: none of 100 leaves up to 3.62 %', () => {
    expect(rateOf(0, 100)).toMatchObject({ rate: 0, low: 0 })
    expect(rateOf(0, 100).high).toBeCloseTo(0.03622, 5)
    expect(rateOf(5, 50).low).toBeCloseTo(0.03328, 4)
    expect(rateOf(5, 50).high).toBeCloseTo(0.21814, 4)
    expect(rateOf(7, 7).high).toBe(1)
    expect(rateOf(0, 0)).toEqual({ count: 0, of: 0, rate: null, low: 0, high: 1 })
    expect(betaDistribution(0.5, 1, 1)).toBeCloseTo(0.5)
  })
})

const template = (x: number, y: number) => Float32Array.of(x, y)
function ratesOf(pictures: readonly GroupedPicture[], threshold: number) {
  const counting = groupRates(pictures, threshold)
  let step = counting.next()
  while (!step.done) step = counting.next()
  return step.value
}

test('groups have their own rates, and pairs count once and within a group', () => {
  const picture = (group: string, person: string, made: Float32Array | undefined) => ({ group, person, template: made })
  const rates = ratesOf(
    [
      picture('b', 'p3', template(1, 0)),
      picture('a', 'p1', template(1, 0)),
      picture('a', 'p1', template(0, 1)),
      picture('a', 'p2', template(1, 0)),
      picture('a', 'p2', undefined),
    ],
    0.5,
  )
  expect(rates.map(({ group }) => group)).toEqual(['a', 'b'])
  expect(rates[0]).toMatchObject({
    pictures: 4,
    people: 2,
    failureToEnrol: { count: 1, of: 4 },
    fnmr: { count: 1, of: 1 },
    fmr: { count: 1, of: 2 },
  })
  expect(rates[1]).toMatchObject({
    pictures: 1,
    failureToEnrol: { count: 0, of: 1 },
    fnmr: { of: 0, rate: null },
    fmr: { of: 0, rate: null },
  })
})

describe('attacks', () => {
  test('have a rate for each species, non-responses apart, and the worst species counts', () => {
    const report = padReport(
      [
        { species: bonaFide, pad: 'passed' },
        { species: bonaFide, pad: 'failed' },
        { species: bonaFide, pad: undefined },
        { species: 'print', pad: 'failed' },
        { species: 'print', pad: undefined },
        { species: 'screen', pad: 'passed' },
        { species: 'screen', pad: 'failed' },
      ],
      0.5,
    )
    expect(report).toMatchObject({
      assessed: true,
      apcer: [
        { species: 'print', count: 0, of: 1, nonResponse: { count: 1, of: 2 } },
        { species: 'screen', count: 1, of: 2, nonResponse: { count: 0, of: 2 } },
      ],
      apcerMax: { count: 1, of: 2, rate: 0.5 },
      bpcer: { count: 1, of: 2 },
      bpnrr: { count: 1, of: 3 },
    })
    expect(report.apcerMax!.high).toBeGreaterThan(0.9)
  })

  test('claim nothing where nothing assesses them', () => {
    expect(padReport([{ species: 'print', pad: 'notAssessed' }], null)).toMatchObject({
      assessed: false,
      apcer: [{ of: 0, rate: null }],
      apcerMax: null,
    })
  })
})

test('lists are read with their columns in any order, and what is missing is named', () => {
  expect(csvRows('\uFEFFgroup,file,more\r\n"a, b",x.jpg,1\r\n\r\n', ['file', 'group'])).toEqual([{ file: 'x.jpg', group: 'a, b' }])
  expect(csvRows('file\nx', ['file', 'group'])).toContain('group')
  expect(csvRows('file,group\nx', ['file', 'group'])).toContain('line 2')
  expect(csvRows('file,group\n', ['file', 'group'])).toContain('no lines')
  expect(csvRows('file\n"a ""b"""', ['file'])).toEqual([{ file: 'a "b"' }])
})
