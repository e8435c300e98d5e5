/** Points of the 468-point mesh and simple measures between them. */
import { centroid, distance, type Point } from './geometry.ts'

/** Numbers for each point of a mesh: x, y and maybe depth. */
export type Stride = 2 | 3

/** A point of a mesh with `stride` numbers for each point. */
export function meshPoint(points: Float32Array, index: number, stride: Stride): Point {
  return [points[index * stride]!, points[index * stride + 1]!]
}

/** Centres of the eyes, as the mean of their corners: image-left, image-right. */
export function eyeCentres(points: Float32Array, stride: Stride): [Point, Point] {
  const corner = (index: number) => meshPoint(points, index, stride)
  return [centroid([corner(33), corner(133)]), centroid([corner(362), corner(263)])]
}

/** From the middle between the eyes to the chin: the length that ISO/IEC 29794-5 measures faces by. */
export function eyesToChin(points: Float32Array, stride: Stride): number {
  return distance(centroid(eyeCentres(points, stride)), meshPoint(points, 152, stride))
}

const upperLower = (points: Float32Array, stride: Stride, pairs: readonly (readonly [number, number])[]) =>
  Math.max(...pairs.map(([a, b]) => distance(meshPoint(points, a, stride), meshPoint(points, b, stride))))

const leftLids = [
  [160, 144],
  [159, 145],
  [158, 153],
] as const
const rightLids = [
  [385, 380],
  [386, 374],
  [387, 373],
] as const
const innerLips = [
  [81, 178],
  [13, 14],
  [311, 402],
] as const

/** Largest distance of the lids of the eye that is less open, pixels. */
export function lidGap(points: Float32Array, stride: Stride): number {
  return Math.min(upperLower(points, stride, leftLids), upperLower(points, stride, rightLids))
}

/** Largest distance of the inner lips, pixels. */
export function lipGap(points: Float32Array, stride: Stride): number {
  return upperLower(points, stride, innerLips)
}

/** Opening of the eyes over their width, mean of both; about 0.19 to 0.35 for open eyes, it depends on the person. */
export function eyeOpenness(points: Float32Array, stride: Stride): number {
  const gap = (a: number, b: number) => distance(meshPoint(points, a, stride), meshPoint(points, b, stride))
  const left = (gap(160, 144) + gap(158, 153)) / 2 / Math.max(1e-6, gap(33, 133))
  const right = (gap(385, 380) + gap(387, 373)) / 2 / Math.max(1e-6, gap(362, 263))
  return (left + right) / 2
}
