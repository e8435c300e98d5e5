import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../../src/contract/errors.ts'
import type { MatcherFunctions } from '../../../src/contract/processes.ts'
import { shapeOf } from '../../../src/matcher/shape.ts'
import { builtKernels, dot, expectRefusal, galleryRows, load, matcherOf, mebibyte, noRows, populationOf } from './galleries.ts'

const dimension = 100
const { probe, rows } = populationOf('random', dimension, 60, 1)
const everything = { model: 'm@1', probe, threshold: -2 }
const beginning = { model: 'm@1', dimension, meanTemplate: new Float32Array(dimension), rowsExpected: 0 }

let kernels: ReturnType<typeof builtKernels>
beforeAll(() => {
  kernels = builtKernels()
}, 180_000)
afterAll(() => kernels.remove())

async function loaded(count = 10): Promise<MatcherFunctions> {
  const matcher = matcherOf(kernels.url)
  await load(matcher, galleryRows(rows.slice(0, count), dimension), dimension, undefined, 5)
  return matcher
}

const answeredNos = async (matcher: MatcherFunctions) =>
  unwrap(await matcher.search(everything))
    .candidates.map(({ referenceNo }) => referenceNo)
    .sort((a, b) => a - b)

describe('the gallery', () => {
  it('adds, replaces and removes by reference, and uses slots again', async () => {
    const matcher = await loaded(4)
    expect(unwrap(await matcher.apply({ sequence: 6, added: noRows, removed: Uint32Array.of(2, 99) }))).toBe(true)
    expect(await answeredNos(matcher)).toEqual([1, 3, 4])
    expect(
      unwrap(await matcher.apply({ sequence: 7, added: galleryRows([rows[20]!], dimension, 4_000_000_000), removed: new Uint32Array() })),
    ).toBe(true)
    expect(unwrap(await matcher.apply({ sequence: 8, added: galleryRows([probe], dimension, 3), removed: Uint32Array.of(1) }))).toBe(true)
    const answer = unwrap(await matcher.search(everything))
    expect(answer).toMatchObject({ sequence: 8, rows: 3 })
    const scores = new Map(answer.candidates.map(({ referenceNo, scoreMax }) => [referenceNo, scoreMax]))
    expect([...scores.keys()].sort((a, b) => a - b)).toEqual([3, 4, 4_000_000_000])
    expect(scores.get(3)).toBeCloseTo(1, 1)
    expect(scores.get(4)).toBeCloseTo(dot(rows[3]!, probe), 1)
    expect(scores.get(4_000_000_000)).toBeCloseTo(dot(rows[20]!, probe), 1)
  })

  it('takes a reference that a change removes and adds as replaced', async () => {
    const matcher = await loaded(2)
    expect(unwrap(await matcher.apply({ sequence: 6, added: galleryRows([probe], dimension, 1), removed: Uint32Array.of(1) }))).toBe(true)
    expect(unwrap(await matcher.search({ ...everything, threshold: 0.99 })).candidates.map(({ referenceNo }) => referenceNo)).toEqual([1])
  })

  it('never answers a free slot, not even below every score', async () => {
    const matcher = await loaded(60)
    expect(unwrap(await matcher.apply({ sequence: 6, added: noRows, removed: Uint32Array.from({ length: 60 }, (_, at) => at + 1) }))).toBe(
      true,
    )
    expect(unwrap(await matcher.search(everything))).toMatchObject({ candidates: [], sequence: 6, rows: 0 })
  })

  it('keeps galleries of several models side by side, each with its own sequence', async () => {
    const matcher = await loaded(30)
    const other = populationOf('random', 64, 3, 2)
    unwrap(await matcher.begin({ model: 'other@1', dimension: 64, meanTemplate: new Float32Array(64), rowsExpected: 3 }))
    expect(unwrap(await matcher.search(everything)).rows).toBe(30)
    expectRefusal(await matcher.search({ ...everything, model: 'other@1' }), 'gallery.notReady')
    unwrap(await matcher.loadRows(galleryRows(other.rows, 64)))
    unwrap(await matcher.ready({ sequence: 40, rows: 3 }))
    expectRefusal(await matcher.search({ ...everything, model: 'third@1' }), 'template.invalid')
    const asked = { model: 'other@1', probe: other.probe, threshold: -2 }
    for (const { referenceNo, scoreMax } of unwrap(await matcher.search(asked)).candidates)
      expect(scoreMax).toBeCloseTo(dot(other.rows[referenceNo - 1]!, other.probe), 1)
    expect(unwrap(await matcher.apply({ model: 'm@1', sequence: 6, added: noRows, removed: Uint32Array.of(1) }))).toBe(true)
    expect(unwrap(await matcher.apply({ sequence: 41, added: noRows, removed: Uint32Array.of(1, 2) }))).toBe(true)
    expect(unwrap(await matcher.status({ model: 'm@1' }))).toMatchObject({ references: 29, sequence: 6 })
    expect(unwrap(await matcher.search(asked))).toMatchObject({ rows: 1, sequence: 41 })
    expect(unwrap(await matcher.drop({ model: 'other@1' }))).toBe(true)
    expect(unwrap(await matcher.drop({ model: 'other@1' }))).toBe(false)
    expectRefusal(await matcher.search(asked), 'gallery.notReady')
    expect(unwrap(await matcher.search(everything)).rows).toBe(29)
  })

  it('begins a model again with nothing in it', async () => {
    const matcher = await loaded(30)
    unwrap(await matcher.begin(beginning))
    expectRefusal(await matcher.search(everything), 'gallery.notReady')
    unwrap(await matcher.ready({ sequence: 2, rows: 0 }))
    expect(unwrap(await matcher.search(everything))).toMatchObject({ candidates: [], rows: 0 })
  })

  it('refuses a change that does not fit the memory and stays as it was', async () => {
    // One segment of 16,384 rows and no more.
    const { headBytes, segmentBytes } = shapeOf(64, 0, 16 * mebibyte)
    const matcher = matcherOf(kernels.url, { memoryBytesMax: headBytes + segmentBytes, bankBytesMax: 16 * mebibyte })
    const many = populationOf('random', 64, 300, 3)
    await load(matcher, galleryRows(many.rows, 64), 64)
    const asked = { model: 'm@1', probe: many.probe, threshold: -2 }
    const before = unwrap(await matcher.search(asked)).candidates
    const one = galleryRows(many.rows, 64)
    const more = { referenceNos: Uint32Array.from({ length: 16_200 }, (_, at) => 1_001 + at), templates: new Float32Array(16_200 * 64) }
    for (let at = 0; at < 16_200; at += 300) more.templates.set(one.templates, at * 64)
    expectRefusal(await matcher.apply({ sequence: 1, added: more, removed: Uint32Array.of(1, 2) }), 'resource.exhausted')
    expect(unwrap(await matcher.search(asked)).candidates).toEqual(before)
    const large = { ...beginning, dimension: 64, meanTemplate: new Float32Array(64), rowsExpected: 100_000 }
    expectRefusal(await matcher.begin(large), 'resource.exhausted')
    expect(unwrap(await matcher.search(asked)).candidates).toEqual(before)
    const swap = { sequence: 1, added: galleryRows(many.rows, 64, 1001), removed: one.referenceNos }
    expect(unwrap(await matcher.apply(swap))).toBe(true)
    expect(unwrap(await matcher.search(asked)).rows).toBe(300)
    // The same memory serves the model again.
    unwrap(await matcher.begin({ ...large, rowsExpected: 16_000 }))
  })

  it('grows in steps and keeps what it holds', async () => {
    const matcher = matcherOf(kernels.url)
    const many = populationOf('random', 1000, 1_000, 4)
    unwrap(await matcher.begin({ ...beginning, dimension: 1000, meanTemplate: new Float32Array(1000), rowsExpected: 9_000 - 1_000 }))
    for (let part = 0; part < 8; part++) unwrap(await matcher.loadRows(galleryRows(many.rows, 1000, 1 + part * 1_000)))
    unwrap(await matcher.ready({ sequence: 0, rows: 8_000 }))
    expect(unwrap(await matcher.apply({ sequence: 1, added: galleryRows(many.rows, 1000, 8_001), removed: new Uint32Array() }))).toBe(true)
    const { candidates, rows: held } = unwrap(await matcher.search({ model: 'm@1', probe: many.probe, threshold: -2 }))
    expect(held).toBe(9_000)
    for (const { referenceNo, scoreMax } of candidates)
      expect(scoreMax).toBeCloseTo(dot(many.rows[(referenceNo - 1) % 1_000]!, many.probe), 1)
  })
})

