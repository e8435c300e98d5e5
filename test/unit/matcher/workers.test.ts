import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { SearchAnswer } from '../../../src/matcher/api.ts'
import type { TestableEngine } from '../../../src/matcher/engine.ts'
import { waitingMax } from '../../../src/matcher/searches.ts'
import { builtKernels, dot, engineOf, galleryRows, mebibyte, noRows, populationOf, randomOf, unit } from './galleries.ts'

const dimension = 64
const nothing = new Uint32Array()
let kernels: ReturnType<typeof builtKernels>
let engine: TestableEngine
beforeAll(() => {
  kernels = builtKernels()
}, 180_000)
afterEach(() => engine.close())
afterAll(() => kernels.remove())

/** An engine whose threads search even the smallest gallery. */
function threaded(more: Parameters<typeof engineOf>[1] = {}): TestableEngine {
  engine = engineOf(kernels.url, { threads: 2, directRowsMax: 0, ...more })
  return engine
}

const opened = (rows = 0) => engine.open({ model: 'm@1', meanTemplate: new Float32Array(dimension), rowsExpected: rows })
const nosOf = ({ candidates }: SearchAnswer) => candidates.map(({ referenceNo }) => referenceNo).sort((a, b) => a - b)

/** 20 different templates, as often as needed. */
function many(count: number, seed: number) {
  const { rows, probe } = populationOf('random', dimension, 20, seed)
  const all = Array.from({ length: count }, (_, at) => rows[at % 20]!)
  return { rows, probe, given: galleryRows(all, dimension) }
}

