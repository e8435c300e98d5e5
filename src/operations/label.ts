/** Labels of subjects. */
import type { Actor } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { changeDetails } from '../core/labels.ts'
import type { VaultPort } from './ports.ts'

/** Changes what is given of a subject's label; searches that begin later go by it. */
export function changeLabel(vault: VaultPort, input: ParsedInputOf<'subject.label'>, actor: Actor): OutputOf<'subject.label'> {
  const { id, ...label } = input
  const changed = vault.subjects.changeLabel({
    id,
    label,
    audit: (now) => ({ event: 'subject.label', actor, outcome: 'done', details: changeDetails(now) }),
  })
  return { id, ...changed }
}
