/** The one search of the gallery, used by identification, duplicate search and the template store. */
import type { EmbeddingModel } from '../contract/processes.ts'
import type { Candidate } from '../contract/rows/subject.ts'
import type { Threshold } from '../core/calibration.ts'
import { comparisonScore } from '../core/comparison.ts'
import { rank, type ScoredReference } from '../core/decision.ts'
import type { Ports } from './ports.ts'

/**
 * Every subject with a reference at or above the threshold, none left out: the matcher names each row whose proven bound
 * reaches it, the vault reads those few, and the exact score decides.
 */
export async function searchGallery(
  ports: Pick<Ports, 'matcher' | 'vault'>,
  model: EmbeddingModel,
  probe: Float32Array,
  threshold: Threshold,
): Promise<Candidate[]> {
  const { candidates } = await ports.matcher.search({ model: model.id, probe, threshold: threshold.threshold })
  const references = ports.vault.references(candidates.map((candidate) => candidate.referenceNo))
  const scored: ScoredReference[] = []
  for (const reference of references) {
    if (reference.model !== model.id) continue
    scored.push({ subjectId: reference.subjectId, comparisonScore: comparisonScore(reference.template, probe) })
  }
  return rank(scored, threshold, model.calibration)
}
