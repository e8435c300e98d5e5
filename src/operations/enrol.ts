import { VultusError } from '../contract/errors.ts'
import type { LabelChange } from '../contract/label.ts'
import type { EmbeddingModel, Sample } from '../contract/processes.ts'
import { componentWords, type Exemption } from '../contract/quality.ts'
import type { Actor, NewReference } from '../contract/records.ts'
import { type Candidate, subjectRows } from '../contract/rows/subject.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import type { ReferenceNo } from '../contract/types.ts'
import { comparisonRate, thresholdAt } from '../core/calibration.ts'
import { changeDetails, changesLabel } from '../core/labels.ts'
import { assess } from '../core/quality/assess.ts'
import { exempted } from '../core/quality/exemptions.ts'
import { presetOf } from '../core/quality/presets.ts'
import { consentOf } from './consent.ts'
import type { Ports } from './ports.ts'
import { searchGallery } from './search.ts'

/** Possible duplicates that a refusal names, the most similar ones; the subject itself may be one more. */
const duplicatesMax = 100

/**
 * Enrols a subject from captures, all or none: samples, duplicate search, commit, gallery.
 * From the search to the commit one enrolment runs at a time, so that two cannot miss each other.
 */
export async function enrol(ports: Ports, input: ParsedInputOf<'subject.enrol'>, actor: Actor): Promise<OutputOf<'subject.enrol'>> {
  const samples: Sample[] = []
  for (const captureId of input.captureIds) samples.push(await ports.face.takeSample({ captureId }))
  refuseSimulated(ports, samples)
  const exemption = exemptionOf(input)
  refuseQuality(samples, input)
  const { category, watchLists, purposes } = input
  const label: LabelChange = { category, watchLists, purposes }
  return await ports.serialised(async () => {
    if (changesLabel(label)) refuseRelabelling(ports, input.id, actor)
    const model = modelOf(ports, samples)
    const consent = consentOf(ports.vault, input, ports.nowMs())
    if (!input.allowDuplicate) await refuseDuplicates(ports, model, samples, input)
    const change = ports.vault.commitEnrolment({
      id: input.id,
      name: input.name,
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
        },
      },
    })
    const added = change.referenceNos.map((referenceNo, index) => ({ referenceNo, template: (samples[index] as Sample).template }))
    await ports.publish(change, added)
    return { id: input.id, references: change.referenceNos as ReferenceNo[], sequence: change.sequence }
  })
}

/** The label of a subject who is there already is changed by those alone who may change labels. */
function refuseRelabelling({ vault }: Ports, id: string, { role }: Actor): void {
  const roles: readonly Actor['role'][] = subjectRows['subject.label'].roles
  if (!roles.includes(role) && vault.auditIdOf(id) !== undefined) throw new VultusError('permission.denied')
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
function exemptionOf({ exemption, exemptionNote }: ParsedInputOf<'subject.enrol'>): Exemption | undefined {
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

/** A simulated camera never feeds a real vault, whatever door it came by. */
export function refuseSimulated(ports: Pick<Ports, 'vault'>, samples: readonly Sample[]): void {
  if (ports.vault.kind !== 'demo' && samples.some((sample) => sample.captureSource === 'simulated')) {
    throw new VultusError('capture.simulatedRefused')
  }
}

async function refuseDuplicates(
  ports: Ports,
  model: EmbeddingModel,
  samples: readonly Sample[],
  input: ParsedInputOf<'subject.enrol'>,
): Promise<void> {
  const candidates = await duplicatesOf(ports, model, samples, input)
  if (candidates.length > 0) throw new VultusError('duplicate.found', undefined, { data: { candidates } })
}

/** Other subjects of the gallery who look like the samples, best first. */
export async function duplicatesOf(
  ports: Ports,
  model: EmbeddingModel,
  samples: readonly Sample[],
  input: { readonly id: string; readonly fmr: number; readonly fpir?: number | undefined },
): Promise<Candidate[]> {
  const gallerySize = (await ports.matcher.status({})).references
  const threshold = thresholdAt(model.calibration, comparisonRate(input, gallerySize))
  const best = new Map<string, Candidate>()
  for (const sample of samples) {
    for (const candidate of (await searchGallery(ports, model, sample.template, threshold, duplicatesMax + 1)).candidates) {
      if (candidate.id === input.id) continue
      const known = best.get(candidate.id)
      if (known === undefined || candidate.comparisonScore > known.comparisonScore) best.set(candidate.id, candidate)
    }
  }
  return [...best.values()].sort((a, b) => b.comparisonScore - a.comparisonScore || (a.id < b.id ? -1 : 1)).slice(0, duplicatesMax)
}

/** What an enrolment stores of a sample. */
export function referenceOf(sample: Sample, exemption?: Exemption): NewReference {
  const { model, template, captureSource, pad, quality, picture } = sample
  return { model, template, captureSource, pad, quality, exemption, sample: picture }
}

/** Where samples came from, for the audit. */
export function sourcesOf(samples: readonly Sample[]): string {
  return [...new Set(samples.map((sample) => sample.captureSource))].sort().join(' ')
}