describe('sequence', () => {
  it('takes only the very next change', async () => {
    const matcher = await loaded()
    for (const sequence of [4, 5, 7, 100]) {
      expect(unwrap(await matcher.apply({ sequence, added: galleryRows([probe], dimension, 77), removed: Uint32Array.of(1) }))).toBe(false)
    }
    expect(unwrap(await matcher.status())).toMatchObject({ sequence: 5, references: 10, ready: true, model: 'm@1' })
    expect(await answeredNos(matcher)).not.toContain(77)
    expect(unwrap(await matcher.apply({ sequence: 6, added: noRows, removed: new Uint32Array() }))).toBe(true)
  })

  it('answers a gap before ready, and keeps a refused change out', async () => {
    const matcher = matcherOf(kernels.url)
    expect(unwrap(await matcher.apply({ sequence: 1, added: noRows, removed: new Uint32Array() }))).toBe(false)
    unwrap(await matcher.begin(beginning))
    expect(unwrap(await matcher.apply({ sequence: 1, added: noRows, removed: new Uint32Array() }))).toBe(false)
    unwrap(await matcher.ready({ sequence: 0, rows: 0 }))
    const long = galleryRows([rows[0]!, rows[1]!.map((value) => value * 2)], dimension)
    expectRefusal(await matcher.apply({ sequence: 1, added: long, removed: new Uint32Array() }), 'template.invalid')
    expect(unwrap(await matcher.status())).toMatchObject({ sequence: 0, references: 0 })
  })

  it('does not call a load complete that has lost rows', async () => {
    const matcher = matcherOf(kernels.url)
    unwrap(await matcher.begin({ ...beginning, rowsExpected: 11 }))
    unwrap(await matcher.loadRows(galleryRows(rows.slice(0, 10), dimension)))
    expectRefusal(await matcher.ready({ sequence: 0, rows: 11 }), 'request.invalid')
    expectRefusal(await matcher.search(everything), 'gallery.notReady')
    unwrap(await matcher.loadRows(galleryRows([probe], dimension, 11)))
    unwrap(await matcher.ready({ sequence: 0, rows: 11 }))
    expect(unwrap(await matcher.search(everything)).rows).toBe(11)
  })
})