describe('threads', () => {
  it('answer what the engine alone answers, one by one and in a batch', async () => {
    const { rows, mean } = populationOf('offCentre', dimension, 9_000, 3)
    const probes = rows.slice(0, 33).map((row, at) => unit(row.map((value, index) => value + rows[at + 40]![index]!)))
    const answers: SearchAnswer[][] = []
    for (const threads of [0, 1, 2]) {
      threaded({ threads })
      const gallery = engine.open({ model: 'm@1', meanTemplate: Float32Array.from(mean) })
      await gallery.change(galleryRows(rows, dimension), nothing, 1)
      for (const how of [{}, { limit: 3 }, { stage: 'flat' as const }]) {
        const queries = probes.map((probe) => ({ probe, threshold: 'limit' in how ? -1 : 0.93, ...how }))
        answers.push(await gallery.searchBatch(queries))
        const single: SearchAnswer[] = []
        for (const query of queries) single.push(await gallery.search(query.probe, query))
        if (!('limit' in how))
          expect(single.map(({ candidates }) => candidates)).toEqual(answers.at(-1)!.map(({ candidates }) => candidates))
        const wanted = (at: number) => {
          const scores = rows.map((row) => dot(row, probes[at]!))
          const floor = 'limit' in how ? [...scores].sort((a, b) => b - a)[2]! : 0.93
          return scores.flatMap((score, index) => (score >= floor ? [index + 1] : []))
        }
        for (const [at, answer] of single.entries()) if (at % 8 === 0) expect(nosOf(answer)).toEqual(expect.arrayContaining(wanted(at)))
        for (const [at, answer] of answers.at(-1)!.entries())
          if (at % 8 === 0) expect(nosOf(answer)).toEqual(expect.arrayContaining(wanted(at)))
      }
      if (threads > 0) expect(Math.max(...answers.flat().map(({ explanation }) => explanation.probes))).toBe(32)
      await engine.close()
    }
    // The best few may come with different company, which depends on who finds what first; all else is the same.
    for (const at of [3, 6])
      expect(answers[at]!.map(({ candidates }) => candidates)).toEqual(answers[0]!.map(({ candidates }) => candidates))
  }, 60_000)

  it('see one sequence each while changes come in', async () => {
    threaded()
    const gallery = opened()
    const random = randomOf(5)
    const { rows, probe } = populationOf('random', dimension, 200, 6)
    const scoreOf = rows.map((row) => dot(probe, row))
    // Rows that stay, between which the others come and go, so that a pass takes a while.
    const staying = Array.from({ length: 30_000 }, (_, at) => at % rows.length)
    const base = galleryRows(
      staying.map((row) => rows[row]!),
      dimension,
      1_000_000,
    )
    await gallery.change(base, nothing, 0)
    /** What comes and goes, at each sequence. */
    const states: Map<number, number>[] = [new Map()]
    const queue: { added: Map<number, number>; removed: number[] }[] = []
    for (let sequence = 1; sequence <= 120; sequence++) {
      const state = new Map(states[sequence - 1])
      const removed = [...state.keys()].filter(() => random() < 0.2)
      for (const referenceNo of removed) state.delete(referenceNo)
      const added = new Map<number, number>()
      for (let at = 0; at < 40; at++) added.set(1 + Math.floor(random() * 3_000), Math.floor(random() * rows.length))
      for (const [referenceNo, row] of added) state.set(referenceNo, row)
      states.push(state)
      queue.push({ added, removed })
    }
    let changing = true
    let searched = 0
    const seen = new Set<number>()
    const search = async (limit?: number) => {
      while (changing) {
        const answer = await gallery.search(probe, { threshold: 0.1, limit })
        seen.add(answer.sequence)
        const state = states[answer.sequence]!
        const scores = [...state].map(([referenceNo, row]) => ({ referenceNo, score: scoreOf[row]! }))
        for (const [at, row] of staying.entries()) scores.push({ referenceNo: 1_000_000 + at, score: scoreOf[row]! })
        expect(answer.rows).toBe(scores.length)
        const floor = limit === undefined ? 0.1 : Math.max(0.1, scores.map(({ score }) => score).sort((a, b) => b - a)[limit - 1] ?? 0.1)
        const wanted = scores.filter(({ score }) => score >= floor)
        const found = new Map(answer.candidates.map((candidate) => [candidate.referenceNo, candidate]))
        expect(wanted.filter(({ referenceNo, score }) => !(found.get(referenceNo)!.scoreMax >= score))).toEqual([])
        expect(scores.filter(({ referenceNo, score }) => (found.get(referenceNo)?.scoreMin ?? -2) > score)).toEqual([])
        expect([...found.keys()].filter((referenceNo) => referenceNo < 1_000_000 && !state.has(referenceNo))).toEqual([])
        searched += 1
      }
    }
    const searching = [search(), search(), search(5)]
    for (const [at, { added, removed }] of queue.entries()) {
      const given = galleryRows(
        [...added.values()].map((row) => rows[row]!),
        dimension,
      )
      await gallery.change({ ...given, referenceNos: Uint32Array.from(added.keys()) }, Uint32Array.from(removed), at + 1)
      while (searched < at / 2) await sleep(1)
    }
    changing = false
    await Promise.all(searching)
    expect(seen.size).toBeGreaterThan(10)
    expect(gallery.size).toBe(staying.length + states.at(-1)!.size)
    // Places are used again: far fewer than were ever written.
    expect(gallery.slotsUsed).toBeLessThan(staying.length + 3_000)
  }, 60_000)

  it('do not see a row that has ended, though an older search still may', async () => {
    threaded()
    const gallery = opened()
    const { given, probe } = many(40, 13)
    await gallery.change(given, nothing, 1)
    const older = gallery.hold()
    await gallery.change(noRows, given.referenceNos.slice(0, 30), 2)
    // Its memory is not used again while somebody may read it.
    await gallery.change(galleryRows([probe], dimension, 99), nothing, 3)
    expect(gallery.slotsUsed).toBe(41)
    for (const limit of [undefined, 40]) {
      const answer = await gallery.search(probe, { threshold: -2, limit })
      expect(nosOf(answer)).toEqual([...given.referenceNos.slice(30), 99])
    }
    gallery.release(older)
    await gallery.change(galleryRows([probe], dimension, 100), nothing, 4)
    expect(gallery.slotsUsed).toBe(41)
  })

  it('are replaced when they die, and the search is made again', async () => {
    threaded()
    const gallery = opened()
    const { given, probe, rows } = many(40_000, 7)
    await gallery.change(given, nothing, 1)
    const wanted = nosOf(await gallery.search(probe, { threshold: 0.2 }))
    expect(wanted.length).toBeGreaterThan(0)
    expect(wanted.length).toBe(rows.filter((row) => dot(row, probe) >= 0.2).length * 2_000)
    const pool = engine.searches.pool!
    for (let round = 1; round <= 4; round++) {
      const before = pool.workers
      const searches = Array.from({ length: 6 }, () => gallery.search(probe, { threshold: 0.2 }))
      await sleep(round)
      await pool.workers[round % 2]!.terminate()
      for (const answer of await Promise.all(searches)) expect(nosOf(answer)).toEqual(wanted)
      expect(pool.replaced).toBe(round)
      expect(pool.workers).not.toEqual(before)
    }
    // The new threads know what came before them.
    await gallery.change(noRows, given.referenceNos.slice(0, 20_000), 2)
    expect(nosOf(await gallery.search(probe, { threshold: 0.2 }))).toEqual(wanted.filter((referenceNo) => referenceNo > 20_000))
  }, 60_000)

  it('sleep while nothing is asked', async () => {
    threaded()
    const gallery = opened()
    await gallery.change(many(5_000, 8).given, nothing, 1)
    await gallery.search(many(1, 8).probe, { threshold: 0.9 })
    await sleep(300)
    // The least of several stretches: other work of this process does not count against the threads.
    const stretches: number[] = []
    for (let stretch = 0; stretch < 5; stretch++) {
      const before = process.cpuUsage()
      await sleep(200)
      const { user, system } = process.cpuUsage(before)
      stretches.push((user + system) / 1000)
    }
    expect(Math.min(...stretches)).toBeLessThan(20)
  }, 20_000)

  it('are not asked, nor started, for a small gallery', async () => {
    engine = engineOf(kernels.url, { threads: 2 })
    const gallery = opened()
    const { given, probe } = many(2_000, 14)
    const few = { referenceNos: given.referenceNos.subarray(0, 1_999), templates: given.templates.subarray(0, 1_999 * dimension) }
    await gallery.change(few, nothing, 1)
    expect((await gallery.search(probe, { threshold: 0 })).explanation).toMatchObject({ threads: 0, rowsRead: 1_999 })
    expect(engine.searches.pool).toBeUndefined()
    await gallery.change(given, nothing, 2)
    expect((await gallery.search(probe, { threshold: 0 })).explanation.threads).toBe(2)
  }, 20_000)

  it('refuse searches when too many wait', async () => {
    threaded()
    const gallery = opened()
    await gallery.change(many(100, 9).given, nothing, 1)
    const { probe } = many(1, 9)
    const outcomes = await Promise.allSettled(Array.from({ length: waitingMax + 1 }, () => gallery.search(probe, { threshold: 0 })))
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: 'rate.limited' } }])
  }, 30_000)
})

