/** Comparison of two templates of one model. */

/**
 * The comparison score: float64 dot product of two stored float32 templates of unit length (their cosine).
 * This is the one exact score; what the matcher computes is only a bound on it.
 */
export function comparisonScore(reference: Float32Array, probe: Float32Array): number {
  let sum = 0
  for (let index = 0; index < probe.length; index++) sum += (reference[index] as number) * (probe[index] as number)
  return sum
}

/**
 * The comparison score at and above which two templates of unit length are at most so far apart: of all such pairs
 * distance² = 2 - 2 * score, so whoever thinks in Euclidean distances is answered by the search for scores.
 * @param distance 0 to 2
 */
export const scoreAtDistance = (distance: number): number => 1 - (distance * distance) / 2

/** The Euclidean distance of two templates of unit length with that comparison score. */
export const distanceAtScore = (score: number): number => Math.sqrt(Math.max(0, 2 - 2 * score))

/**
 * Cosine and Euclidean distance of two vectors of any length above 0, as the service endpoint gives them.
 * @returns undefined where the dimensions differ, a number is not finite or a vector has no length
 */
export function similarity(first: readonly number[], second: readonly number[]): { cosine: number; euclidean: number } | undefined {
  if (first.length !== second.length) return undefined
  let dot = 0
  let firstSquared = 0
  let secondSquared = 0
  let distanceSquared = 0
  for (let index = 0; index < first.length; index++) {
    const a = first[index] as number
    const b = second[index] as number
    dot += a * b
    firstSquared += a * a
    secondSquared += b * b
    distanceSquared += (a - b) ** 2
  }
  const cosine = dot / (Math.sqrt(firstSquared) * Math.sqrt(secondSquared))
  if (!Number.isFinite(cosine) || !Number.isFinite(distanceSquared)) return undefined
  return { cosine: Math.min(1, Math.max(-1, cosine)), euclidean: Math.sqrt(distanceSquared) }
}

/**
 * Scales a vector to unit length as float32, as templates are stored.
 * @returns undefined where it has no length or a number is not finite
 */
export function unitTemplate(data: readonly number[]): Float32Array | undefined {
  const norm = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0))
  if (!Number.isFinite(norm) || norm < 1e-9) return undefined
  return Float32Array.from(data, (value) => value / norm)
}
