/** How far a float32 score of the kernel may be from the exact one. docs/matcher-bound.md has the proof. */

/** Lanes that a row is summed in; rows are padded to a multiple of it. */
export const lanes = 16
/** Rows and probes whose length is further from 1 than this are refused at the door. */
export const unitLengthTolerance = 1e-3

const float32Unit = 2 ** -24
const float64Unit = 2 ** -53

/** gamma_n of rounding error analysis: what n roundings in a row add up to at most, relative. */
const gamma = (roundings: number, unit: number) => (roundings * unit) / (1 - roundings * unit)

/**
 * The largest difference between the kernel's float32 score and the float64 dot product (summed in any order) of the same two
 * float32 vectors, both within unitLengthTolerance of unit length. Includes the rounding of `score + slack` itself.
 * @param dimension 1 to 4,096
 */
export function scoreSlack(dimension: number): number {
  const roundings = Math.ceil(dimension / lanes) + 4
  const lengths = (1 + unitLengthTolerance) ** 2
  const relative = gamma(roundings, float32Unit) + gamma(dimension, float64Unit)
  const underflow = dimension * 2 ** -150
  return (relative * lengths + underflow) * (1 + 2 ** -20) + 2 ** -50
}

/**
 * The float32 that the kernel compares with: no row whose exact score reaches the threshold has a float32 score below it.
 * @param threshold any finite number; beyond 2 and -2 nothing and everything scores, so it is clipped there
 */
export function cutOf(threshold: number, slack: number): number {
  const exact = Math.min(2, Math.max(-2, threshold)) - slack
  const near = Math.fround(exact)
  return near <= exact ? near : Math.fround(near - Math.abs(near) * 2 ** -23 - 2 ** -149)
}
