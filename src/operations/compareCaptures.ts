import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { fmrAt, thresholdAt } from '../core/calibration.ts'
import { comparisonScore } from '../core/comparison.ts'
import { decide } from '../core/decision.ts'
import { modelOf } from './enrol.ts'
import type { Ports } from './ports.ts'

/** Compares the faces of two captures; nothing is stored. */
export async function compareCaptures(
  ports: Pick<Ports, 'face'>,
  input: ParsedInputOf<'comparison.decide'>,
): Promise<OutputOf<'comparison.decide'>> {
  const first = await ports.face.takeSample({ captureId: input.captureIds[0] })
  const second = await ports.face.takeSample({ captureId: input.captureIds[1] })
  const { calibration } = modelOf(ports, [first, second])
  const score = comparisonScore(first.template, second.template)
  const threshold = thresholdAt(calibration, input.fmr)
  return { decision: decide(score, threshold), comparisonScore: score, threshold: threshold.threshold, fmr: fmrAt(calibration, score) }
}
