/** Error rates of mates' and impostors' comparison scores (ISO/IEC 19795-1): thresholds, the DET curve, distributions. Rates are fractions. */
import type { ScoreSet } from './scoreSet.ts'

/** Scores of mates keep their low end, those of impostors their high end. */
export interface Scores {
  readonly mates: ScoreSet
  readonly impostors: ScoreSet
}

/** Both errors where scores at or above the threshold match. */
export interface ErrorPoint {
  readonly threshold: number
  readonly fmr: number
  readonly fnmr: number
}

/** Errors at a threshold; 0 where there is no pair to err on. */
export function errorsAt({ mates, impostors }: Scores, threshold: number): ErrorPoint {
  return {
    threshold,
    fmr: impostors.count === 0 ? 0 : impostors.atOrAbove(threshold) / impostors.count,
    fnmr: mates.count === 0 ? 0 : mates.below(threshold) / mates.count,
  }
}

/** How many of so many impostor pairs may match at a rate; slack for rates that are computed and meant to give a whole number. */
const allowedAt = (fmr: number, pairs: number) => Math.floor(fmr * pairs + 1e-9)

/** Whether so many impostor pairs can show a rate: at least one in 1/fmr. */
export const isSupported = (fmr: number, impostorPairs: number): boolean => allowedAt(fmr, impostorPairs) >= 1

/**
 * The smallest score of the set, mates and impostors together, with a false match rate of at most the wanted one.
 * @returns undefined where there is none, or no impostor to tell
 */
export function thresholdFor({ mates, impostors }: Scores, wantedFmr: number): number | undefined {
  if (impostors.count === 0) return undefined
  const allowed = allowedAt(wantedFmr, impostors.count)
  if (allowed >= impostors.count) return Math.min(impostors.min, mates.min)
  // The highest impostor that must not match.
  const barred = impostors.fromTop(allowed)!
  const next = [mates.nextAbove(barred), impostors.nextAbove(barred)].filter((score) => score !== undefined)
  return next.length === 0 ? undefined : Math.min(...next)
}

/** The rate at which both errors are equal: the middle of the two where they change places. null without mates or impostors. */
export function equalErrorRate(scores: Scores): number | null {
  const { mates, impostors } = scores
  if (mates.count === 0 || impostors.count === 0) return null
  // One error only falls and the other only grows with the threshold, so the place where they change sides is found by halving.
  let low = Math.min(mates.min, impostors.min)
  let high = Math.max(mates.max, impostors.max) + 1e-9
  while (high - low > 1e-12) {
    const middle = (low + high) / 2
    const { fmr, fnmr } = errorsAt(scores, middle)
    if (fnmr >= fmr) high = middle
    else low = middle
  }
  const [before, after] = [errorsAt(scores, low), errorsAt(scores, high)]
  const nearest = Math.abs(after.fnmr - after.fmr) <= Math.abs(before.fnmr - before.fmr) ? after : before
  return (nearest.fmr + nearest.fnmr) / 2
}

/** The DET curve from a false match rate of 1/2 down to the smallest that the impostors show, evenly in its logarithm. */
export function detOf(scores: Scores, pointsMax = 80): ErrorPoint[] {
  const { mates, impostors } = scores
  if (impostors.count < 2 || mates.count === 0) return []
  const points: ErrorPoint[] = []
  const smallest = 1 / impostors.count
  for (let step = 0; step < pointsMax; step++) {
    const threshold = thresholdFor(scores, 0.5 * (smallest / 0.5) ** (step / (pointsMax - 1)))
    if (threshold === undefined || points.at(-1)?.threshold === threshold) continue
    points.push(errorsAt(scores, threshold))
  }
  return points
}

export interface Distribution {
  readonly pairs: number
  readonly min: number | null
  readonly mean: number | null
  readonly max: number | null
  /** Counts in bins of equal width between `from` and `to`. */
  readonly histogram: number[]
  readonly from: number
  readonly to: number
}

/** @param from, to what the histogram covers */
export function distributionOf(set: ScoreSet, from = -1, to = 1, bins = 40): Distribution {
  const pairs = set.count
  const histogram = set.histogram(from, to, bins)
  if (pairs === 0) return { pairs, min: null, mean: null, max: null, histogram, from, to }
  return { pairs, min: set.min, mean: set.mean, max: set.max, histogram, from, to }
}

/** The value below which a share of some values lies; null of none. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null
}
