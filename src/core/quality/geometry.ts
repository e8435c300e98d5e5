/** Components that come from the landmarks and the size of the picture alone. */
import type { Box } from '../../contract/types.ts'
import { boxArea, centroid, distance } from '../geometry.ts'
import { eyeCentres, eyesToChin, lidGap, lipGap, type Stride } from '../landmarks.ts'
import type { HeadPose } from '../pose/headPose.ts'

export interface PictureSize {
  readonly width: number
  readonly height: number
}

export interface GeometryMeasures {
  readonly interEyeDistance: number
  readonly headSize: number
  readonly leftwardCrop: number
  readonly rightwardCrop: number
  readonly marginAbove: number
  readonly marginBelow: number
  readonly eyesOpen: number
  readonly mouthClosed: number
  readonly yaw: number | undefined
  readonly pitch: number | undefined
  readonly roll: number | undefined
}

/**
 * Geometry of a face in its picture. Ratios divided by nothing become no finite number, which tells that they could not be measured.
 * @param points in the pixels that were looked at, whose size `picture` is
 * @param scale pixels of the original picture for each pixel that was looked at
 */
export function geometryMeasures(
  points: Float32Array,
  stride: Stride,
  picture: PictureSize,
  scale: number,
  pose: HeadPose | undefined,
): GeometryMeasures {
  const [left, right] = eyeCentres(points, stride)
  const centre = centroid([left, right])
  const between = distance(left, right)
  const chin = eyesToChin(points, stride)
  const turned = Math.cos(((pose?.yaw ?? 0) * Math.PI) / 180)
  return {
    interEyeDistance: (between * scale) / turned,
    headSize: chin / picture.height,
    // The far eye, as OFIQ's code takes it.
    leftwardCrop: right[0] / between,
    rightwardCrop: (picture.width - left[0]) / between,
    marginAbove: centre[1] / chin,
    marginBelow: (picture.height - centre[1]) / chin,
    eyesOpen: lidGap(points, stride) / chin,
    mouthClosed: lipGap(points, stride) / chin,
    yaw: pose?.yaw,
    pitch: pose?.pitch,
    roll: pose?.roll,
  }
}

/** A second face counts from this detection score on: weak ones are often no faces. */
const secondScoreMin = 0.6

/** Area of the largest other face over that of the subject; 0 where there is none, at most 1. */
export function secondFaceShare(subject: Box, others: readonly { readonly box: Box; readonly detectionScore: number }[]): number {
  const largest = Math.max(0, ...others.filter(({ detectionScore }) => detectionScore >= secondScoreMin).map(({ box }) => boxArea(box)))
  return Math.min(1, largest / Math.max(1e-9, boxArea(subject)))
}
