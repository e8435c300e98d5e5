/** Components of the two cheeks of the aligned picture: evenness of light, and whether the colour is one that skin has. */
import { type AffineMap, applyMap, centroid, distance, type Point } from '../geometry.ts'
import { eyeCentres, meshPoint, type Stride } from '../landmarks.ts'
import { linearOf, luminanceAt } from './luminance.ts'

export interface Zone {
  readonly x: number
  readonly y: number
  readonly side: number
}

/** The cheek zones of the aligned picture: below each eye by half the way to the mouth, a third of the eye distance wide. */
export function cheekZones(points: Float32Array, stride: Stride, alignment: AffineMap): readonly [Zone, Zone] {
  const place = (point: Point) => applyMap(alignment, point)
  const [left, right] = eyeCentres(points, stride).map(place) as [Point, Point]
  const mouth = place(centroid([meshPoint(points, 13, stride), meshPoint(points, 14, stride)]))
  const side = Math.trunc(0.3 * distance(left, right))
  const down = Math.trunc(distance(centroid([left, right]), mouth) / 2)
  return [
    { x: Math.trunc(left[0]), y: Math.trunc(left[1]) + down, side },
    { x: Math.trunc(right[0]) - side, y: Math.trunc(right[1]) + down, side },
  ]
}

/** Calls for every pixel of a zone that lies in the picture. @param visit gets the number of the pixel */
function eachPixel({ x, y, side }: Zone, width: number, visit: (pixel: number) => void): void {
  for (let row = Math.max(0, y); row < Math.min(width, y + side); row++)
    for (let column = Math.max(0, x); column < Math.min(width, x + side); column++) visit(row * width + column)
}

function zoneHistogram(pixels: Uint8Array, mask: Uint8Array, width: number, zone: Zone): Float64Array | undefined {
  const counts = new Float64Array(256)
  let all = 0
  eachPixel(zone, width, (pixel) => {
    // What is outside the face counts as black.
    const luminance = mask[pixel] === 0 ? 0 : luminanceAt(pixels, pixel)
    counts[luminance] = counts[luminance]! + 1
    all++
  })
  return all === 0 ? undefined : counts.map((count) => count / all)
}

/** Shared area of the luminance histograms of both cheeks, 0 to 1. */
export function illuminationUniformity(pixels: Uint8Array, mask: Uint8Array, width: number, zones: readonly Zone[]): number {
  const [left, right] = zones.map((zone) => zoneHistogram(pixels, mask, width, zone))
  if (left === undefined || right === undefined) return 0
  return left.reduce((sum, share, value) => sum + Math.min(share, right[value]!), 0)
}

/** CIE L*a*b* f, with the constant that OFIQ's code has (24289, where CIE has 24389). */
const labCurve = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24289 / 27) * t + 16) / 116)

/** Distance of the mean colour of both cheeks from the range that skin has in a and b of CIE L*a*b*; 0 inside, 100 for green or blue. */
export function naturalColour(pixels: Uint8Array, mask: Uint8Array, width: number, zones: readonly Zone[]): number {
  const sum = [0, 0, 0]
  let [count, grey] = [0, true]
  for (const zone of zones)
    eachPixel(zone, width, (pixel) => {
      count++
      if (mask[pixel] === 0) return
      const [r, g, b] = [pixels[pixel * 3]!, pixels[pixel * 3 + 1]!, pixels[pixel * 3 + 2]!]
      if (r !== g || g !== b) grey = false
      sum[0]! += r
      sum[1]! += g
      sum[2]! += b
    })
  if (count === 0) return 100
  if (grey) return 0
  const [r, g, b] = sum.map((value) => linearOf(value / count / 255)) as [number, number, number]
  const x = labCurve((0.43605 * r + 0.38508 * g + 0.14309 * b) / 0.964221)
  const y = labCurve(0.22249 * r + 0.71689 * g + 0.06062 * b)
  const z = labCurve((0.01393 * r + 0.0971 * g + 0.71419 * b) / 0.825211)
  const [a, bStar] = [500 * (x - y), 200 * (y - z)]
  if (a < 0 || bStar < 0) return 100
  return Math.hypot(Math.max(0, 5 - a, a - 25), Math.max(0, 5 - bStar, bStar - 35))
}
