/** The shots of an enrolment: a few captures, the best of them marked. */
import type { AssessedComponent } from '../../../contract/quality.ts'
import type { CaptureSummary } from '../../../contract/rows/capture.ts'
import { assess } from '../../../core/quality/assess.ts'
import { presetOf } from '../../../core/quality/presets.ts'

export const shotsMax = 3

/** Adds a shot at the end. @returns the same strip where it is full */
export function addShot(shots: readonly CaptureSummary[], shot: CaptureSummary): readonly CaptureSummary[] {
  if (shots.length >= shotsMax || shots.some((other) => other.captureId === shot.captureId)) return shots
  return [...shots, shot]
}

export function removeShot(shots: readonly CaptureSummary[], captureId: string): readonly CaptureSummary[] {
  return shots.filter((shot) => shot.captureId !== captureId)
}

/** The shot of the highest measured quality; the first of equals; undefined for an empty strip. */
export function bestShot(shots: readonly CaptureSummary[]): CaptureSummary | undefined {
  return shots.reduce<CaptureSummary | undefined>(
    (best, shot) => (best === undefined || shot.quality.qualityScore > best.quality.qualityScore ? shot : best),
    undefined,
  )
}

/** The worst component of a shot by the preset of enrolments; undefined where all is good. What was not measured is not told. */
export function worstOf({ quality }: CaptureSummary): AssessedComponent | undefined {
  return assess(presetOf('enrolment'), quality.components).components.find(({ verdict, raw }) => verdict !== 'good' && raw !== null)
}
