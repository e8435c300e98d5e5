import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../../src/contract/errors.ts'
import { kernelNames, loadKernel } from '../../../src/matcher/kernelFile.ts'
import { paddedOf, Rotation, weightsOf } from '../../../src/matcher/rotation.ts'
import { builtKernels, dot, galleryRows, load, matcherOf, randomOf, unit } from './galleries.ts'

let kernels: ReturnType<typeof builtKernels>
beforeAll(() => {
  kernels = builtKernels()
}, 60_000)
afterAll(() => kernels.remove())

/** Columns are the images of the unit vectors: what a rotation does, found out by asking it. */
function matrixOf(dimension: number, kernel: (typeof kernelNames)[number] = 'scalar'): Float32Array[] {
  const memory = new WebAssembly.Memory({ initial: 8, maximum: 8, shared: true })
  const floats = new Float32Array(memory.buffer)
  const vectorAt = weightsOf(paddedOf(dimension)) * 4
  const rotation = new Rotation(loadKernel(kernels.url, kernel).bind(memory), floats, 0, dimension)
  return Array.from({ length: dimension }, (_, column) => {
    const vector = floats.subarray(vectorAt / 4, vectorAt / 4 + dimension)
    vector.fill(0)
    vector[column] = 1
    rotation.turn(vectorAt)
    return vector.slice()
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

  it('gives the same bits with every kernel', () => {
    for (const dimension of [4, 68, 512]) {
      const [relaxed, simd, scalar] = kernelNames.map((name) => matrixOf(dimension, name))
      expect(simd).toEqual(relaxed)
      expect(scalar).toEqual(relaxed)
    }
  })
})

/** Templates that make one error term as large as its bound while the other terms vanish: leave one out and a match is lost. */
describe.each([64, 100, 128])('quantisation that errs against the match, dimension %i', (dimension) => {
  async function lost(shape: 'row' | 'query' | 'neither', seed: number): Promise<void> {
    const random = randomOf(seed)
    const matrix = matrixOf(dimension)
    // All components of one size need no quantisation at all.
    const signs = Float32Array.from({ length: dimension }, () => (random() < 0.5 ? -1 : 1))
    const others = signs.map((sign) => (random() < 0.3 ? -sign : sign))
    // Whole numbers of steps, then nearly half a step each towards the other vector; the first is the largest and fixes the step.
    const stepsMax = shape === 'query' ? 63 : 127
    const worst = signs.map((sign, index) => (index === 0 ? stepsMax : Math.round((random() - 0.5) * stepsMax) + 0.49 * sign))
    const even = turnedBack(matrix, signs)
    const probe = shape === 'query' ? turnedBack(matrix, worst) : even
    const row = shape === 'query' ? even : turnedBack(matrix, shape === 'row' ? worst : others)
    const matcher = matcherOf(kernels.url)
    await load(matcher, galleryRows([row], dimension), dimension)
    const exact = dot(probe, row)
    const { candidates } = unwrap(await matcher.search({ model: 'm@1', probe, threshold: exact }))
    expect(candidates).toHaveLength(1)
    expect(candidates[0]!.scoreMax).toBeGreaterThanOrEqual(exact)
    // The construction is only worth something if the bound is nearly used up.
    expect(candidates[0]!.scoreMax).toBeLessThan(exact + (shape === 'neither' ? 5e-5 : 5e-4))
  }

  it.each(['row', 'query', 'neither'] as const)('does not lose it: %s', async (shape) => {
    for (let seed = 1; seed <= 20; seed++) await lost(shape, seed)
  })
})
