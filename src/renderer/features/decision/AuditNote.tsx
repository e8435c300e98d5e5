/** That a decision is recorded, beside the button that records it. */
import { ScrollText } from 'lucide-react'
import { text } from '../../locale/text.ts'

export function AuditNote() {
  return (
    <p className="sm sec row g2 note">
      <ScrollText className="i i16" aria-hidden="true" />
      {text.decision.audit}
    </p>
  )
}
