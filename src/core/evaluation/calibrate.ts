/** The thresholds of a calibration from the scores of a site's own pictures. */
import { isSupported, type Scores, thresholdFor } from './errorRates.ts'

/** With fewer impostor pairs not even a rate of 1 in 100 is shown. */
export const impostorPairsMin = 100

const series = [0.5, 0.2, 0.1]

/** Rates from 1/2 down to the smallest that so many impostor pairs show. */
function ratesFor(impostorPairs: number): number[] {
  const smallest = 1 / impostorPairs
  const rates: number[] = []
  for (let decade = 0; decade < 12; decade++) {
    for (const rate of series) {
      const wanted = Number((rate * 10 ** -decade).toPrecision(1))
      if (isSupported(wanted, impostorPairs) && wanted > smallest) rates.push(wanted)
    }
  }
  return [...rates, smallest]
}

/**
 * Points of a calibration, from the highest rate to the lowest that the pairs show. Where several pairs of different people share the
 * highest score (one picture under two names), no score keeps the lowest rates, and they are left out.
 */
export function calibrationPoints(scores: Scores): { fmr: number; threshold: number }[] {
  return ratesFor(scores.impostors.count).flatMap((fmr) => {
    const threshold = thresholdFor(scores, fmr)
    return threshold === undefined ? [] : [{ fmr, threshold: Math.min(1, Math.max(-1, threshold)) }]
  })
}
