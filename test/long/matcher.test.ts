/** The promise of the matcher at 200,000 rows with threads: every row at or above the threshold is answered, against a float64 brute force. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { builtKernels, dot, engineOf, galleryRows, mebibyte, populationOf, type Shape } from '../unit/matcher/galleries.ts'

const count = 200_000
let kernels: ReturnType<typeof builtKernels>
beforeAll(() => {
  kernels = builtKernels()
}, 60_000)
afterAll(() => kernels.remove())

const cases: [Shape, number][] = [
  ['random', 128],
  ['clustered', 64],
  ['offCentre', 128],
  ['nearProbe', 100],
  ['ring', 96],
  ['steepSpectrum', 192],
]

it.each(cases)('no match is lost among 200,000: %s, dimension %i', async (shape, dimension) => {
  const engine = engineOf(kernels.url, { threads: 2, memoryBytesMax: 1024 * mebibyte, bankBytesMax: 32 * mebibyte })
  try {
    const { probe, rows, mean } = populationOf(shape, dimension, count, dimension)
    const gallery = engine.open({ model: 'm@1', meanTemplate: Float32Array.from(mean) })
    for (let at = 0; at < count; at += 10_000) {
      await gallery.change(galleryRows(rows.slice(at, at + 10_000), dimension, at + 1), new Uint32Array(), at)
    }
    const probes = [probe, rows[17]!, rows[count - 3]!]
    let matches = 0
    for (const asked of probes) {
      const scores = rows.map((row) => dot(row, asked))
      const sorted = [...scores].sort((a, b) => b - a)
      for (const rank of [0, 10, 1_000, 20_000, count - 1]) {
        for (const nudge of [0, 1e-6, -1e-6]) {
          const threshold = sorted[rank]! + nudge
          for (const how of [{}, { limit: 5 }]) {
            const { candidates } = await gallery.search(asked, { threshold, ...how })
            const found = new Map(candidates.map((candidate) => [candidate.referenceNo, candidate]))
            const floor = Math.max(threshold, 'limit' in how ? sorted[4]! : threshold)
            const lost = scores.flatMap((score, at) => (score >= floor && !((found.get(at + 1)?.scoreMax ?? -9) >= score) ? [at + 1] : []))
            expect(lost).toEqual([])
            matches += scores.filter((score) => score >= floor).length
          }
        }
      }
    }
    expect(matches).toBeGreaterThan(count)
  } finally {
    await engine.close()
  }
})