describe('memory', () => {
  it('is taken in steps, and another memory when one is full', async () => {
    threaded({ bankBytesMax: 4 * mebibyte })
    const gallery = opened()
    const { given, rows, probe } = many(70_000, 10)
    const sizes = [gallery.memoryBytes]
    for (let at = 0; at < 70_000; at += 10_000) {
      const part = {
        referenceNos: given.referenceNos.slice(at, at + 10_000),
        templates: given.templates.subarray(at * 64, (at + 10_000) * 64),
      }
      await gallery.change(part, nothing, at)
      sizes.push(gallery.memoryBytes)
    }
    expect(gallery.rows.banks.length).toBeGreaterThan(2)
    expect(new Set(sizes).size).toBeGreaterThan(4)
    const wanted = given.referenceNos.filter((referenceNo) => dot(rows[(referenceNo - 1) % 20]!, probe) >= 0.1)
    expect(wanted.length).toBeGreaterThan(1_000)
    for (const stage of ['packed', 'flat'] as const) {
      const found = new Set(nosOf(await gallery.search(probe, { threshold: 0.1, stage })))
      expect(wanted.filter((referenceNo) => !found.has(referenceNo))).toHaveLength(0)
    }
    await gallery.change(noRows, given.referenceNos, 99)
    expect(nosOf(await gallery.search(probe, { threshold: -2 }))).toEqual([])
    // What was deleted is gone from memory, too.
    const { bottomAt, topBlockBytes } = gallery.rows.shape
    const top = gallery.rows.shape.headBytes
    const { ints } = gallery.rows.banks[0]!
    expect(ints.subarray((top + 192) / 4, (top + topBlockBytes) / 4).every((word) => word === 0)).toBe(true)
    expect(ints.subarray((top + bottomAt) / 4, (top + bottomAt + topBlockBytes) / 4).every((word) => word === 0)).toBe(true)
  }, 60_000)

  it('is given back with the gallery', async () => {
    threaded({ memoryBytesMax: 6 * mebibyte })
    for (let round = 0; round < 8; round++) {
      const gallery = engine.open({ model: `m@${round}`, meanTemplate: new Float32Array(dimension), rowsExpected: 20_000 })
      await gallery.change(many(20, 11).given, nothing, 1)
      expect((await gallery.search(many(1, 11).probe, { threshold: -2 })).rows).toBe(20)
      expect(await engine.drop(`m@${round}`)).toBe(true)
      await expect(gallery.search(many(1, 11).probe, { threshold: -2 })).rejects.toMatchObject({ code: 'gallery.notReady' })
    }
  }, 30_000)
})

