/** The one search of the gallery, used by identification, duplicate search and the template store. */
import { VultusError } from '../contract/errors.ts'
import type { EmbeddingModel } from '../contract/processes.ts'
import type { StoredReference } from '../contract/records.ts'
import type { Candidate, SearchExplanation } from '../contract/rows/subject.ts'
import type { Threshold } from '../core/calibration.ts'
import { comparisonScore } from '../core/comparison.ts'
import { rank, type ScoredReference } from '../core/decision.ts'
import type { Ports } from './ports.ts'

/** A gallery changes by hand at a desk: a search that met so many changes has met a fault. */
const searchesMax = 5

/** References asked for at first for each subject wanted: most subjects have fewer. */
const referencesPerSubject = 4
const referencesMin = 1_000

export interface GallerySearch {
  /** Best first, one for each subject. */
  readonly candidates: Candidate[]
  readonly explanation: SearchExplanation
}

/**
 * Every subject with a reference at or above the threshold, none left out: the matcher names each row whose proven bound
 * reaches it, the vault reads those few, and the exact score decides. A row that has left the vault meanwhile may be that of a
 * subject who was enrolled again with other rows, so the gallery is searched once more.
 * @param subjectsMax the best so many subjects are enough; where the threshold leaves many more, not all of them are looked at
 * @throws VultusError gallery.notReady where the gallery and the vault stay apart
 */
export async function searchGallery(
  ports: Pick<Ports, 'matcher' | 'vault'>,
  model: EmbeddingModel,
  probe: Float32Array,
  threshold: Threshold,
  subjectsMax = Number.POSITIVE_INFINITY,
): Promise<GallerySearch> {
  let limit = Math.max(referencesMin, subjectsMax * referencesPerSubject)
  for (;;) {
    const { references, explanation } = await possibleReferences(ports, model, probe, threshold, limit)
    const scored: ScoredReference[] = []
    for (const reference of references) {
      if (reference.model !== model.id) continue
      scored.push({ subjectId: reference.subjectId, comparisonScore: comparisonScore(reference.template, probe) })
    }
    // The best `limit` references are among them. Their subjects are the best subjects, and all subjects where there were fewer.
    const candidates = rank(scored, threshold, model.calibration)
    if (references.length < limit || subjectsOfBest(scored, limit) >= subjectsMax) return { candidates, explanation }
    limit *= 2
  }
}

/** Subjects of the best so many references. */
function subjectsOfBest(scored: readonly ScoredReference[], limit: number): number {
  const best = [...scored].sort((a, b) => b.comparisonScore - a.comparisonScore).slice(0, limit)
  return new Set(best.map(({ subjectId }) => subjectId)).size
}

async function possibleReferences(
  ports: Pick<Ports, 'matcher' | 'vault'>,
  model: EmbeddingModel,
  probe: Float32Array,
  threshold: Threshold,
  limit: number,
): Promise<{ references: StoredReference[]; explanation: SearchExplanation }> {
  const asked = { model: model.id, probe, threshold: threshold.threshold, ...(Number.isFinite(limit) ? { limit } : {}) }
  for (let search = 0; search < searchesMax; search++) {
    const { candidates, explanation } = await ports.matcher.search(asked)
    const references = ports.vault.references(candidates.map((candidate) => candidate.referenceNo))
    if (references.length === candidates.length) return { references, explanation }
  }
  throw new VultusError('gallery.notReady')
}
