import type { Actor } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { comparisonRate, thresholdAt } from '../core/calibration.ts'
import { filterDetails } from '../core/labels.ts'
import { livenessDetails, modelOf } from './enrol.ts'
import type { Ports } from './ports.ts'
import { refuseSimulated } from './samples.ts'
import { searchGallery } from './search.ts'

/** Identification 1:N: every subject of the gallery at or above the threshold, best first, and the best so many where a limit is met. */
export async function identify(
  ports: Ports,
  input: ParsedInputOf<'gallery.identify'>,
  actor: Actor,
): Promise<OutputOf<'gallery.identify'>> {
  const sample = await ports.face.takeSample({ captureId: input.captureId })
  refuseSimulated(ports, [sample])
  const model = modelOf(ports, [sample])
  const startedMs = ports.nowMs()
  const gallerySize = (await ports.matcher.status({})).references
  const threshold = thresholdAt(model.calibration, comparisonRate(input, gallerySize))
  const found = await searchGallery(ports, model, sample.template, threshold, input.limit, input)
  const candidates = found.candidates.slice(0, input.limit)
  const elapsedMs = ports.nowMs() - startedMs
  const decision = candidates.length === 0 ? 'nonMatch' : threshold.supported ? 'match' : 'inconclusive'
  ports.vault.audit.append({
    event: 'gallery.identify',
    actor,
    outcome: 'done',
    details: {
      decision,
      candidates: candidates.length,
      gallerySize,
      fmr: threshold.fmr,
      ...filterDetails(input),
      captureSource: sample.captureSource,
      pad: sample.pad,
      ...livenessDetails([sample]),
    },
  })
  return {
    decision,
    candidates,
    gallerySize,
    elapsedMs,
    threshold: threshold.threshold,
    fmr: threshold.fmr,
    ...(input.explain ? { explanation: found.explanation } : {}),
  }
}
