import { VultusError } from '../contract/errors.ts'
import type { EmbeddingModel, Sample } from '../contract/processes.ts'
import { componentWords } from '../contract/quality.ts'
import type { Actor, CommittedChange, NewReference } from '../contract/records.ts'
import type { Candidate } from '../contract/rows/subject.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import type { ReferenceNo } from '../contract/types.ts'
import { comparisonRate, thresholdAt } from '../core/calibration.ts'
import { assess } from '../core/quality/assess.ts'
import { presetOf } from '../core/quality/presets.ts'
import { claimOf, samplesOf } from './drafts.ts'
import { checkedForm } from './forms.ts'
import type { Ports } from './ports.ts'
import { refuseSimulated } from './samples.ts'
import { searchGallery } from './search.ts'

/**
 * Enrols a subject from captures, all or none: samples, duplicate search, commit, gallery.
 * From the search to the commit one enrolment runs at a time, so that two cannot miss each other.
 */
export async function enrol(ports: Ports, input: ParsedInputOf<'subject.enrol'>, actor: Actor): Promise<OutputOf<'subject.enrol'>> {
  const samples = await samplesOf(ports, input, actor)
  refuseSimulated(ports, samples)
  refuseQuality(samples, input.preset)
  return await ports.serialised(async () => {
    const model = modelOf(ports, samples)
    const { name, form, formVersion } = checkedForm(ports.vault, input)
    if (!input.allowDuplicate) await refuseDuplicates(ports, model, samples, input)
    const change = ports.vault.commitEnrolment({
      id: input.id,
      name,
      form,
      takes: input.draft === undefined ? undefined : claimOf(input.draft, actor),
      references: samples.map(referenceOf),
      audit: {
        event: 'subject.enrol',
        actor,
        outcome: 'done',
        details: {
          references: samples.length,
          allowDuplicate: input.allowDuplicate,
          preset: input.preset,
          captureSource: sourcesOf(samples),
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
export function refuseQuality(samples: readonly Sample[], preset: ParsedInputOf<'subject.enrol'>['preset']): void {
  if (preset === 'none') return
  for (const [index, { quality }] of samples.entries()) {
    const { verdict, components } = assess(presetOf(preset), quality.components)
    if (verdict !== 'refuse') continue
    const refused = components.filter((component) => component.verdict === 'refuse')
    const worst = componentWords[refused[0]!.component]
    throw new VultusError('quality.refused', `${worst.name}: ${worst[refused[0]!.side]}`, { data: { picture: index, components: refused } })
  }
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
    for (const candidate of (await searchGallery(ports, model, sample.template, threshold)).candidates) {
      if (candidate.id === input.id) continue
      const known = best.get(candidate.id)
      if (known === undefined || candidate.comparisonScore > known.comparisonScore) best.set(candidate.id, candidate)
    }
  }
  const candidates = [...best.values()].sort((a, b) => b.comparisonScore - a.comparisonScore || (a.id < b.id ? -1 : 1))
  return { candidates, fmr }
}

/** What is stored of a sample. */
export function referenceOf(sample: Sample): NewReference {
  const { model, template, captureSource, pad, quality, picture } = sample
  return { model, template, captureSource, pad, quality, sample: picture }
}

/** Where samples came from, for the audit. */
export function sourcesOf(samples: readonly Sample[]): string {
  return [...new Set(samples.map((sample) => sample.captureSource))].sort().join(' ')
}
