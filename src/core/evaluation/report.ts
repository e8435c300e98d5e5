/** The figures of an evaluation from its scores. */

import type { EvaluationReport, LightStep, RatePoint } from '../../contract/evaluation.ts'
import type { Calibration } from '../../contract/processes.ts'
import { thresholdAt } from '../calibration.ts'
import { detOf, distributionOf, equalErrorRate, isSupported, type Scores, thresholdFor } from './errorRates.ts'
import { rateOf } from './intervals.ts'
import { lightLadder } from './light.ts'
import { estimatedThreshold, fitTail, tailMethod } from './tail.ts'

/** False match rates that are reported. */
export const reportedRates = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6] as const
const histogramBins = 60

/** The false non-match rate at a false match rate, with its interval. */
export function ratePoint(scores: Scores, fmr: number): RatePoint {
  const { mates, impostors } = scores
  const threshold = thresholdFor(scores, fmr)
  const supported = isSupported(fmr, impostors.count)
  if (threshold === undefined || mates.count === 0) return { fmr, fnmr: null, threshold: threshold ?? null, low: 0, high: 1, supported }
  const { rate, low, high } = rateOf(mates.below(threshold), mates.count)
  return { fmr, fnmr: rate, threshold, low, high, supported }
}

/** Thresholds for rates that the impostor pairs do not show, from the fitted tail; null where there is none to fit or to show. */
function estimatedRates({ mates, impostors }: Scores): EvaluationReport['estimated'] {
  const tail = fitTail(impostors)
  if (tail === undefined) return null
  const rates = reportedRates.flatMap((fmr) => {
    const threshold = isSupported(fmr, impostors.count) ? undefined : estimatedThreshold(tail, fmr)
    // No comparison scores above 1: a threshold there would be none.
    if (threshold === undefined || threshold > 1) return []
    return [{ fmr, threshold, fnmr: mates.count === 0 ? null : mates.below(threshold) / mates.count }]
  })
  return rates.length === 0 ? null : { method: tailMethod, rates }
}

function atWork({ mates, impostors }: Scores, calibration: Calibration, fmrWanted: number): EvaluationReport['atWork'] {
  const { threshold, supported } = thresholdAt(calibration, fmrWanted)
  return {
    fmrWanted,
    threshold,
    supported,
    fmr: rateOf(impostors.atOrAbove(threshold), impostors.count),
    fnmr: rateOf(mates.below(threshold), mates.count),
    provenance: calibration.provenance,
  }
}

/** The range of all scores, to whole fiftieths. */
function rangeOf({ mates, impostors }: Scores): [number, number] {
  if (mates.count + impostors.count === 0) return [-1, 1]
  const [low, high] = [Math.min(mates.min, impostors.min), Math.max(mates.max, impostors.max)]
  return [Math.max(-1, Math.floor(low * 50) / 50), Math.min(1, Math.ceil(high * 50) / 50)]
}

export type ScoreFigures = Pick<
  EvaluationReport,
  'matePairs' | 'impostorPairs' | 'eer' | 'fnmr' | 'exact' | 'estimated' | 'atWork' | 'mates' | 'impostors' | 'det'
>

/** Everything that is read from the scores. @param calibration what the station works with */
export function scoreFigures(scores: Scores, calibration: Calibration, fmrWanted: number): ScoreFigures {
  const { mates, impostors } = scores
  const [from, to] = rangeOf(scores)
  return {
    matePairs: mates.count,
    impostorPairs: impostors.count,
    eer: equalErrorRate(scores),
    fnmr: reportedRates.map((fmr) => ratePoint(scores, fmr)),
    exact: mates.whole && impostors.whole,
    estimated: estimatedRates(scores),
    atWork: mates.count + impostors.count === 0 ? null : atWork(scores, calibration, fmrWanted),
    mates: distributionOf(mates, from, to, histogramBins),
    impostors: distributionOf(impostors, from, to, histogramBins),
    det: detOf(scores),
  }
}

/** What the light does. @param lightScores for each enrolled picture the scores of the ladder's steps; empty where it was left out */
export function lightFigures(lightScores: readonly (readonly (number | null)[])[], threshold: number): LightStep[] {
  const climbed = lightScores.filter((one) => one.length === lightLadder.length)
  if (climbed.length === 0) return []
  return lightLadder.map(({ name }, step) => {
    const found = climbed.flatMap((one) => one[step] ?? [])
    const sum = found.reduce((total, score) => total + score, 0)
    return {
      light: name,
      extracted: rateOf(found.length, climbed.length),
      matched: rateOf(found.filter((score) => score >= threshold).length, found.length),
      scoreMean: found.length === 0 ? null : sum / found.length,
      scoreMin: found.length === 0 ? null : found.reduce((least, score) => Math.min(least, score), 1),
    }
  })
}
