import { VultusError } from '../contract/errors.ts'
import type { Actor } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { fmrAt, thresholdAt } from '../core/calibration.ts'
import { comparisonScore } from '../core/comparison.ts'
import { decide } from '../core/decision.ts'
import { livenessDetails, modelOf } from './enrol.ts'
import type { Ports } from './ports.ts'
import { refuseSimulated } from './samples.ts'

/** Verification 1:1: the probe against the active references of the claimed subject; the best one decides. */
export async function verify(ports: Ports, input: ParsedInputOf<'subject.verify'>, actor: Actor): Promise<OutputOf<'subject.verify'>> {
  const sample = await ports.face.takeSample({ captureId: input.captureId })
  refuseSimulated(ports, [sample])
  const model = modelOf(ports, [sample])
  const references = ports.vault.references.ofSubject(input.id, model.id)
  if (references === undefined) throw new VultusError('subject.unknown')
  if (references.length === 0) {
    throw new VultusError(
      (ports.vault.subjects.intakeOf(input.id)?.exception ?? null) === null ? 'subject.noReference' : 'subject.exception',
    )
  }
  const best = Math.max(...references.map((reference) => comparisonScore(reference.template, sample.template)))
  const threshold = thresholdAt(model.calibration, input.fmr)
  const decision = decide(best, threshold)
  const subject = ports.vault.subjects.auditIdOf(input.id)
  ports.vault.audit.append({
    event: 'subject.verify',
    actor,
    outcome: 'done',
    ...(subject === undefined ? {} : { subject }),
    details: { decision, fmrWanted: input.fmr, captureSource: sample.captureSource, pad: sample.pad, ...livenessDetails([sample]) },
  })
  return { decision, comparisonScore: best, threshold: threshold.threshold, fmr: fmrAt(model.calibration, best) }
}
