/**
 * Plane geometry of pictures. Coordinates are continuous: x to the right, y down, the centre of the first pixel is (0.5, 0.5),
 * so that a picture's coordinates only scale when the picture is resized.
 */
import type { Box } from '../contract/types.ts'

export type Point = readonly [x: number, y: number]

/** A 2 x 3 matrix, row-major: x' = a x + b y + c, y' = d x + e y + f. */
export type AffineMap = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

export const identityMap: AffineMap = [1, 0, 0, 0, 1, 0]

export function applyMap([a, b, c, d, e, f]: AffineMap, [x, y]: Point): Point {
  return [a * x + b * y + c, d * x + e * y + f]
}

/** The map that does `first`, then `second`. */
export function composeMaps(first: AffineMap, second: AffineMap): AffineMap {
  const [a, b, c, d, e, f] = first
  const [p, q, r, s, t, u] = second
  return [p * a + q * d, p * b + q * e, p * c + q * f + r, s * a + t * d, s * b + t * e, s * c + t * f + u]
}

/** @returns undefined where the map flattens the plane and cannot be undone */
export function invertMap([a, b, c, d, e, f]: AffineMap): AffineMap | undefined {
  const determinant = a * e - b * d
  if (!Number.isFinite(determinant) || Math.abs(determinant) < 1e-12) return undefined
  const [p, q, s, t] = [e / determinant, -b / determinant, -d / determinant, a / determinant]
  return [p, q, -(p * c + q * f), s, t, -(s * c + t * f)]
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1])
}

/** Mean of at least one point. */
export function centroid(points: readonly Point[]): Point {
  let [x, y] = [0, 0]
  for (const point of points) {
    x += point[0] / points.length
    y += point[1] / points.length
  }
  return [x, y]
}

/**
 * The rotation, uniform scale and translation (no reflection) that carries `from` onto `to` with the least sum of squared distances.
 * Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991, in its closed form for the plane.
 * @returns undefined where `from` is one point or the points are not finite
 */
export function similarityFit(from: readonly Point[], to: readonly Point[]): AffineMap | undefined {
  if (from.length !== to.length || from.length < 2) return undefined
  const [fromX, fromY] = centroid(from)
  const [toX, toY] = centroid(to)
  let [along, across, spread] = [0, 0, 0]
  for (const [index, point] of from.entries()) {
    const target = to[index]!
    const [x, y, u, v] = [point[0] - fromX, point[1] - fromY, target[0] - toX, target[1] - toY]
    along += x * u + y * v
    across += x * v - y * u
    spread += x * x + y * y
  }
  if (!(spread > 1e-9)) return undefined
  const [a, b] = [along / spread, across / spread]
  const map: AffineMap = [a, -b, toX - (a * fromX - b * fromY), b, a, toY - (b * fromX + a * fromY)]
  return map.every(Number.isFinite) && Math.hypot(a, b) > 1e-9 ? map : undefined
}

/** A square in a picture, turned about its centre; the angle grows from x towards y. */
export interface SquareRegion {
  readonly centre: Point
  readonly side: number
  readonly angleRad: number
}

/** Maps a square of `sizePx` pixels onto the region: points of the small picture to points of the large one. */
export function regionMap(region: SquareRegion, sizePx: number): AffineMap {
  const cosine = (Math.cos(region.angleRad) * region.side) / sizePx
  const sine = (Math.sin(region.angleRad) * region.side) / sizePx
  const half = sizePx / 2
  const [x, y] = region.centre
  return [cosine, -sine, x - cosine * half + sine * half, sine, cosine, y - sine * half - cosine * half]
}

export function boxArea(box: Box): number {
  return Math.max(0, box.width) * Math.max(0, box.height)
}

export function boxCentre(box: Box): Point {
  return [box.x + box.width / 2, box.y + box.height / 2]
}

export function scaleBox(box: Box, scaleX: number, scaleY: number): Box {
  return { x: box.x * scaleX, y: box.y * scaleY, width: box.width * scaleX, height: box.height * scaleY }
}

/** Area that two boxes share. */
export function boxIntersection(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}

/** Intersection over union, 0 to 1; 0 for boxes without area. */
export function boxOverlap(a: Box, b: Box): number {
  const shared = boxIntersection(a, b)
  const union = boxArea(a) + boxArea(b) - shared
  return union > 0 ? shared / union : 0
}

/** The smallest box around two boxes; one without area adds nothing. */
export function joinedBox(a: Box, b: Box): Box {
  if (boxArea(a) === 0) return b
  if (boxArea(b) === 0) return a
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)]
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y }
}

/** The smallest box around at least one point. */
export function boundingBox(points: readonly Point[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [x, y] of points) {
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x)
    bottom = Math.max(bottom, y)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** Convex hull in order around it (Andrew's monotone chain); points on an edge are left out. */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1])
  if (sorted.length < 3) return sorted
  const turn = (o: Point, a: Point, b: Point) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])
  const chain = (ordered: readonly Point[]) => {
    const hull: Point[] = []
    for (const point of ordered) {
      while (hull.length >= 2 && turn(hull.at(-2)!, hull.at(-1)!, point) <= 0) hull.pop()
      hull.push(point)
    }
    return hull.slice(0, -1)
  }
  return [...chain(sorted), ...chain(sorted.reverse())]
}

/** Marks the pixels whose centre lies in a convex polygon: width x height bytes, 1 inside. */
export function fillConvex(hull: readonly Point[], width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height)
  const corners = Float64Array.from([...hull, ...hull.slice(0, 1)].flat())
  for (let row = 0; row < height; row++) {
    const y = row + 0.5
    let left = Infinity
    let right = -Infinity
    for (let at = 0; at + 3 < corners.length; at += 2) {
      const y1 = corners[at + 1]!
      const y2 = corners[at + 3]!
      if (y1 > y === y2 > y) continue
      const x = corners[at]! + ((y - y1) / (y2 - y1)) * (corners[at + 2]! - corners[at]!)
      left = Math.min(left, x)
      right = Math.max(right, x)
    }
    const first = Math.max(0, Math.ceil(left - 0.5))
    const last = Math.min(width - 1, Math.ceil(right - 0.5) - 1)
    if (first <= last) mask.fill(1, row * width + first, row * width + last + 1)
  }
  return mask
}

/** The smallest box of whole pixels around what a mask marks, wider by a margin but inside the picture; empty for an empty mask. */
export function maskBounds(mask: Uint8Array, width: number, margin: number): Box {
  const height = mask.length / width
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let y = 0; y < height; y++) {
    const first = mask.subarray(y * width, (y + 1) * width).indexOf(1)
    if (first < 0) continue
    left = Math.min(left, first)
    right = Math.max(right, mask.subarray(y * width, (y + 1) * width).lastIndexOf(1))
    top = Math.min(top, y)
    bottom = y
  }
  if (right < 0) return { x: 0, y: 0, width: 0, height: 0 }
  const [x, y] = [Math.max(0, left - margin), Math.max(0, top - margin)]
  return { x, y, width: Math.min(width, right + 1 + margin) - x, height: Math.min(height, bottom + 1 + margin) - y }
}
