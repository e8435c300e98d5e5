import { expect, it } from 'vitest'
import { RowEncoder } from '../../../src/core/gallery/rowEncoder.ts'
import { encodeQuery } from '../../../src/matcher/query.ts'
import { queryHeaderBytes, shapeOf } from '../../../src/matcher/shape.ts'
import { populationOf, shapes } from './galleries.ts'

/** The largest sum of one sign that the scans add up in a 16-bit lane, written from the layout alone. */
function largestLaneSum(numbers: Int8Array): number {
  const sums = new Map<string, number>()
  for (const [at, number] of numbers.entries()) {
    const lane = `${Math.floor(at / 512)} ${at % 4 < 2} ${number > 0}`
    sums.set(lane, (sums.get(lane) ?? 0) + Math.abs(number))
  }
  return Math.max(...sums.values())
}

it.each([64, 128, 500, 512, 520, 1024, 4096])(
  'no sum of a probe of %i dimensions leaves 16 bits, and none is needlessly coarse',
  (dimension) => {
    const shape = shapeOf(dimension, 0, 2 ** 26)
    const encoder = new RowEncoder(new Float32Array(dimension))
    const sums: number[] = []
    const largest: number[] = []
    for (const population of shapes) {
      const { rows } = populationOf(population, dimension, 12, dimension)
      for (const probe of rows) {
        const { bytes } = encodeQuery(encoder, shape, probe, 1)
        const numbers = new Int8Array(bytes.buffer, queryHeaderBytes, shape.padded)
        sums.push(largestLaneSum(numbers))
        largest.push(Math.max(...numbers.map(Math.abs)))
      }
    }
    expect(Math.max(...sums) * 15).toBeLessThanOrEqual(32_767)
    for (const [at, sum] of sums.entries()) expect(sum > 2_100 || (largest[at] as number) >= 126).toBe(true)
  },
)
