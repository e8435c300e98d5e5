/** Decisions are made here and nowhere else: exact score, threshold of that model, wanted false match rate. */
import type { Calibration } from '../contract/processes.ts'
import type { Candidate } from '../contract/rows/subject.ts'
import type { Decision, SubjectId } from '../contract/types.ts'
import { fmrAt, type Threshold } from './calibration.ts'

/** Below the threshold nonMatch; above it match, or inconclusive where the calibration does not support the wanted rate. */
export function decide(comparisonScore: number, threshold: Threshold): Decision {
  if (!(comparisonScore >= threshold.threshold)) return 'nonMatch'
  return threshold.supported ? 'match' : 'inconclusive'
}

/** The exact score of one reference. */
export interface ScoredReference {
  readonly subjectId: string
  readonly comparisonScore: number
}

/**
 * Candidates of a search: references at or above the threshold, one for each subject with its best score,
 * best first, ties by id (code units, so that every machine gives the same order).
 */
export function rank(scored: readonly ScoredReference[], threshold: Threshold, calibration: Calibration): Candidate[] {
  const best = new Map<string, number>()
  for (const { subjectId, comparisonScore } of scored) {
    if (!(comparisonScore >= threshold.threshold)) continue
    const known = best.get(subjectId)
    if (known === undefined || comparisonScore > known) best.set(subjectId, comparisonScore)
  }
  return [...best]
    .map(([id, comparisonScore]) => ({ id: id as SubjectId, comparisonScore, fmr: fmrAt(calibration, comparisonScore) }))
    .sort((a, b) => b.comparisonScore - a.comparisonScore || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}
