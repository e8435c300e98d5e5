import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  applyMap,
  boxOverlap,
  composeMaps,
  convexHull,
  distance,
  fillConvex,
  invertMap,
  maskBounds,
  type Point,
  regionMap,
  similarityFit,
} from '../../../src/core/geometry.ts'

const coordinate = fc.double({ min: -2000, max: 2000, noNaN: true })
const point = fc.tuple(coordinate, coordinate)
const box = fc.record({
  x: coordinate,
  y: coordinate,
  width: fc.double({ min: 1, max: 500, noNaN: true }),
  height: fc.double({ min: 1, max: 500, noNaN: true }),
})

describe('similarityFit', () => {
  test('finds the turn, scale and shift that points were moved by', () => {
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 2, maxLength: 8 }),
        fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        point,
        (points, angle, scale, [x, y]) => {
          fc.pre(points.some((other) => distance(other, points[0]!) > 1))
          const [c, s] = [Math.cos(angle) * scale, Math.sin(angle) * scale]
          const moved = points.map(([u, v]): Point => [c * u - s * v + x, s * u + c * v + y])
          const map = similarityFit(points, moved)!
          for (const [index, from] of points.entries()) expect(distance(applyMap(map, from), moved[index]!)).toBeLessThan(1e-5)
        },
      ),
    )
  })

  test('does not mirror, though the points are mirrored', () => {
    const square: Point[] = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 2],
    ]
    const map = similarityFit(
      square,
      square.map(([x, y]): Point => [-x, y]),
    )
    if (map !== undefined) expect(map[0] * map[4] - map[1] * map[3]).toBeGreaterThan(0)
  })

  test.each([
    ['one point', [[3, 3]], [[1, 1]]],
    [
      'points in one place',
      [
        [3, 3],
        [3, 3],
      ],
      [
        [1, 1],
        [2, 2],
      ],
    ],
    [
      'points that are not finite',
      [
        [Number.NaN, 0],
        [1, 1],
      ],
      [
        [0, 0],
        [1, 1],
      ],
    ],
    [
      'lists of different length',
      [
        [0, 0],
        [1, 1],
      ],
      [[0, 0]],
    ],
  ] as const)('has no answer for %s', (_, from, to) => {
    expect(similarityFit([...from] as unknown as Point[], [...to] as unknown as Point[])).toBeUndefined()
  })
})

test('a map and its inverse cancel', () => {
  fc.assert(
    fc.property(
      point,
      fc.double({ min: 5, max: 500, noNaN: true }),
      fc.double({ min: -3, max: 3, noNaN: true }),
      point,
      (centre, side, angleRad, probe) => {
        const map = regionMap({ centre, side, angleRad }, 192)
        expect(distance(applyMap(composeMaps(map, invertMap(map)!), probe), probe)).toBeLessThan(1e-4)
        expect(distance(applyMap(map, [96, 96]), centre)).toBeLessThan(1e-6)
      },
    ),
  )
  expect(invertMap([1, 2, 0, 2, 4, 0])).toBeUndefined()
})

test('overlap is 1 with itself, symmetric, and between 0 and 1', () => {
  fc.assert(
    fc.property(box, box, (a, b) => {
      expect(boxOverlap(a, a)).toBeCloseTo(1)
      expect(boxOverlap(a, b)).toBe(boxOverlap(b, a))
      expect(boxOverlap(a, b)).toBeGreaterThanOrEqual(0)
      expect(boxOverlap(a, b)).toBeLessThanOrEqual(1 + 1e-12)
    }),
  )
  expect(boxOverlap({ x: 0, y: 0, width: 2, height: 1 }, { x: 1, y: 0, width: 2, height: 1 })).toBeCloseTo(1 / 3)
})

test('a filled hull has the area of the polygon', () => {
  const corners: Point[] = [
    [10, 10],
    [90, 20],
    [80, 80],
    [20, 70],
    [50, 50],
  ]
  const hull = convexHull(corners)
  expect(hull).toHaveLength(4)
  const filled = fillConvex(hull, 100, 100).reduce((sum, value) => sum + value, 0)
  const area = Math.abs(hull.reduce((sum, [x, y], index) => sum + x * hull[(index + 1) % 4]![1] - y * hull[(index + 1) % 4]![0], 0)) / 2
  expect(Math.abs(filled - area)).toBeLessThan(area * 0.02)
})

test('a mask is bounded by its first and last marks, within the picture', () => {
  const mask = new Uint8Array(100)
  expect(maskBounds(mask, 10, 2)).toEqual({ x: 0, y: 0, width: 0, height: 0 })
  mask[34] = 1
  mask[56] = 1
  expect(maskBounds(mask, 10, 0)).toEqual({ x: 4, y: 3, width: 3, height: 3 })
  expect(maskBounds(mask, 10, 5)).toEqual({ x: 0, y: 0, width: 10, height: 10 })
})
