/** One number for the service endpoints, and the few measures of a frame that it is made of. */
import type { HeadPose } from '../pose/headPose.ts'
import { smallSidePx } from './alignment.ts'
import { luminanceHistogram, luminanceMeasures } from './luminance.ts'
import { sharpnessOf } from './sharpness.ts'

const logistic = (value: number, centre: number, width: number) => 1 / (1 + Math.exp((centre - value) / width))

/** What the one number is made of. */
export interface ScoreInputs {
  readonly interEyeDistancePx: number
  /** Sharpness substitute. */
  readonly sharpness: number
  /** Share of the face, 0 to 1. */
  readonly overExposure: number
  /** Entropy of luminance, bits: a picture that is too dark has few tones, dark skin in good light has many. */
  readonly dynamicRange: number
  /** Degrees. */
  readonly yaw: number
}

/**
 * 0 unusable to 1 very good: the product of five factors, so that one bad measure cannot be made up for by the others. It grows with eye
 * distance (half at 40 px) and sharpness (half at 0.012) and falls with over-exposure (half at 12 %), with few tones (half at 3.5 bits) and with a
 * turn to either side (half at 35 degrees).
 */
export function qualityScoreOf(inputs: ScoreInputs): number {
  const resolution = logistic(inputs.interEyeDistancePx, 40, 10)
  const sharp = logistic(Math.log(Math.max(inputs.sharpness, 1e-9)), Math.log(0.012), 0.35)
  const over = 1 - logistic(inputs.overExposure, 0.12, 0.03)
  const toned = logistic(inputs.dynamicRange, 3.5, 0.25)
  const frontal = 1 - logistic(Math.abs(inputs.yaw), 35, 5)
  return Math.min(1, Math.max(0, resolution * sharp * over * toned * frontal))
}

/** The measures of the small aligned picture. @param pixels RGB bytes, smallSidePx squared */
export function scoreInputsOf(pixels: Uint8Array, mask: Uint8Array, interEyeDistancePx: number, pose: HeadPose | undefined): ScoreInputs {
  const { overExposure, dynamicRange } = luminanceMeasures(luminanceHistogram(pixels, mask))
  return { interEyeDistancePx, sharpness: sharpnessOf(pixels, mask, smallSidePx), overExposure, dynamicRange, yaw: pose?.yaw ?? 90 }
}
