/** Error rates of a set of comparison scores (ISO/IEC 19795-1): distributions, thresholds, the DET curve. Rates are fractions. */

export interface Distribution {
  readonly pairs: number
  readonly min: number | null
  readonly mean: number | null
  readonly max: number | null
  /** Counts in bins of equal width over -1 to 1; what lies outside counts in the outer bins. */
  readonly histogram: number[]
}

const bins = 40

export function distributionOf(scores: Float32Array): Distribution {
  const histogram = new Array<number>(bins).fill(0)
  let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  for (const score of scores) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(((score + 1) / 2) * bins)))
    histogram[bin]!++
    min = Math.min(min, score)
    max = Math.max(max, score)
    sum += score
  }
  const pairs = scores.length
  return pairs === 0 ? { pairs, min: null, mean: null, max: null, histogram } : { pairs, min, mean: sum / pairs, max, histogram }
}

/** Scores of mates and of impostors, each ascending. */
export interface SortedScores {
  readonly mates: Float32Array
  readonly impostors: Float32Array
}

export const sortedScores = (mates: Float32Array, impostors: Float32Array): SortedScores => ({
  mates: mates.toSorted(),
  impostors: impostors.toSorted(),
})

/** How many of ascending scores lie below a value. */
function countBelow(scores: Float32Array, value: number): number {
  let [low, high] = [0, scores.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (scores[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

export interface ErrorPoint {
  readonly threshold: number
  readonly fmr: number
  readonly fnmr: number
}

/** Both errors where scores at or above a threshold match. */
export function errorsAt({ mates, impostors }: SortedScores, threshold: number): ErrorPoint {
  return {
    threshold,
    fmr: impostors.length === 0 ? 0 : 1 - countBelow(impostors, threshold) / impostors.length,
    fnmr: mates.length === 0 ? 0 : countBelow(mates, threshold) / mates.length,
  }
}

/**
 * The smallest score of the set with a false match rate of at most the wanted one.
 * @returns undefined where there is none, or no impostor to tell
 */
export function thresholdFor(scores: SortedScores, wantedFmr: number): number | undefined {
  const { mates, impostors } = scores
  const count = impostors.length
  if (count === 0) return undefined
  const allowed = Math.floor(wantedFmr * count + 1e-9)
  if (allowed >= count) return Math.min(impostors[0]!, mates[0] ?? Number.POSITIVE_INFINITY)
  // The highest impostor that must not match.
  const barred = impostors[count - 1 - allowed]!
  const above = (ascending: Float32Array) => ascending.find((score) => score > barred)
  const next = [above(mates), above(impostors)].filter((score) => score !== undefined)
  return next.length === 0 ? undefined : Math.min(...next)
}

/** The rate at which both errors are equal, between the two thresholds where they change places; null without mates or impostors. */
export function equalErrorRate(scores: SortedScores): number | null {
  const { mates, impostors } = scores
  if (mates.length === 0 || impostors.length === 0) return null
  const thresholds = new Float32Array(mates.length + impostors.length)
  thresholds.set(mates)
  thresholds.set(impostors, mates.length)
  thresholds.sort()
  // One error only falls and the other only grows with the threshold: the first place where they have changed sides is sought.
  let [low, high] = [0, thresholds.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    const { fmr, fnmr } = errorsAt(scores, thresholds[middle]!)
    if (fnmr >= fmr) high = middle
    else low = middle + 1
  }
  const sides = [low - 1, low].flatMap((at) => (at < 0 ? [] : [errorsAt(scores, thresholds[at]!)]))
  const nearest = sides.sort((a, b) => Math.abs(a.fmr - a.fnmr) - Math.abs(b.fmr - b.fnmr))[0]!
  return (nearest.fmr + nearest.fnmr) / 2
}

const detPointsMax = 40

/** The DET curve from a false match rate of 1/2 down to the smallest that the impostors show, evenly in its logarithm. */
export function detOf(scores: SortedScores): ErrorPoint[] {
  const count = scores.impostors.length
  if (count < 2 || scores.mates.length === 0) return []
  const points: ErrorPoint[] = []
  const smallest = 1 / count
  for (let step = 0; step < detPointsMax; step++) {
    const threshold = thresholdFor(scores, 0.5 * (smallest / 0.5) ** (step / (detPointsMax - 1)))
    if (threshold === undefined || points.at(-1)?.threshold === threshold) continue
    points.push(errorsAt(scores, threshold))
  }
  return points
}

/** The value below which a share of some values lies; null of none. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null
}
