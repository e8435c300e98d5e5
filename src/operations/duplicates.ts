/** Double enrolments: every reference of the gallery against every other, and the pairs of subjects that may be one person. */
import { VultusError } from '../contract/errors.ts'
import type { Job } from '../contract/jobs.ts'
import type { Actor, AuditEntry } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import type { SubjectId } from '../contract/types.ts'
import { fmrAt, thresholdAt } from '../core/calibration.ts'
import { comparisonScore } from '../core/comparison.ts'
import type { NumberedReference, ReferencePair } from './duplicatePorts.ts'
import { activeModel } from './enrol.ts'
import type { Ports, VaultPort } from './ports.ts'

/** References that share a pass over the gallery. */
const probesPerPass = 32
/** Candidates read from the vault at a stretch; then others have their turn. */
const candidatesAtOnce = 256
/** Pairs of a step that are kept in memory. */
const pairsHeldMax = 4_096
/** A matcher that ends is loaded again; one that ends so often while one step is made has a fault. */
const triesMax = 3

type ComparingPorts = Pick<Ports, 'face' | 'matcher' | 'vault'>

/** Begins the job; from here on its threshold is fixed. */
export function beginDuplicates(
  ports: Pick<Ports, 'face'>,
  vault: VaultPort,
  input: ParsedInputOf<'gallery.findDuplicates'>,
  actor: Actor,
): Job {
  const { id: model, calibration } = activeModel(ports)
  const { threshold, fmr, supported } = thresholdAt(calibration, input.fmr)
  const audit: AuditEntry = { event: 'gallery.findDuplicates', actor, outcome: 'done', details: { fmr, supported } }
  return vault.duplicates.begin({ model, threshold, fmr, supported }, audit)
}

/**
 * One step of the job: the next references against the whole gallery. The matcher names the rows that may match, the vault reads
 * them, the exact score decides.
 * @throws VultusError template.invalid where another model is active than when the job began
 */
export async function stepDuplicates(ports: ComparingPorts, id: string, nextTurn: () => Promise<void>): Promise<Job> {
  const { duplicates } = ports.vault
  const { settings, threshold, probes } = duplicates.next(id, probesPerPass)
  try {
    const { model } = settings
    if (activeModel(ports).id !== model) throw new VultusError('template.invalid', `the job compares templates of ${model}`)
    const possible = await possibleRows(ports, model, threshold, probes)
    let keptFrom = threshold
    let pairs: ReferencePair[] = []
    for (const [index, probe] of probes.entries()) {
      const candidates = possible[index] ?? []
      for (let at = 0; at < candidates.length; at += candidatesAtOnce) {
        await nextTurn()
        pairs.push(...pairsOf(probe, duplicates.references(model, candidates.slice(at, at + candidatesAtOnce)), keptFrom))
        if (pairs.length < pairsHeldMax) continue
        keptFrom = duplicates.keep(id, pairs)
        pairs = []
      }
    }
    return duplicates.record(id, { probes, pairs })
  } finally {
    for (const { template } of probes) template.fill(0)
  }
}

/** The references of other subjects that match the probe; their templates are zeroed. */
function pairsOf(probe: NumberedReference, references: readonly NumberedReference[], threshold: number): ReferencePair[] {
  try {
    return references.flatMap((reference) => {
      const score = comparisonScore(reference.template, probe.template)
      return score >= threshold && reference.subjectNo !== probe.subjectNo ? [{ one: probe, other: reference, comparisonScore: score }] : []
    })
  } finally {
    for (const { template } of references) template.fill(0)
  }
}

/** Reference numbers that may match each probe, without the probe itself. */
async function possibleRows(
  ports: ComparingPorts,
  model: string,
  threshold: number,
  probes: readonly NumberedReference[],
): Promise<number[][]> {
  const dimension = probes[0]?.template.length
  if (dimension === undefined) return []
  for (let tries = 1; ; tries++) {
    const probe = new Float32Array(probes.length * dimension)
    try {
      for (const [index, { template }] of probes.entries()) probe.set(template, index * dimension)
      const answers = await ports.matcher.searchBatch({ model, probe, threshold })
      return answers.map(({ candidates }, index) =>
        candidates.map(({ referenceNo }) => referenceNo).filter((referenceNo) => referenceNo !== probes[index]?.referenceNo),
      )
    } catch (error) {
      const code = error instanceof VultusError ? error.code : undefined
      if (tries === triesMax || (code !== 'process.restarted' && code !== 'gallery.notReady')) throw error
    } finally {
      probe.fill(0)
    }
  }
}

/** The pairs that a job has found so far. */
export function reportDuplicates(
  ports: Pick<Ports, 'face'>,
  vault: VaultPort,
  input: ParsedInputOf<'gallery.duplicates'>,
): OutputOf<'gallery.duplicates'> {
  const { job, settings, compared, completeFrom, found, pairs } = vault.duplicates.report({ ...input, job: input.job })
  const model = ports.face.model
  const rateAt = (score: number) => (model?.id === settings.model ? fmrAt(model.calibration, score) : null)
  return {
    job,
    ...settings,
    comparisons: (compared * (compared - 1)) / 2,
    completeFrom,
    found,
    pairs: pairs.map(({ first, second, comparisonScore: score }) => ({
      first: first as SubjectId,
      second: second as SubjectId,
      comparisonScore: score,
      fmr: rateAt(score),
    })),
  }
}
