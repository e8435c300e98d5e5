import { VultusError } from '../contract/errors.ts'
import type { LabelChange } from '../contract/label.ts'
import type { EmbeddingModel, Sample } from '../contract/processes.ts'
import { componentWords, type Exemption } from '../contract/quality.ts'
import type { Actor, CommittedChange, NewReference } from '../contract/records.ts'
import { type Candidate, subjectRows } from '../contract/rows/subject.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import type { ReferenceNo } from '../contract/types.ts'
import { comparisonRate, thresholdAt } from '../core/calibration.ts'
import { changeDetails, changesLabel } from '../core/labels.ts'
import { assess } from '../core/quality/assess.ts'
import { exempted } from '../core/quality/exemptions.ts'
import { presetOf } from '../core/quality/presets.ts'
import { consentOf } from './consent.ts'
import { claimOf, samplesOf } from './drafts.ts'
import { checkedForm } from './forms.ts'
import type { Ports, VaultPort } from './ports.ts'
import { refuseSimulated } from './samples.ts'
import { searchGallery } from './search.ts'

/** Possible duplicates that a refusal names, the most similar ones; the subject itself may be one more. */
const duplicatesMax = 100

/**
 * Enrols a subject from captures, all or none: samples, duplicate search, commit, gallery.
 * From the search to the commit one enrolment runs at a time, so that two cannot miss each other.
 */
export async function enrol(ports: Ports, input: ParsedInputOf<'subject.enrol'>, actor: Actor): Promise<OutputOf<'subject.enrol'>> {
  // Whether two people are one a supervisor decides (inbox.decide): an operator cannot pass over the question.
  if (input.allowDuplicate && actor.role === 'operator') throw new VultusError('permission.denied')
  const samples = await samplesOf(ports, input, actor)
  refuseSimulated(ports, samples)
  const exemption = exemptionOf(input)
  refuseQuality(samples, input)
  const { category, watchLists, purposes } = input
  const label: LabelChange = { category, watchLists, purposes }
  return await ports.serialised(async () => {
    refuseTaken(ports.vault, input)
    if (changesLabel(label)) refuseRelabelling(ports, input.id, actor)
    const model = modelOf(ports, samples)
    const { name, form, formVersion } = checkedForm(ports.vault, input)
    const consent = consentOf(ports.vault, input, ports.nowMs())
    if (!input.allowDuplicate) await refuseDuplicates(ports, model, samples, input)
    const change = ports.vault.enrolments.commit({
      id: input.id,
      name,
      form,
      takes: input.draft === undefined ? undefined : claimOf(input.draft, actor),
      references: samples.map((sample) => referenceOf(sample, exemption)),
      ...(changesLabel(label) ? { label } : {}),
      consent,
      audit: {
        event: 'subject.enrol',
        actor,
        outcome: 'done',
        details: {
          references: samples.length,
          allowDuplicate: input.allowDuplicate,
          preset: input.preset,
          // That there is one, not what it is about.
          exempted: exemption !== undefined,
          ...(consent === undefined ? {} : { consentVersion: consent.version }),
          captureSource: sourcesOf(samples),
          ...(changesLabel(label) ? changeDetails(label) : {}),
          ...livenessDetails(samples),
          ...(form === undefined ? {} : { formVersion }),
          ...(input.draft === undefined ? {} : { draft: input.draft }),
        },
      },
    })
    await publishSamples(ports, change, samples)
    return { id: input.id, references: change.referenceNos as ReferenceNo[], sequence: change.sequence }
  })
}

/** Nobody is given the number of somebody else: two desks may have taken the same one since they asked. @throws subject.exists */
export function refuseTaken(vault: VaultPort, { id, newSubject }: Pick<ParsedInputOf<'subject.enrol'>, 'id' | 'newSubject'>): void {
  if (newSubject && vault.subjects.auditIdOf(id) !== undefined) throw new VultusError('subject.exists')
}

/** The label of a subject who is there already is changed by those alone who may change labels. */
function refuseRelabelling({ vault }: Ports, id: string, { role }: Actor): void {
  const roles: readonly Actor['role'][] = subjectRows['subject.label'].roles
  if (!roles.includes(role) && vault.subjects.auditIdOf(id) !== undefined) throw new VultusError('permission.denied')
}

/** Brings the samples of a committed enrolment into the gallery. */
export async function publishSamples(ports: Pick<Ports, 'publish'>, change: CommittedChange, samples: readonly Sample[]): Promise<void> {
  const added = change.referenceNos.map((referenceNo, index) => ({ referenceNo, template: (samples[index] as Sample).template }))
  await ports.publish(change, added)
}

