/**
 * Quality of the chosen face, from its aligned picture and its landmarks. The components follow ISO/IEC 29794-5 as OFIQ computes them
 * (exposure in linear light over the landmarked region); sharpness is a substitute of our own, measured at a fixed size of the face.
 */
import type { CaptureQuality } from '../contract/rows/capture.ts'
import { type AffineMap, applyMap, centroid, convexHull, distance, fillConvex, type Point, similarityFit } from './geometry.ts'

/** Side of the aligned picture that quality is measured on: half of OFIQ's 616. */
export const alignedSidePx = 308

/** Image-left eye, image-right eye, nose tip, image-left and image-right mouth corner in the aligned picture (OFIQ's points, halved). */
const alignedPoints: readonly Point[] = [
  [125.5, 136],
  [182, 136],
  [154, 168],
  [131, 201],
  [177.5, 201],
]

/** Outline of the face without forehead: contour below the eyes, then the upper edge of the brows. Indices of the 468-point mesh. */
const outlineIndices = [
  127, 234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454, 356, 70, 63, 105, 66, 107,
  336, 296, 334, 293, 300,
]

/** A point of a mesh with `stride` numbers for each point. */
export function meshPoint(points: Float32Array, index: number, stride: 2 | 3): Point {
  return [points[index * stride]!, points[index * stride + 1]!]
}

/** Centres of the eyes, as the mean of their corners: image-left, image-right. */
export function eyeCentres(points: Float32Array, stride: 2 | 3): [Point, Point] {
  const corner = (index: number) => meshPoint(points, index, stride)
  return [centroid([corner(33), corner(133)]), centroid([corner(362), corner(263)])]
}

/** Maps the picture onto the aligned picture; undefined where the landmarks are degenerate. */
export function qualityAlignment(points: Float32Array, stride: 2 | 3): AffineMap | undefined {
  const at = (index: number) => meshPoint(points, index, stride)
  return similarityFit([...eyeCentres(points, stride), at(4), at(61), at(291)], alignedPoints)
}

/** Pixels of the aligned picture that lie in the landmarked region, 1 each. */
export function landmarkedRegion(points: Float32Array, stride: 2 | 3, alignment: AffineMap): Uint8Array {
  const outline = outlineIndices.map((index) => applyMap(alignment, meshPoint(points, index, stride)))
  return fillConvex(convexHull(outline), alignedSidePx, alignedSidePx)
}

/** The middle of an aligned face whose landmarks are not known: an ellipse from the brows to below the mouth. */
export function centralRegion(): Uint8Array {
  const mask = new Uint8Array(alignedSidePx * alignedSidePx)
  for (let y = 0; y < alignedSidePx; y++)
    for (let x = 0; x < alignedSidePx; x++) if (((x - 153.5) / 62) ** 2 + ((y - 167.5) / 72) ** 2 <= 1) mask[y * alignedSidePx + x] = 1
  return mask
}

/** Maps a picture that is aligned already onto the aligned picture of quality, from where its five points are. */
export function qualityAlignmentOfPoints(points: readonly Point[]): AffineMap | undefined {
  return similarityFit(points, alignedPoints)
}

/** Sideways distance of the nose tip from the middle between the two sides of the face, over its width: 0 frontal, 0.25 and more turned. */
export function turnOf(points: Float32Array, stride: 2 | 3): number {
  const [nose, left, right] = [meshPoint(points, 1, stride), meshPoint(points, 234, stride), meshPoint(points, 454, stride)]
  const width = distance(left, right)
  if (!(width > 0)) return 0
  const [axisX, axisY] = [(right[0] - left[0]) / width, (right[1] - left[1]) / width]
  const [x, y] = [nose[0] - (left[0] + right[0]) / 2, nose[1] - (left[1] + right[1]) / 2]
  return (x * axisX + y * axisY) / width
}

/** Opening of the eyes over their width, mean of both; about 0.19 to 0.35 for open eyes, it depends on the person. */
export function eyeOpenness(points: Float32Array, stride: 2 | 3): number {
  const gap = (a: number, b: number) => distance(meshPoint(points, a, stride), meshPoint(points, b, stride))
  const left = (gap(160, 144) + gap(158, 153)) / 2 / Math.max(1e-6, gap(33, 133))
  const right = (gap(385, 380) + gap(387, 373)) / 2 / Math.max(1e-6, gap(362, 263))
  return (left + right) / 2
}

/** sRGB byte to linear light, 0 to 1. */
const linearLight = Float32Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})

/**
 * Shares of over-exposed (luminance 247 and more of 255) and under-exposed (25 and less) pixels, in linear light, over the mask.
 * @param pixels RGB bytes, three for each byte of the mask
 */
