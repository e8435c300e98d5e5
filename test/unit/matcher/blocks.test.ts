/** Rows that come as sealed blocks: the same memory, the same answers and the same proven bounds as rows that are added one by one. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../../src/contract/errors.ts'
import type { GalleryRows, MatcherFunctions } from '../../../src/contract/processes.ts'
import { cutGalleryBlocks, makeGalleryBlocks, openGalleryBlock } from '../../../src/core/gallery/block.ts'
import { galleryFormatOf } from '../../../src/core/gallery/galleryFormat.ts'
import { RowEncoder } from '../../../src/core/gallery/rowEncoder.ts'
import { builtKernels, dot, engineOf, expectRefusal, galleryRows, load, matcherOf, noRows, populationOf, shapes } from './galleries.ts'

let kernels: ReturnType<typeof builtKernels>
beforeAll(() => {
  kernels = builtKernels()
}, 180_000)
afterAll(() => kernels.remove())

const nothing = new Uint32Array()
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** As the vault makes them. */
function blocksOf(rows: GalleryRows, mean: Float32Array, model = 'm@1'): Uint8Array[] {
  const bytes = makeGalleryBlocks(new RowEncoder(mean), galleryFormatOf({ id: model, meanTemplate: mean }, sha256), rows)
  return cutGalleryBlocks(bytes)!
}

async function begun(mean: Float32Array): Promise<MatcherFunctions> {
  const matcher = matcherOf(kernels.url)
  unwrap(await matcher.begin({ model: 'm@1', dimension: mean.length, meanTemplate: mean, rowsExpected: 0 }))
  return matcher
}

