/** How far the kernel's scores may still be from the exact one. docs/matcher-bound.md has the proof. */
import { rotationRoundings } from '../core/gallery/rotation.ts'
import { unitLengthTolerance } from '../core/gallery/rowEncoder.ts'

const float32Unit = 2 ** -24
const float64Unit = 2 ** -53

/** gamma_n of rounding error analysis: what n roundings in a row add up to at most, relative. */
const gamma = (roundings: number, unit: number) => (roundings * unit) / (1 - roundings * unit)

/** Longest template that the door lets in, and longest residual from a mean inside the same sphere. */
const lengthMax = 1 + unitLengthTolerance
const residualMax = 2 * lengthMax * (1 + float64Unit)
/** No sum of the magnitudes that meet in the kernel's last additions is larger, up to 4,096 dimensions. */
const magnitudeMax = 64

/**
 * What has to be added to the kernel's upper score (or taken from its lower one) for it to be on the right side of the float64 dot
 * product, summed in any order, of the float32 vectors: rounding in centring, rotation and the kernel's last additions. Quantisation is
 * not in it: that is measured for each row. Includes the rounding of the sums in which it is used.
 * @param dimension 1 to 4,096
 */
export function scoreSlack(dimension: number): number {
  const centring = float64Unit * residualMax * (lengthMax + residualMax)
  const turned = gamma(rotationRoundings(dimension), float64Unit)
  const rotation = (2 * turned + turned * turned) * residualMax ** 2
  const kernel = gamma(12, float32Unit) * magnitudeMax
  const float64 = gamma(4 * dimension + 64, float64Unit) * magnitudeMax
  const underflow = 1e-30
  return (centring + rotation + kernel + float64 + underflow) * (1 + 2 ** -20) + 2 ** -44
}

/** Thresholds beyond it are beyond any score of two admitted vectors. */
export const clipThreshold = (threshold: number): number => Math.min(2, Math.max(-2, threshold))
