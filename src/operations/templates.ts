/** The storage interface of the service endpoints: templates that clients made elsewhere with the same model. */
import { VultusError } from '../contract/errors.ts'
import type { EmbeddingModel } from '../contract/processes.ts'
import type { Actor } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { thresholdAt } from '../core/calibration.ts'
import { distanceAtScore, scoreAtDistance, unitTemplate } from '../core/comparison.ts'
import { activeModel } from './enrol.ts'
import type { Ports } from './ports.ts'
import { searchGallery } from './search.ts'

/** Stores a template under an id of its own; storing it again makes a new version. */
export async function storeTemplate(
  ports: Ports,
  input: ParsedInputOf<'template.store'>,
  actor: Actor,
): Promise<OutputOf<'template.store'>> {
  const model = activeModel(ports)
  const template = templateOf(model, input.data)
  return await ports.serialised(async () => {
    const change = ports.vault.storedTemplates.commit({
      id: input.id,
      model: model.id,
      template,
      metadata: input.metadata,
      audit: { event: 'template.store', actor, outcome: 'done' },
    })
    await ports.publish(
      change,
      change.referenceNos.map((referenceNo) => ({ referenceNo, template })),
    )
    return { id: input.id, metadata: input.metadata, created_at: change.createdAt }
  })
}

/** Gives back what storeTemplate stored; an enrolled subject's template does not leave by this door. */
export function retrieveTemplate(ports: Ports, input: ParsedInputOf<'template.retrieve'>, actor: Actor): OutputOf<'template.retrieve'> {
  const stored = ports.vault.storedTemplates.retrieve(input.id)
  if (stored === undefined) throw new VultusError('template.unknown')
  const subject = ports.vault.subjects.auditIdOf(input.id)
  ports.vault.audit.append({ event: 'template.retrieve', actor, outcome: 'done', ...(subject === undefined ? {} : { subject }) })
  return { id: input.id, data: Array.from(stored.data), metadata: stored.metadata, created_at: stored.createdAt }
}

/** Subjects and stored templates at or above a threshold: a score, a largest distance, or the threshold of a wanted false match rate. */
export async function findMatches(
  ports: Ports,
  input: ParsedInputOf<'template.findMatches'>,
  actor: Actor,
): Promise<OutputOf<'template.findMatches'>> {
  const model = activeModel(ports)
  const probe = templateOf(model, input.data)
  const wanted = thresholdAt(model.calibration, input.fmr ?? 1e-3)
  const given = input.threshold ?? (input.distanceMax === undefined ? undefined : scoreAtDistance(input.distanceMax))
  const threshold = given === undefined ? wanted : { ...wanted, threshold: given }
  const { candidates } = await searchGallery(ports, model, probe, threshold, input.limit)
  const matches = candidates.slice(0, input.limit).map(({ id, comparisonScore }) => ({
    id,
    score: comparisonScore,
    distance: distanceAtScore(comparisonScore),
  }))
  ports.vault.audit.append({ event: 'template.findMatches', actor, outcome: 'done', details: { matches: matches.length } })
  return { matches, threshold: threshold.threshold, fmr: given === undefined ? wanted.fmr : null }
}

function templateOf(model: EmbeddingModel, data: readonly number[]): Float32Array {
  if (data.length !== model.dimension) throw new VultusError('template.invalid', `${data.length} numbers, the model has ${model.dimension}`)
  const template = unitTemplate(data)
  if (template === undefined) throw new VultusError('template.invalid', 'not all numbers are finite, or all are 0')
  return template
}
