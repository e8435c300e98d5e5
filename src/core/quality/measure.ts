/** Everything that is measured of a face: the components of ISO/IEC 29794-5 that pixels and landmarks can give. */
import { type CaptureQuality, type ComponentName, componentNames, type MeasuredComponents } from '../../contract/quality.ts'
import { type AffineMap, maskBounds } from '../geometry.ts'
import type { Stride } from '../landmarks.ts'
import type { HeadPose } from '../pose/headPose.ts'
import { alignedSidePx, smallSidePx } from './alignment.ts'
import { backgroundUniformity } from './background.ts'
import { cheekZones, illuminationUniformity, naturalColour } from './cheeks.ts'
import { geometryMeasures, type PictureSize } from './geometry.ts'
import { luminanceHistogram, luminanceMeasures } from './luminance.ts'
import { qualityScoreOf } from './qualityScore.ts'
import { measured } from './scores.ts'
import { halvedPixels, sharpnessOf } from './sharpness.ts'

/** A face as it was found. */
export interface FaceSeen {
  /** Landmarks in the pixels that were looked at. */
  readonly points: Float32Array
  readonly stride: Stride
  /** Size of the pixels that were looked at. */
  readonly picture: PictureSize
  /** Pixels of the original picture for each pixel that was looked at. */
  readonly scale: number
  readonly pose: HeadPose | undefined
  /** Area of the largest other face over that of this one. */
  readonly secondFace: number
}

/** The aligned picture of a face. */
export interface AlignedFace {
  /** RGB bytes, alignedSidePx squared. */
  readonly pixels: Uint8Array
  /** Pixels in the landmarked region, 1 each. */
  readonly mask: Uint8Array
  /** Maps the picture that was looked at onto the aligned one, and back. */
  readonly alignment: AffineMap
  readonly toPicture: AffineMap
}

/** Every second pixel of every second row. */
function halvedMask(mask: Uint8Array): Uint8Array {
  const half = new Uint8Array(smallSidePx * smallSidePx)
  for (let y = 0, at = 0; y < smallSidePx; y++)
    for (let from = 2 * y * alignedSidePx, end = from + 2 * smallSidePx; from < end; from += 2) half[at++] = mask[from]!
  return half
}

function rawValues(seen: FaceSeen, { pixels, mask, alignment, toPicture }: AlignedFace): Record<ComponentName, number | undefined> {
  const zones = cheekZones(seen.points, seen.stride, alignment)
  const smallMask = halvedMask(mask)
  return {
    ...geometryMeasures(seen.points, seen.stride, seen.picture, seen.scale, seen.pose),
    ...luminanceMeasures(luminanceHistogram(pixels, mask)),
    singleFace: seen.secondFace,
    sharpness: sharpnessOf(halvedPixels(pixels, alignedSidePx, maskBounds(smallMask, smallSidePx, 0)), smallMask, smallSidePx),
    illuminationUniformity: illuminationUniformity(pixels, mask, alignedSidePx, zones),
    naturalColour: naturalColour(pixels, mask, alignedSidePx, zones),
    backgroundUniformity: backgroundUniformity(pixels, toPicture, seen.picture),
  }
}

/** Measures a face with all components. */
export function captureQualityOf(seen: FaceSeen, aligned: AlignedFace): CaptureQuality {
  const raw = rawValues(seen, aligned)
  const components: MeasuredComponents = {}
  for (const name of componentNames) components[name] = measured(name, raw[name])
  const { interEyeDistance, sharpness, overExposure, dynamicRange, yaw } = raw
  const qualityScore = qualityScoreOf({
    interEyeDistancePx: interEyeDistance ?? 0,
    sharpness: sharpness ?? 0,
    overExposure: overExposure ?? 1,
    dynamicRange: dynamicRange ?? 0,
    yaw: yaw ?? 90,
  })
  return { qualityScore, components }
}