export function exposureOf(pixels: Uint8Array, mask: Uint8Array): { overExposure: number; underExposure: number } {
  let [inside, over, under] = [0, 0, 0]
  for (let index = 0; index < mask.length; index++) {
    if (mask[index] === 0) continue
    const at = index * 3
    const light = 0.2126 * linearLight[pixels[at]!]! + 0.7152 * linearLight[pixels[at + 1]!]! + 0.0722 * linearLight[pixels[at + 2]!]!
    const luminance = Math.floor(255 * light + 0.5)
    inside++
    if (luminance >= 247) over++
    else if (luminance <= 25) under++
  }
  return inside === 0 ? { overExposure: 0, underExposure: 0 } : { overExposure: over / inside, underExposure: under / inside }
}

/**
 * Sharpness substitute S: variance of the Laplacian of the slightly blurred grey picture over the variance of the grey picture, in the mask.
 * Untouched photographs measure 0.028 to 0.074; a blur of 2 % of the eye distance 0.013, of 4 % 0.004.
 * @param pixels RGB bytes, side x side
 */
export function sharpnessOf(pixels: Uint8Array, mask: Uint8Array, side: number): number {
  const grey = new Float32Array(side * side)
  for (let index = 0; index < grey.length; index++)
    grey[index] = 0.299 * pixels[index * 3]! + 0.587 * pixels[index * 3 + 1]! + 0.114 * pixels[index * 3 + 2]!
  const smooth = smoothed(grey, side)
  const laplacian = new Spread()
  const plain = new Spread()
  for (let y = 2; y < side - 2; y++) {
    for (let x = 2; x < side - 2; x++) {
      const at = y * side + x
      if (mask[at] === 0) continue
      plain.add(grey[at]!)
      // Only where the whole neighbourhood is face: the edge of the mask is no edge of the picture.
      if (mask[at - 2] === 0 || mask[at + 2] === 0 || mask[at - 2 * side] === 0 || mask[at + 2 * side] === 0) continue
      laplacian.add(smooth[at - 1]! + smooth[at + 1]! + smooth[at - side]! + smooth[at + side]! - 4 * smooth[at]!)
    }
  }
  return plain.variance > 1e-6 ? laplacian.variance / plain.variance : 0
}

/** 3 x 3 Gaussian (1-2-1 in both directions); the border stays 0. */
function smoothed(grey: Float32Array, side: number): Float32Array {
  const rows = new Float32Array(grey.length)
  const result = new Float32Array(grey.length)
  for (let at = 1; at < grey.length - 1; at++) rows[at] = (grey[at - 1]! + 2 * grey[at]! + grey[at + 1]!) / 4
  for (let at = side; at < grey.length - side; at++) result[at] = (rows[at - side]! + 2 * rows[at]! + rows[at + side]!) / 4
  return result
}

class Spread {
  #count = 0
  #sum = 0
  #squares = 0

  add(value: number): void {
    this.#count++
    this.#sum += value
    this.#squares += value * value
  }

  get variance(): number {
    return this.#count === 0 ? 0 : Math.max(0, this.#squares / this.#count - (this.#sum / this.#count) ** 2)
  }
}

const logistic = (value: number, centre: number, width: number) => 1 / (1 + Math.exp((centre - value) / width))

/**
 * One number for the service endpoints, 0 unusable to 1 very good: the product of five factors, so that one bad component cannot be
 * made up for by the others. It grows with eye distance (half at 40 px) and sharpness (half at S = 0.012) and falls with over-exposure
 * (half at 12 %), under-exposure (half at 85 %) and turn to either side (half at 0.3).
 */
export function qualityScoreOf(quality: Omit<CaptureQuality, 'qualityScore'>): number {
  const resolution = logistic(quality.interEyeDistancePx, 40, 10)
  const sharp = logistic(Math.log(Math.max(quality.sharpness, 1e-9)), Math.log(0.012), 0.35)
  const over = 1 - logistic(quality.overExposure, 0.12, 0.03)
  const under = 1 - logistic(quality.underExposure, 0.85, 0.04)
  const frontal = 1 - logistic(Math.abs(quality.turn), 0.3, 0.04)
  return Math.min(1, Math.max(0, resolution * sharp * over * under * frontal))
}

/**
 * Everything that is measured of a face.
 * @param points landmarks in the pixels that were looked at
 * @param aligned RGB bytes of the aligned picture, alignedSidePx squared
 * @param mask the landmarked region of the aligned picture
 * @param scale pixels of the original picture for each pixel that was looked at
 */
export function captureQualityOf(
  points: Float32Array,
  stride: 2 | 3,
  aligned: Uint8Array,
  mask: Uint8Array,
  scale: number,
): CaptureQuality {
  const [left, right] = eyeCentres(points, stride)
  const measured = {
    interEyeDistancePx: distance(left, right) * scale,
    sharpness: sharpnessOf(aligned, mask, alignedSidePx),
    ...exposureOf(aligned, mask),
    turn: turnOf(points, stride),
  }
  return { ...measured, qualityScore: qualityScoreOf(measured) }
}
