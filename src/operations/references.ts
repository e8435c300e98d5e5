/** Versions of references: which one is active, and which ones go. */
import { VultusError } from '../contract/errors.ts'
import type { Actor } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import type { ReferenceNo } from '../contract/types.ts'
import type { Ports, VaultPort } from './ports.ts'

export function listReferences(vault: VaultPort, input: ParsedInputOf<'reference.list'>): OutputOf<'reference.list'> {
  if (vault.subjects.auditIdOf(input.id) === undefined) throw new VultusError('subject.unknown')
  return { references: vault.references.history(input.id).map((record) => ({ ...record, referenceNo: record.referenceNo as ReferenceNo })) }
}

/** Makes an older version active again; a search sees it when this returns. */
export async function rollBack(
  ports: Ports,
  input: ParsedInputOf<'reference.rollBack'>,
  actor: Actor,
): Promise<OutputOf<'reference.rollBack'>> {
  return await ports.serialised(async () => {
    const { added, ...change } = ports.vault.versions.rollBack({
      id: input.id,
      version: input.toVersion,
      audit: { event: 'reference.rollBack', actor, outcome: 'done' },
    })
    // What another model made is no row of the gallery that is loaded.
    const model = ports.face.model?.id
    const ofModel = new Set(
      model === undefined ? [] : ports.vault.references.ofSubject(input.id, model)?.map(({ referenceNo }) => referenceNo),
    )
    await ports.publish(
      change,
      added.filter(({ referenceNo }) => ofModel.has(referenceNo)),
    )
    return { id: input.id, version: input.toVersion, sequence: change.sequence }
  })
}

/** Shows or changes what the vault keeps; each change has its audit entry. */
export function changeKept(vault: VaultPort, input: ParsedInputOf<'vault.settings'>, actor: Actor): OutputOf<'vault.settings'> {
  const audit = (details: Record<string, boolean | number | null>) =>
    ({ event: 'vault.settings', actor, outcome: 'done', details }) as const
  const { samplesKept, supersededDays } = input
  if (samplesKept !== undefined) vault.settings.change({ name: 'samples.kept', value: samplesKept, audit: audit({ samplesKept }) })
  if (supersededDays !== undefined) {
    vault.settings.change({ name: 'retention.supersededDays', value: supersededDays, audit: audit({ supersededDays }) })
  }
  return { samplesKept: vault.settings.get('samples.kept'), supersededDays: vault.settings.get('retention.supersededDays') }
}