describe('a block that is loaded', () => {
  it('is the same memory as its rows added one by one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...shapes),
        fc.oneof(fc.constantFrom(64, 100, 128, 512, 1000), fc.integer({ min: 1, max: 300 })),
        fc.integer({ min: 1, max: 20 }),
        fc.integer(),
        async (shape, dimension, blocks, seed) => {
          const { rows, mean } = populationOf(shape, dimension, blocks * 16, seed)
          const given = galleryRows(rows, dimension, 5, 3)
          const [one, other] = [0, 1].map(() => engineOf(kernels.url).open({ model: 'm@1', meanTemplate: mean }))
          await one!.change(given, nothing, 0)
          for (const block of blocksOf(given, mean)) await other!.load(openGalleryBlock(block)!, nothing)
          const { headBytes } = one!.rows.shape
          const bytes = (gallery: typeof one) => Buffer.from(gallery!.rows.banks[0]!.bytes.slice(headBytes))
          expect(Buffer.compare(bytes(one), bytes(other))).toBe(0)
          expect(other!.rows.rowLengthMax).toBe(one!.rows.rowLengthMax)
          expect(other!.size).toBe(one!.size)
        },
      ),
      { seed: 31, numRuns: 40 },
    )
  })

  it('loses no match and answers what rows answer, with rows left out, others beside it and changes after it', async () => {
    let matches = 0
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...shapes),
        fc.constantFrom(64, 100, 128, 256),
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer(),
        async (shape, dimension, inBlock, beside, every, seed) => {
          const { rows, mean, probe } = populationOf(shape, dimension, inBlock + beside + 1, seed)
          const blockRows = galleryRows(rows.slice(0, inBlock), dimension)
          const more = galleryRows(rows.slice(inBlock, inBlock + beside), dimension, inBlock + 1)
          const without = blockRows.referenceNos.filter((no) => no % every === 0)
          const last = galleryRows(rows.slice(-1), dimension, inBlock + beside + 1)
          const matcher = await begun(mean)
          if (seed % 2 === 0) unwrap(await matcher.loadRows(more))
          for (const block of blocksOf(blockRows, mean)) unwrap(await matcher.loadBlock({ block, without }))
          if (seed % 2 !== 0) unwrap(await matcher.loadRows(more))
          unwrap(await matcher.ready({ sequence: 0, rows: inBlock - without.length + beside }))
          unwrap(await matcher.apply({ sequence: 1, added: last, removed: Uint32Array.of(1) }))
          const there = [...rows.keys()].filter((index) => index > 0 && !(index < inBlock && (index + 1) % every === 0))
          const plain = matcherOf(kernels.url)
          const templates = there.map((index) => rows[index]!)
          const nos = Uint32Array.from(there, (index) => index + 1)
          await load(plain, { ...galleryRows(templates, dimension), referenceNos: nos }, dimension, mean)
          const scores = new Map(there.map((index) => [index + 1, dot(probe, rows[index]!)]))
          const sorted = [...scores.values()].sort((a, b) => a - b)
          for (const threshold of [-2, sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0]) {
            for (const stage of ['packed', 'flat'] as const) {
              const { candidates, rows: held } = unwrap(await matcher.search({ model: 'm@1', probe, threshold, stage }))
              expect(held).toBe(there.length)
              const bounds = new Map(candidates.map(({ referenceNo, scoreMax }) => [referenceNo, scoreMax]))
              for (const [no, exact] of scores) {
                if (exact < threshold) continue
                matches += 1
                expect(bounds.get(no)).toBeGreaterThanOrEqual(exact)
              }
              for (const no of bounds.keys()) expect(scores.has(no)).toBe(true)
              // The longest row ever stored may be one that is not there any more: bounds may differ by next to nothing.
              const other = unwrap(await plain.search({ model: 'm@1', probe, threshold: -2, stage })).candidates
              for (const { referenceNo, scoreMax } of other) {
                const bound = bounds.get(referenceNo)
                if (bound !== undefined) expect(bound).toBeCloseTo(scoreMax, 3)
              }
            }
          }
        },
      ),
      { seed: 32, numRuns: 40 },
    )
    expect(matches).toBeGreaterThan(1_000)
  })

  it('may lie across segments of the memory, and its free places are used again', async () => {
    const dimension = 16
    const { rows, mean } = populationOf('random', dimension, 1_000, 3)
    const gallery = engineOf(kernels.url).open({ model: 'm@1', meanTemplate: mean })
    const added: number[] = []
    for (let part = 0; part < 18; part++) {
      const given = galleryRows(rows.slice(0, part === 4 ? 3 : 1_000), dimension, 1 + part * 1_000)
      added.push(...given.referenceNos)
      if (part % 5 === 4) await gallery.change(given, nothing, 0)
      else for (const block of blocksOf(given, mean)) await gallery.load(openGalleryBlock(block)!, nothing)
    }
    expect(gallery.size).toBe(added.length)
    const before = gallery.slotsUsed
    const few = galleryRows(rows.slice(0, 20), dimension, 100_000)
    await gallery.change(few, nothing, 0)
    added.push(...few.referenceNos)
    expect(gallery.slotsUsed).toBe(before)
    const { candidates } = await gallery.search(rows[0]!, { threshold: -2 })
    expect(candidates.map(({ referenceNo }) => referenceNo).sort((a, b) => a - b)).toEqual(added)
    for (const { referenceNo, scoreMax, scoreMin } of candidates) {
      const exact = dot(rows[referenceNo < 100_000 ? (referenceNo - 1) % 1_000 : referenceNo - 100_000]!, rows[0]!)
      expect(scoreMin <= exact && exact <= scoreMax).toBe(true)
    }
  })

  it('replaces rows that are there, and its rows take labels', async () => {
    const dimension = 64
    const { rows, mean, probe } = populationOf('random', dimension, 20, 5)
    const matcher = await begun(mean)
    unwrap(await matcher.loadRows(galleryRows([probe, probe], dimension, 3)))
    const given = galleryRows(rows, dimension)
    const labels = Uint32Array.from(given.referenceNos, (no) => no % 3)
    for (const block of blocksOf(given, mean)) unwrap(await matcher.loadBlock({ block, without: nothing }))
    unwrap(await matcher.loadLabels({ referenceNos: Uint32Array.of(...given.referenceNos, 99), labels: Uint32Array.of(...labels, 7) }))
    expect((await matcher.loadLabels({ referenceNos: given.referenceNos, labels: nothing })).ok).toBe(false)
    unwrap(await matcher.ready({ sequence: 0, rows: 20 }))
    const answer = unwrap(await matcher.search({ model: 'm@1', probe, threshold: -2, filter: { categories: [1] } }))
    expect(answer.candidates.map(({ referenceNo }) => referenceNo).sort((a, b) => a - b)).toEqual([1, 4, 7, 10, 13, 16, 19])
    for (const { referenceNo, scoreMax } of answer.candidates) expect(scoreMax).toBeCloseTo(dot(rows[referenceNo - 1]!, probe), 1)
  })
})