describe('labels', () => {
  it('limit a search to the rows asked for, and its best to the best of them', async () => {
    threaded()
    const gallery = opened()
    const { rows, probe } = populationOf('random', dimension, 3_000, 12)
    const labels = rows.map((_, at) => (at % 5) | (1 << (8 + (at % 3))) | (at % 7 === 0 ? 0b101 << 16 : 0))
    await gallery.change({ ...galleryRows(rows, dimension), labels: Uint32Array.from(labels) }, nothing, 1)
    const cases = [
      { filter: { categories: [1, 3] }, fits: (at: number) => at % 5 === 1 || at % 5 === 3 },
      { filter: { purposes: 0b110 }, fits: (at: number) => at % 3 !== 0 },
      { filter: { watchLists: 0b100 }, fits: (at: number) => at % 7 === 0 },
      { filter: { categories: [0], purposes: 1, watchLists: 1 }, fits: (at: number) => at % 5 === 0 && at % 3 === 0 && at % 7 === 0 },
      { filter: {}, fits: () => true },
    ]
    for (const { filter, fits } of cases) {
      const scores = rows.flatMap((row, at) => (fits(at) ? [{ referenceNo: at + 1, score: dot(row, probe) }] : []))
      expect(nosOf(await gallery.search(probe, { threshold: -2, filter }))).toEqual(scores.map(({ referenceNo }) => referenceNo))
      const best = scores.sort((a, b) => b.score - a.score).slice(0, 4)
      const answer = await gallery.search(probe, { threshold: -2, filter, limit: 4 })
      expect(nosOf(answer)).toEqual(expect.arrayContaining(best.map(({ referenceNo }) => referenceNo)))
      expect(answer.candidates.every(({ referenceNo }) => fits(referenceNo - 1))).toBe(true)
    }
  }, 30_000)

  it('change with a sequence: searches of the one before see the label before, of every row', async () => {
    threaded()
    const gallery = opened()
    const { rows, probe } = populationOf('random', dimension, 3_000, 13)
    await gallery.change(galleryRows(rows, dimension), nothing, 1)
    const listed = (step: number) => rows.flatMap((_, at) => (at % 60 === step ? [at + 1] : []))
    const filter = { watchLists: 1 }
    for (let step = 0; step < 12; step++) {
      const [before, now] = [step === 0 ? [] : listed(step - 1), listed(step)]
      const relabelled = {
        referenceNos: Uint32Array.of(...before, ...now, 9_999),
        labels: Uint32Array.of(...before.map(() => 0), ...now.map(() => 1 << 16), 1 << 16),
      }
      const best = now.map((no) => ({ no, score: dot(rows[no - 1]!, probe) })).sort((a, b) => b.score - a.score)
      const searching = gallery.search(probe, { threshold: -2, filter })
      const changing = gallery.change(galleryRows([], dimension), nothing, step + 2, relabelled)
      const meanwhile = await searching
      expect(nosOf(meanwhile)).toEqual(meanwhile.sequence === step + 2 ? now : before)
      await changing
      const after = await gallery.search(probe, { threshold: -2, filter })
      expect([after.sequence, after.rows, nosOf(after)]).toEqual([step + 2, 3_000, now])
      const few = await gallery.search(probe, { threshold: -2, filter, limit: 5 })
      expect(nosOf(few)).toEqual(expect.arrayContaining(best.slice(0, 5).map(({ no }) => no)))
      for (const { referenceNo, scoreMin, scoreMax } of after.candidates) {
        const exact = dot(rows[referenceNo - 1]!, probe)
        expect(scoreMin <= exact && exact <= scoreMax).toBe(true)
      }
    }
    // Their places are used again.
    expect(gallery.slotsUsed).toBeLessThan(3_400)
    expect(nosOf(await gallery.search(probe, { threshold: -2 }))).toEqual(rows.map((_, at) => at + 1))
  }, 30_000)
})