describe('the door', () => {
  it('refuses probes that do not fit', async () => {
    const matcher = await loaded()
    const spoilt = (value: number) => probe.map((old, index) => (index === 7 ? value : old))
    for (const bad of [probe.subarray(1), new Float32Array(dimension), spoilt(Number.NaN), spoilt(Number.POSITIVE_INFINITY), spoilt(1)]) {
      expectRefusal(await matcher.search({ ...everything, probe: bad }), 'template.invalid')
    }
    expectRefusal(await matcher.search({ ...everything, probe: Array.from(probe) as never }), 'template.invalid')
    expectRefusal(await matcher.search({ ...everything, model: 'm@2' }), 'template.invalid')
    const wrong = [
      { limit: 0 },
      { limit: 1.5 },
      { stage: 'fast' as never },
      { filter: { categories: [256] } },
      { filter: { categories: 1 as never } },
      { filter: { purposes: 256 } },
      { filter: { watchLists: -1 } },
      { filter: null as never },
    ]
    for (const more of wrong) expectRefusal(await matcher.search({ ...everything, ...more }), 'request.invalid')
    const two = new Float32Array([...probe, ...probe])
    expectRefusal(await matcher.search({ ...everything, probe: two }), 'template.invalid')
    expect(unwrap(await matcher.searchBatch({ ...everything, probe: two }))).toHaveLength(2)
    for (const threshold of [Number.NaN, Number.POSITIVE_INFINITY, '0' as never]) {
      expectRefusal(await matcher.search({ ...everything, threshold }), 'request.invalid')
    }
    expectRefusal(await matcher.search(undefined as never), 'request.invalid')
  })

  it('refuses a search before ready', async () => {
    const matcher = matcherOf(kernels.url)
    expectRefusal(await matcher.search(everything), 'gallery.notReady')
    unwrap(await matcher.begin(beginning))
    expectRefusal(await matcher.search(everything), 'gallery.notReady')
    expect(unwrap(await matcher.status())).toMatchObject({ ready: false, references: 0 })
  })

  it('refuses rows that do not fit and loads none of them', async () => {
    const matcher = matcherOf(kernels.url)
    expectRefusal(await matcher.loadRows(noRows), 'request.invalid')
    unwrap(await matcher.begin(beginning))
    const good = galleryRows(rows.slice(0, 3), dimension)
    const nan = new Float32Array(good.templates)
    nan[250] = Number.NaN
    expectRefusal(await matcher.loadRows({ ...good, templates: nan }), 'template.invalid')
    expectRefusal(await matcher.loadRows({ ...good, templates: good.templates.subarray(1) }), 'template.invalid')
    expectRefusal(await matcher.loadRows({ ...good, referenceNos: Uint32Array.of(1, 0, 2) }), 'request.invalid')
    expectRefusal(await matcher.loadRows({ ...good, referenceNos: [1, 2, 3] as never }), 'request.invalid')
    expectRefusal(await matcher.loadRows(null as never), 'request.invalid')
    expect(unwrap(await matcher.status()).references).toBe(0)
  })

  it('refuses a begin that makes no sense and keeps the gallery', async () => {
    const matcher = await loaded()
    for (const wrong of [{ dimension: 0 }, { dimension: 4097 }, { dimension: 1.5 }, { model: '' }, { rowsExpected: -1 }]) {
      expectRefusal(await matcher.begin({ ...beginning, ...wrong }), 'request.invalid')
    }
    expectRefusal(await matcher.begin({ ...beginning, meanTemplate: new Float32Array(99) }), 'template.invalid')
    expectRefusal(await matcher.begin({ ...beginning, meanTemplate: new Float32Array(dimension).fill(Number.NaN) }), 'template.invalid')
    expect(await answeredNos(matcher)).toHaveLength(10)
    expectRefusal(await matcher.ready({ sequence: 0, rows: 10 }), 'request.invalid')
    unwrap(await matcher.begin(beginning))
    expectRefusal(await matcher.ready({ sequence: -1, rows: 0 }), 'request.invalid')
  })
})
