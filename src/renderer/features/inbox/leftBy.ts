import type { InboxSummary } from '../../../contract/rows/inbox.ts'
import { fill, text } from '../../locale/text.ts'

/** Who left a case to the supervisors. */
export function leftBy({ own, operator }: Pick<InboxSummary, 'own' | 'operator'>): string {
  if (operator === null) return text.inbox.leftByNobody
  return own ? text.inbox.leftByYou : fill(text.inbox.leftBy, { name: operator })
}
