/** Labels of subjects. */
import type { Actor } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { changeDetails } from '../core/labels.ts'
import type { ModelPorts } from './models.ts'

/** Changes what is given of a subject's label; searches that begin later go by it. */
export async function changeLabel(
  { vault, publish }: Pick<ModelPorts, 'vault' | 'publish'>,
  input: ParsedInputOf<'subject.label'>,
  actor: Actor,
): Promise<OutputOf<'subject.label'>> {
  const { id, ...label } = input
  const { label: changed, ...change } = vault.subjects.changeLabel({
    id,
    label,
    audit: (now) => ({ event: 'subject.label', actor, outcome: 'done', details: changeDetails(now) }),
  })
  await publish(change)
  return { id, ...changed }
}
