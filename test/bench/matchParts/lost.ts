/** How many true matches the matcher did not answer, against brute force: over every probe, stage, batch and process. */
import { comparisonScore } from '../../../src/core/comparison.ts'
import type { Galleries } from './galleries.ts'
import type { Probe, Templates } from './templates.ts'

export interface LostReport {
  readonly probes: number
  /** True matches that were looked for, counted for each way of asking. */
  readonly checked: number
  readonly lost: number
  /** Answers that are no match after the exact score was computed. */
  readonly invented: number
  /** Probes whose own mate stands at or above the threshold. */
  readonly matesAbove: number
}

/** Asks for the same probes in every way that a search can go. @param thresholds each of them */
export async function countLost(
  galleries: Galleries,
  templates: Templates,
  probes: readonly Probe[],
  thresholds: readonly number[],
): Promise<LostReport> {
  const { engine, matcher } = galleries
  const totals = { checked: 0, lost: 0, invented: 0, matesAbove: 0 }
  const row = new Float32Array(templates.dimension)
  const score = (referenceNo: number, probe: Probe) => {
    templates.row(referenceNo - 1, row)
    return comparisonScore(row, probe.template)
  }
  for (const threshold of thresholds) {
    const joined = new Float32Array(templates.dimension * probes.length)
    for (const [index, { template }] of probes.entries()) joined.set(template, index * templates.dimension)
    const batch = await engine.functions.searchBatch({ probes: joined, threshold })
    for (const [index, probe] of probes.entries()) {
      const matches = galleries.bruteForce.matches(index, threshold)
      if (probe.mate !== undefined && matches.has(probe.mate)) totals.matesAbove++
      const overPort = await matcher.functions.search({ model: 'bench@1', probe: probe.template.slice(), threshold })
      const ways = [
        (await engine.functions.search({ probe: probe.template, threshold, stage: 'packed' })).referenceNos,
        (await engine.functions.search({ probe: probe.template, threshold, stage: 'flat' })).referenceNos,
        batch.answers[index]?.referenceNos ?? new Uint32Array(),
        Uint32Array.from(overPort.candidates, ({ referenceNo }) => referenceNo),
      ]
      for (const candidates of ways) {
        const answered = new Set([...candidates].filter((referenceNo) => score(referenceNo, probe) >= threshold))
        totals.checked += matches.size
        for (const matched of matches.keys()) if (!answered.has(matched + 1)) totals.lost++
        for (const referenceNo of answered) if (!matches.has(referenceNo - 1)) totals.invented++
      }
    }
  }
  return { probes: probes.length, ...totals }
}
