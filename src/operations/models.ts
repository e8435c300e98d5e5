/** Changing to another pack, making references for it, and taking one out. */
import { refusalOf, VultusError } from '../contract/errors.ts'
import type { Job } from '../contract/jobs.ts'
import type { PackSummary } from '../contract/processes.ts'
import type { Actor, CommittedChange } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { inOrder } from './inOrder.ts'
import type { PacksPort, SpareFacePort } from './modelPorts.ts'
import type { VaultPort } from './ports.ts'

/** Samples in one step of the job. */
const samplesPerStep = 16

export interface ModelPorts {
  readonly vault: VaultPort
  readonly packs: PacksPort
  /** One at a time with enrolments, so that none comes between counting and changing. */
  readonly serialised: <T>(run: () => Promise<T>) => Promise<T>
  /** Lets a pack do the work; a frame under way is finished with the one before. */
  readonly switchTo: (packId: string) => Promise<void>
  /** Loads the gallery of the pack that works now; searches wait for it. */
  readonly reloadGallery: () => Promise<void>
  /** Tells the matcher and the windows of a change that adds nothing to the active gallery. */
  readonly publish: (change: CommittedChange) => Promise<void>
}

/** A pack with all its files. @throws VultusError model.unknown, model.missing */
export async function completePack(packs: PacksPort, id: string): Promise<PackSummary> {
  const pack = (await packs.list()).find((candidate) => candidate.id === id)
  if (pack === undefined) throw new VultusError('model.unknown', id)
  if (!pack.complete) throw new VultusError('model.missing', id)
  return pack
}

/**
 * Lets a pack do the work from now on. What other packs made stays, for the way back.
 * @throws VultusError model.unknown, model.missing, model.referencesMissing, and what loading it throws: then nothing has changed
 */
export async function activateModel(
  { vault, packs, serialised, switchTo, reloadGallery }: ModelPorts,
  input: ParsedInputOf<'model.activate'>,
  actor: Actor,
): Promise<OutputOf<'model.activate'>> {
  const { id, model } = await completePack(packs, input.id)
  return await serialised(async () => {
    const missing = vault.models.missing(model)
    if (missing > 0 && !input.allowMissing) throw new VultusError('model.referencesMissing', `${missing} subjects`)
    const before = vault.settings.get('models.active')
    await switchTo(id)
    try {
      const details = { pack: model, missing }
      vault.settings.change({ name: 'models.active', value: id, audit: { event: 'model.activate', actor, outcome: 'done', details } })
    } catch (error) {
      await switchTo(before ?? 'starter')
      throw error
    }
    await reloadGallery()
    return { active: id, model, missing }
  })
}

/** One step of the job that makes references of another model: some samples looked at, one transaction. */
export async function reembedStep({ vault, serialised, publish }: ModelPorts, id: string, face: SpareFacePort): Promise<Job> {
  const { model, samples } = vault.models.next(id, samplesPerStep)
  if (samples.length > 0 && face.model.id !== model) throw new VultusError('model.invalid', `${face.model.id} instead of ${model}`)
  const made = await inOrder(samples, face.atOnce, async ({ referenceNo, picture }) => async () => {
    const template = await templateOrNull(face, picture)
    picture.fill(0)
    return { referenceNo, template }
  })
  return await serialised(async () => {
    const { job, change } = vault.models.commit(id, made)
    for (const { template } of made) template?.fill(0)
    if (change !== undefined) await publish(change)
    return job
  })
}

/** A sample in which the pack finds no face is counted and left out; anything else stops the job. */
async function templateOrNull(face: SpareFacePort, picture: Uint8Array): Promise<Float32Array | null> {
  try {
    return (await face.template(picture)).template
  } catch (error) {
    if (/^(picture|face)\./.test(refusalOf(error).code)) return null
    throw error
  }
}

/** Destroys what an inactive pack made. @throws VultusError model.referencesMissing where a subject has nothing else */
export async function removeReferencesOf(
  { vault, serialised, publish }: ModelPorts,
  pack: PackSummary,
  active: string,
  actor: Actor,
): Promise<number> {
  return await serialised(async () => {
    const references = vault.models.counts().find(({ model }) => model === pack.model)?.references ?? 0
    const audit = { event: 'model.remove', actor, outcome: 'done', details: { pack: pack.model, references } } as const
    const { removed } = await vault.models.remove({ model: pack.model, active, audit }, publish)
    return removed
  })
}
