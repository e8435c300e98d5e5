/** What comparison scores of a model mean: its false match rate (ISO/IEC 19795-1), as far as the calibration supports it. */
import type { Calibration } from '../contract/processes.ts'

export interface Threshold {
  /** Scores at or above it match. */
  readonly threshold: number
  /** The rate that stands behind the threshold: the wanted one, or the nearest stricter one that is supported. */
  readonly fmr: number
  /** False where the wanted rate is below what the impostor pairs can show: decisions above the threshold stay inconclusive. */
  readonly supported: boolean
}

/** The smallest rate that the calibration supports: one in as many as there were impostor pairs. */
export function fmrMin(calibration: Calibration): number {
  const last = calibration.points.at(-1)
  return Math.max(1 / calibration.impostorPairs, last?.fmr ?? 1)
}

/** Relative slack for rates that are computed (0.01 / 60) and meant to equal a supported one. */
const rateSlack = 1 - 1e-9

/**
 * The threshold for a wanted false match rate: between calibrated points the threshold is linear in the logarithm of the rate.
 * A rate above the first point gets that point's threshold (stricter than asked); one below the smallest supported rate gets the
 * threshold of that smallest rate, marked unsupported.
 */
export function thresholdAt(calibration: Calibration, wantedFmr: number): Threshold {
  const { points } = calibration
  const first = points[0]
  if (first === undefined) throw new RangeError('a calibration has points')
  if (wantedFmr >= first.fmr) return { threshold: first.threshold, fmr: first.fmr, supported: true }
  const smallest = fmrMin(calibration)
  const supported = wantedFmr >= smallest * rateSlack
  const fmr = supported ? wantedFmr : smallest
  for (let index = 1; index < points.length; index++) {
    const lower = points[index - 1] as { fmr: number; threshold: number }
    const upper = points[index] as { fmr: number; threshold: number }
    if (fmr >= upper.fmr * rateSlack) {
      const share = Math.log(fmr / lower.fmr) / Math.log(upper.fmr / lower.fmr)
      return { threshold: lower.threshold + Math.min(1, share) * (upper.threshold - lower.threshold), fmr, supported }
    }
  }
  return { threshold: (points.at(-1) as { threshold: number }).threshold, fmr, supported }
}

/**
 * The calibrated false match rate at a score: the share of impostor comparisons that reach it.
 * 1 below the first point (nothing is claimed there), never below the smallest supported rate.
 */
export function fmrAt(calibration: Calibration, score: number): number {
  const { points } = calibration
  const smallest = fmrMin(calibration)
  let rate = 1
  for (let index = 0; index < points.length; index++) {
    const point = points[index] as { fmr: number; threshold: number }
    if (score < point.threshold) {
      const before = points[index - 1]
      if (before === undefined) return 1
      const share = (score - before.threshold) / (point.threshold - before.threshold)
      return Math.max(smallest, before.fmr * (point.fmr / before.fmr) ** share)
    }
    rate = point.fmr
  }
  return Math.max(smallest, rate)
}

/** The rate per comparison that a search works with: `fpir` is shared out over the gallery. */
export function comparisonRate(wanted: { fmr: number; fpir?: number | undefined }, gallerySize: number): number {
  return wanted.fpir === undefined ? wanted.fmr : wanted.fpir / Math.max(1, gallerySize)
}