describe('the door for blocks', () => {
  const dimension = 64
  const { rows, mean } = populationOf('offCentre', dimension, 20, 6)
  const given = galleryRows(rows, dimension)

  it('refuses what was made for another model, mean template or dimension by its name', async () => {
    const matcher = await begun(mean)
    const moved = mean.map((value, index) => (index === 0 ? value + 1e-7 : value))
    const others = [
      blocksOf(given, mean, 'm@2')[0]!,
      blocksOf(given, moved)[0]!,
      blocksOf({ referenceNos: Uint32Array.of(1), templates: Float32Array.of(1, 0) }, new Float32Array(2))[0]!,
    ]
    for (const block of others) {
      const outcome = await matcher.loadBlock({ block, without: nothing })
      expectRefusal(outcome, 'gallery.blockRefused')
      expect(outcome.ok ? '' : outcome.refusal.detail).toContain(galleryFormatOf({ id: 'm@1', meanTemplate: mean }, sha256))
    }
    expect(unwrap(await matcher.status()).references).toBe(0)
    unwrap(await matcher.loadBlock({ block: blocksOf(given, mean)[0]!, without: nothing }))
  })

  it('refuses what is inconsistent or no block, and loads nothing of it', async () => {
    const matcher = await begun(mean)
    const block = blocksOf(given, mean)[0]!
    const endless = block.slice()
    new DataView(endless.buffer).setFloat32(16, Number.POSITIVE_INFINITY, true)
    for (const bad of [block.subarray(64), new Uint8Array(), new Uint8Array(64), endless])
      expectRefusal(await matcher.loadBlock({ block: bad, without: nothing }), 'gallery.blockRefused')
    const misused = [null, {}, { block: [...block], without: nothing }, { block, without: [1] }, { block, without: Uint32Array.of(0) }]
    for (const bad of misused) expectRefusal(await matcher.loadBlock(bad as never), 'request.invalid')
    expect(unwrap(await matcher.status()).references).toBe(0)
    unwrap(await matcher.ready({ sequence: 0, rows: 0 }))
    expectRefusal(await matcher.loadBlock({ block, without: nothing }), 'request.invalid')
    expect(unwrap(await matcher.apply({ sequence: 1, added: noRows, removed: nothing }))).toBe(true)
  })

  it('takes no row where the memory does not suffice', async () => {
    const matcher = matcherOf(kernels.url, { memoryBytesMax: 65_536 * 50 })
    unwrap(await matcher.begin({ model: 'm@1', dimension, meanTemplate: mean, rowsExpected: 0 }))
    let refused = 0
    for (let part = 0; part < 20 && refused === 0; part++) {
      const more = {
        referenceNos: Uint32Array.from({ length: 1_024 }, (_, at) => part * 1_024 + at + 1),
        templates: new Float32Array(1_024 * dimension),
      }
      for (let row = 0; row < 1_024; row++) more.templates.set(rows[row % 20]!, row * dimension)
      const outcome = await matcher.loadBlock({ block: blocksOf(more, mean)[0]!, without: nothing })
      if (outcome.ok) continue
      refused += 1
      expectRefusal(outcome, 'resource.exhausted')
      expect(unwrap(await matcher.status()).references).toBe(part * 1_024)
    }
    expect(refused).toBe(1)
  })
})
