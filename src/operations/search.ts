/** The one search of the gallery, used by identification, duplicate search and the template store. */
import { VultusError } from '../contract/errors.ts'
import { noLabel, type SubjectFilter } from '../contract/label.ts'
import type { EmbeddingModel, PossibleCandidate } from '../contract/processes.ts'
import type { Candidate, SearchExplanation } from '../contract/rows/subject.ts'
import type { Threshold } from '../core/calibration.ts'
import { comparisonScore } from '../core/comparison.ts'
import { rank, type ScoredReference } from '../core/decision.ts'
import { labelFilterOf, passesFilter } from '../core/labels.ts'
import type { Ports } from './ports.ts'

/** A gallery changes by hand at a desk: a search that met so many changes has met a fault. */
const searchesMax = 5

/** References asked for at first for each subject wanted: most subjects have fewer. */
const referencesPerSubject = 4
const referencesMin = 1_000
/** References read and opened in one go; between two the process serves others. */
const referencesAtOnce = 64

export interface GallerySearch {
  /** Best first, one for each subject. Where so many were enough, what follows them is not complete. */
  readonly candidates: Candidate[]
  readonly explanation: SearchExplanation
}

type SearchPorts = Pick<Ports, 'matcher' | 'vault'>

interface Asked {
  readonly model: EmbeddingModel
  readonly probe: Float32Array
  readonly threshold: Threshold
  readonly subjectsMax: number
  readonly filter: SubjectFilter
}

/**
 * Every subject with a reference at or above the threshold, none left out: the matcher names each row whose proven bound
 * reaches it, the vault reads those, highest bound first, and the exact score decides. Once the best so many subjects stand
 * above every bound that is left, no reference that was not read can be of one of them, and reading ends. A row that has left
 * the vault meanwhile may be that of a subject who was enrolled again with other rows, so the gallery is searched once more.
 * @param subjectsMax the best so many subjects are enough; where the threshold leaves many more, not all of them are looked at
 * @param filter which subjects are looked for: the matcher leaves the rows of others out, and the labels that the vault then reads decide
 * @throws VultusError gallery.notReady where the gallery and the vault stay apart
 */
export async function searchGallery(
  ports: SearchPorts,
  model: EmbeddingModel,
  probe: Float32Array,
  threshold: Threshold,
  subjectsMax = Number.POSITIVE_INFINITY,
  filter: SubjectFilter = {},
): Promise<GallerySearch> {
  const asked = { model, probe, threshold, subjectsMax, filter }
  const labels = labelFilterOf(filter)
  let limit = Math.max(referencesMin, subjectsMax * referencesPerSubject)
  for (let search = 0; search < searchesMax; ) {
    const { candidates, explanation } = await ports.matcher.search({
      model: model.id,
      probe,
      threshold: threshold.threshold,
      ...(Number.isFinite(limit) ? { limit } : {}),
      ...(labels === undefined ? {} : { filter: labels }),
    })
    const read = await readBestFirst(ports, asked, candidates)
    if (read === undefined) {
      search++
      continue
    }
    // The best `limit` references are among the candidates. Their subjects are the best subjects, and all subjects where there were fewer.
    const enough = read.ended || candidates.length < limit || subjectsOfBest(read.scored, limit) >= subjectsMax
    if (enough) return { candidates: rank(read.scored, threshold, model.calibration), explanation }
    limit *= 2
  }
  throw new VultusError('gallery.notReady')
}

interface Read {
  readonly scored: readonly ScoredReference[]
  /** Enough subjects stand above every bound that is left. */
  readonly ended: boolean
}

/** @param candidates highest bound first @returns undefined where one of them is no longer in the vault */
async function readBestFirst(
  { vault }: SearchPorts,
  { model, probe, threshold, subjectsMax, filter }: Asked,
  candidates: readonly PossibleCandidate[],
): Promise<Read | undefined> {
  const scored: ScoredReference[] = []
  for (let first = 0; first < candidates.length; first += referencesAtOnce) {
    if (first > 0) {
      if (isAboveAll(scored, threshold, subjectsMax, (candidates[first] as PossibleCandidate).scoreMax)) return { scored, ended: true }
      await new Promise<void>((resolve) => void setImmediate(resolve))
    }
    const wanted = candidates.slice(first, first + referencesAtOnce).map(({ referenceNo }) => referenceNo)
    const references = vault.references.byNo(wanted)
    if (references.length < wanted.length) return undefined
    for (const reference of references) {
      const asked = reference.model === model.id && passesFilter(reference.label ?? noLabel, filter)
      if (asked) scored.push({ subjectId: reference.subjectId, comparisonScore: comparisonScore(reference.template, probe) })
      reference.template.fill(0)
    }
  }
  return { scored, ended: false }
}

/** Whether so many subjects have a score above a bound: a reference below it is of none of the best, nor ties with the last of them. */
function isAboveAll(scored: readonly ScoredReference[], threshold: Threshold, subjectsMax: number, scoreMax: number): boolean {
  const above = new Set<string>()
  for (const { subjectId, comparisonScore } of scored) {
    if (comparisonScore >= threshold.threshold && comparisonScore > scoreMax) above.add(subjectId)
  }
  return above.size >= subjectsMax
}

/** Subjects of the best so many references. */
function subjectsOfBest(scored: readonly ScoredReference[], limit: number): number {
  const best = [...scored].sort((a, b) => b.comparisonScore - a.comparisonScore).slice(0, limit)
  return new Set(best.map(({ subjectId }) => subjectId)).size
}
