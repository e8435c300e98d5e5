import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../../src/contract/errors.ts'
import { RowEncoder } from '../../../src/core/gallery/rowEncoder.ts'
import { builtKernels, dot, galleryRows, load, matcherOf, randomOf, unit } from './galleries.ts'

let kernels: ReturnType<typeof builtKernels>
beforeAll(() => {
  kernels = builtKernels()
}, 180_000)
afterAll(() => kernels.remove())

/** Columns are the images of the unit vectors: what a rotation does, found out by asking it. */
function matrixOf(dimension: number): Float32Array[] {
  const encoder = new RowEncoder(new Float32Array(dimension))
  return Array.from({ length: dimension }, (_, column) => {
    const template = new Float32Array(dimension)
    template[column] = 1
    encoder.turn(template, 0)
    return Float32Array.from(encoder.vector)
  })
}

/** The template that the rotation takes to this vector, of unit length. */
const turnedBack = (matrix: readonly Float32Array[], vector: Float32Array) => unit(matrix.map((column) => dot(column, vector)))

describe('rotation', () => {
  it.each([64, 100, 128, 1000])('keeps dot products at dimension %i, and no component keeps its place', (dimension) => {
    const matrix = matrixOf(dimension)
    for (let a = 0; a < dimension; a += 7) {
      for (let b = 0; b < dimension; b += 13) expect(dot(matrix[a]!, matrix[b]!)).toBeCloseTo(a === b ? 1 : 0, 5)
      expect(Math.max(...matrix[a]!.map(Math.abs))).toBeLessThan(0.75)
    }
  })
})

/** Templates that make one error term as large as its bound while the other terms vanish: leave one out and a match is lost. */
describe.each([64, 104, 128])('quantisation that errs against the match, dimension %i', (dimension) => {
  async function lost(shape: 'row' | 'packedRow' | 'query' | 'neither', seed: number): Promise<void> {
    const random = randomOf(seed)
    const matrix = matrixOf(dimension)
    // All components of one size need no quantisation to 8 bits at all.
    const signs = Float32Array.from({ length: dimension }, () => (random() < 0.5 ? -1 : 1))
    const others = signs.map((sign) => (random() < 0.3 ? -sign : sign))
    const even = turnedBack(matrix, signs)
    // On a level of the scale, then nearly half a step each towards the other vector; the first is the largest and fixes the step.
    const towards = (largest: number, level: () => number, part: number) =>
      turnedBack(
        matrix,
        signs.map((sign, index) => (index === 0 ? largest : level() + part * sign)),
      )
    const upTo = (count: number) => Math.round((random() - 0.5) * count)
    const worst = {
      row: () => towards(127.5, () => upTo(127) + 0.5, 0.49),
      packedRow: () => towards(127.5, () => upTo(7) * 16 + 8, 7.9),
      query: () => towards(127, () => upTo(127), 0.49),
      neither: () => turnedBack(matrix, others),
    }[shape]()
    const [probe, row] = shape === 'query' ? [worst, even] : [even, worst]
    const matcher = matcherOf(kernels.url)
    await load(matcher, galleryRows([row], dimension), dimension)
    const exact = dot(probe, row)
    for (const stage of ['packed', 'flat'] as const) {
      const { candidates } = unwrap(await matcher.search({ model: 'm@1', probe, threshold: exact, stage }))
      expect(candidates).toHaveLength(1)
      expect(candidates[0]!.scoreMax).toBeGreaterThanOrEqual(exact)
      // The construction is only worth something if the bound is nearly used up.
      if (shape !== 'packedRow') expect(candidates[0]!.scoreMax).toBeLessThan(exact + (shape === 'row' ? 5e-4 : 2e-4))
    }
  }

  it.each(['row', 'packedRow', 'query', 'neither'] as const)('does not lose it: %s', async (shape) => {
    for (let seed = 1; seed <= 12; seed++) await lost(shape, seed)
  })
})
