/** The one search of the gallery, used by identification, duplicate search and the template store. */
import { VultusError } from '../contract/errors.ts'
import type { EmbeddingModel } from '../contract/processes.ts'
import type { StoredReference } from '../contract/records.ts'
import type { Candidate } from '../contract/rows/subject.ts'
import type { Threshold } from '../core/calibration.ts'
import { comparisonScore } from '../core/comparison.ts'
import { rank, type ScoredReference } from '../core/decision.ts'
import type { Ports } from './ports.ts'

/** A gallery changes by hand at a desk: a search that met so many changes has met a fault. */
const searchesMax = 5

/**
 * Every subject with a reference at or above the threshold, none left out: the matcher names each row whose proven bound
 * reaches it, the vault reads those few, and the exact score decides. A row that has left the vault meanwhile may be that of a
 * subject who was enrolled again with other rows, so the gallery is searched once more.
 * @throws VultusError gallery.notReady where the gallery and the vault stay apart
 */
export async function searchGallery(
  ports: Pick<Ports, 'matcher' | 'vault'>,
  model: EmbeddingModel,
  probe: Float32Array,
  threshold: Threshold,
): Promise<Candidate[]> {
  const references = await possibleReferences(ports, model, probe, threshold)
  const scored: ScoredReference[] = []
  for (const reference of references) {
    if (reference.model !== model.id) continue
    scored.push({ subjectId: reference.subjectId, comparisonScore: comparisonScore(reference.template, probe) })
  }
  return rank(scored, threshold, model.calibration)
}

async function possibleReferences(
  ports: Pick<Ports, 'matcher' | 'vault'>,
  model: EmbeddingModel,
  probe: Float32Array,
  threshold: Threshold,
): Promise<StoredReference[]> {
  for (let search = 0; search < searchesMax; search++) {
    const { candidates } = await ports.matcher.search({ model: model.id, probe, threshold: threshold.threshold })
    const references = ports.vault.references(candidates.map((candidate) => candidate.referenceNo))
    if (references.length === candidates.length) return references
  }
  throw new VultusError('gallery.notReady')
}