/** The model that makes templates now; without one nothing can be enrolled or compared. */
export function activeModel(ports: Pick<Ports, 'face'>): EmbeddingModel {
  if (ports.face.model === undefined) throw new VultusError('model.missing')
  return ports.face.model
}

/** Refuses samples that the preset refuses; the worst components are the data of the refusal. */
export function refuseQuality(
  samples: readonly Sample[],
  { preset, exemption }: Pick<ParsedInputOf<'subject.enrol'>, 'preset' | 'exemption'>,
): void {
  if (preset === 'none') return
  for (const [index, { quality }] of samples.entries()) {
    const { verdict, components } = assess(exempted(presetOf(preset), exemption ?? null), quality.components)
    if (verdict !== 'refuse') continue
    const refused = components.filter((component) => component.verdict === 'refuse')
    const worst = componentWords[refused[0]!.component]
    throw new VultusError('quality.refused', `${worst.name}: ${worst[refused[0]!.side]}`, { data: { picture: index, components: refused } })
  }
}

/** @throws request.invalid for a reason that says nothing and has no words */
export function exemptionOf({
  exemption,
  exemptionNote,
}: Pick<ParsedInputOf<'subject.enrol'>, 'exemption' | 'exemptionNote'>): Exemption | undefined {
  if (exemption === undefined) return undefined
  if (exemption === 'other' && exemptionNote === undefined) throw new VultusError('request.invalid', 'exemptionNote')
  return { reason: exemption, note: exemptionNote ?? null }
}

/** What the audit keeps of how alive the subject was: the challenge's verdicts, and signs of frames that were fed in. */
export function livenessDetails(samples: readonly Sample[]): { liveness: string; injection?: string } {
  const distinct = (values: readonly string[]) => [...new Set(values)].sort().join(' ')
  const injection = distinct(samples.flatMap((sample) => sample.liveness.injection))
  return { liveness: distinct(samples.map((sample) => sample.liveness.verdict)), ...(injection === '' ? {} : { injection }) }
}

/**
 * The active model, which made these samples. Captures of the one before are gone after a change of packs; one that was taken in
 * the same moment must not be compared with what the new one made.
 * @throws VultusError model.missing, capture.unknown
 */
export function modelOf(ports: Pick<Ports, 'face'>, samples: readonly Sample[]): EmbeddingModel {
  const model = activeModel(ports)
  if (samples.some((sample) => sample.model !== model.id)) throw new VultusError('capture.unknown')
  return model
}

async function refuseDuplicates(
  ports: Ports,
  model: EmbeddingModel,
  samples: readonly Sample[],
  input: ParsedInputOf<'subject.enrol'>,
): Promise<void> {
  const { candidates } = await lookAlikes(ports, model, samples, input)
  if (candidates.length > 0) throw new VultusError('duplicate.found', undefined, { data: { candidates } })
}

/** Other subjects who look like one of the samples, the most similar first, and the rate of a comparison that they were found by. */
export async function lookAlikes(
  ports: Pick<Ports, 'matcher' | 'vault'>,
  model: EmbeddingModel,
  samples: readonly Sample[],
  input: { readonly id: string; readonly fmr: number; readonly fpir?: number | undefined },
): Promise<{ candidates: Candidate[]; fmr: number }> {
  const gallerySize = (await ports.matcher.status({})).references
  const fmr = comparisonRate(input, gallerySize)
  const threshold = thresholdAt(model.calibration, fmr)
  const best = new Map<string, Candidate>()
  for (const sample of samples) {
    for (const candidate of (await searchGallery(ports, model, sample.template, threshold, duplicatesMax + 1)).candidates) {
      if (candidate.id === input.id) continue
      const known = best.get(candidate.id)
      if (known === undefined || candidate.comparisonScore > known.comparisonScore) best.set(candidate.id, candidate)
    }
  }
  const candidates = [...best.values()]
    .sort((a, b) => b.comparisonScore - a.comparisonScore || (a.id < b.id ? -1 : 1))
    .slice(0, duplicatesMax)
  return { candidates, fmr }
}

/** What is stored of a sample. */
export function referenceOf(sample: Sample, exemption?: Exemption): NewReference {
  const { model, template, captureSource, pad, quality, picture } = sample
  return { model, template, captureSource, pad, quality, exemption, sample: picture }
}

/** Where samples came from, for the audit. */
export function sourcesOf(samples: readonly Sample[]): string {
  return [...new Set(samples.map((sample) => sample.captureSource))].sort().join(' ')
}
