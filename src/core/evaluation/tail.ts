/**
 * What lies beyond the scores that were seen: a generalised Pareto distribution fitted to the highest impostor scores (peaks over a
 * threshold; Pickands 1975), by probability-weighted moments (Hosking and Wallis 1987). It is an estimate and always marked as one.
 */
import type { ScoreSet } from './scoreSet.ts'

/** Scores above `from` exceed it by a generalised Pareto distribution; a share `rate` of the impostor pairs does. */
export interface FittedTail {
  readonly from: number
  readonly rate: number
  readonly scale: number
  /** Never below 0: a bounded tail would promise that no impostor ever scores higher than some value. */
  readonly shape: number
  /** Scores that it was fitted to. */
  readonly scores: number
}

export const tailMethod =
  'generalised Pareto distribution of the highest impostor scores (one in twenty, at most 5,000), fitted by probability-weighted moments; a bounded tail is taken as an exponential one'

const share = 0.05
const scoresMax = 5000
/** With fewer the fit says nothing. */
const scoresMin = 50

/** Fits the tail of impostor scores; undefined where there are too few or they do not spread. */
export function fitTail(impostors: ScoreSet): FittedTail | undefined {
  const wanted = Math.min(scoresMax, Math.floor(impostors.count * share))
  if (wanted < scoresMin) return undefined
  // One more than is fitted: the score that the others exceed.
  const top = impostors.top(wanted + 1)
  if (top.length <= scoresMin) return undefined
  const from = top[0]!
  const count = top.length - 1
  let [first, weighted] = [0, 0]
  for (let rank = 1; rank <= count; rank++) {
    const excess = top[rank]! - from
    first += excess / count
    weighted += (excess * (count - rank + 0.35)) / count / count
  }
  if (!(first > 0)) return undefined
  // a0 is the mean and a1 the mean weighted by the share that lies above; the shape is the negative of the k of Hosking and Wallis.
  const shape = 2 - first / (first - 2 * weighted)
  const bounded = !(shape > 0) || !Number.isFinite(shape)
  const scale = bounded ? first : (2 * first * weighted) / (first - 2 * weighted)
  return { from, rate: count / impostors.count, scale, shape: bounded ? 0 : Math.min(shape, 0.95), scores: count }
}

/** The score that a share of impostor pairs is estimated to reach; undefined for rates that the fitted part does not cover. */
export function estimatedThreshold({ from, rate, scale, shape }: FittedTail, fmr: number): number | undefined {
  if (fmr > rate || fmr <= 0) return undefined
  const excess = shape === 0 ? -scale * Math.log(fmr / rate) : (scale / shape) * ((fmr / rate) ** -shape - 1)
  return from + excess
}

/** The share of impostor pairs that is estimated to reach a score; undefined below the fitted part. */
export function estimatedFmr({ from, rate, scale, shape }: FittedTail, score: number): number | undefined {
  if (score < from) return undefined
  const excess = (score - from) / scale
  return rate * (shape === 0 ? Math.exp(-excess) : (1 + shape * excess) ** (-1 / shape))
}
