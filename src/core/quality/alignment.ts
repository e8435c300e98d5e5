/** The face turned upright at a fixed size, which quality is measured on, and which of its pixels are face. */
import { type AffineMap, applyMap, composeMaps, convexHull, fillConvex, type Point, similarityFit } from '../geometry.ts'
import { eyeCentres, meshPoint, type Stride } from '../landmarks.ts'

/** Side of OFIQ's aligned picture. */
export const alignedSidePx = 616
/** Side of the half-sized one that sharpness is measured on, and the few measures that every frame gets. */
export const smallSidePx = alignedSidePx / 2

/** Image-left eye, image-right eye, nose tip, image-left and image-right mouth corner in the aligned picture. */
const alignedPoints: readonly Point[] = [
  [251, 272],
  [364, 272],
  [308, 336],
  [262, 402],
  [355, 402],
]

/** Outline of the face without forehead: contour below the eyes, then the upper edge of the brows. Indices of the 468-point mesh. */
const outlineIndices = [
  127, 234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454, 356, 70, 63, 105, 66, 107,
  336, 296, 334, 293, 300,
]

const scaleTo = (side: number): AffineMap => [side / alignedSidePx, 0, 0, 0, side / alignedSidePx, 0]

/** Maps the picture onto an aligned picture of `side` pixels; undefined where the landmarks are degenerate. */
export function qualityAlignment(points: Float32Array, stride: Stride, side: number): AffineMap | undefined {
  const at = (index: number) => meshPoint(points, index, stride)
  return qualityAlignmentOfPoints([...eyeCentres(points, stride), at(4), at(61), at(291)], side)
}

/** The same from five points. */
export function qualityAlignmentOfPoints(points: readonly Point[], side: number): AffineMap | undefined {
  const fit = similarityFit(points, alignedPoints)
  return fit && composeMaps(fit, scaleTo(side))
}

/** Pixels of the aligned picture that lie in the landmarked region, 1 each. */
export function landmarkedRegion(points: Float32Array, stride: Stride, alignment: AffineMap, side: number): Uint8Array {
  const outline = outlineIndices.map((index) => applyMap(alignment, meshPoint(points, index, stride)))
  return fillConvex(convexHull(outline), side, side)
}

/** The middle of an aligned face whose landmarks are not known: an ellipse from the brows to below the mouth, at the small side. */
export function centralRegion(): Uint8Array {
  const mask = new Uint8Array(smallSidePx * smallSidePx)
  for (let y = 0; y < smallSidePx; y++)
    for (let x = 0; x < smallSidePx; x++) if (((x - 153.5) / 62) ** 2 + ((y - 167.5) / 72) ** 2 <= 1) mask[y * smallSidePx + x] = 1
  return mask
}
