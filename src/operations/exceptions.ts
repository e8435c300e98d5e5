/** Enrolment of somebody of whom no face can be captured: without a reference, for a reason, where the policy asks for it with a proof. */
import { VultusError } from '../contract/errors.ts'
import type { DraftId } from '../contract/intake.ts'
import type { Actor, AuditEntry } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { consentOf } from './consent.ts'
import { claimOf, ownerOf } from './drafts.ts'
import { checkedForm } from './forms.ts'
import type { Ports } from './ports.ts'
import { proofOf } from './proofs.ts'

/**
 * Proposes an exception, which waits for a supervisor; where the policy lets operators confirm, it is enrolled at once.
 * @throws subject.exists, form.refused, form.changed, consent.required, exception.proofMissing, draft.unknown, and what is wrong with the picture
 */
export async function proposeException(
  ports: Ports,
  input: ParsedInputOf<'exception.propose'>,
  actor: Actor,
): Promise<OutputOf<'exception.propose'>> {
  const { id, reason, note } = input
  const policy = ports.vault.settings.get('exceptions.policy')
  if (policy.proof === 'required' && input.proof === undefined) throw new VultusError('exception.proofMissing')
  const proof = input.proof === undefined ? null : await proofOf(ports, input.proof)
  return await ports.serialised(async () => {
    if (ports.vault.subjects.auditIdOf(id) !== undefined) throw new VultusError('subject.exists')
    const { name, form, formVersion } = checkedForm(ports.vault, input)
    const consent = consentOf(ports.vault, input, ports.nowMs())
    const takes = input.draft === undefined ? undefined : claimOf(input.draft, actor)
    const owner = ownerOf(actor)
    const isConfirmed = policy.confirmedBy === 'operator'
    const state = isConfirmed ? ('enrolled' as const) : ('proposed' as const)
    const audit: AuditEntry = {
      event: 'exception.propose',
      actor,
      outcome: 'done',
      details: {
        reason,
        state,
        proof: proof !== null,
        formVersion,
        ...(consent === undefined ? {} : { consentVersion: consent.version }),
        ...(input.draft === undefined ? {} : { draft: input.draft }),
      },
    }
    if (isConfirmed) {
      const exception = { kept: { reason, note, proposedBy: owner, confirmedBy: owner }, proof }
      const change = ports.vault.enrolments.commitException({ id, name, form, takes, exception, consent, audit })
      await ports.publish(change, [])
      return { id, state, item: null, sequence: change.sequence }
    }
    const content = { id, name: name ?? null, form: form?.values ?? {}, formVersion, note, known: false, reason, consent }
    const item = ports.vault.drafts.leave({ state: 'exception', owner, content, captures: [], proof, candidates: [], takes, audit })
    return { id, state, item: item as DraftId, sequence: null }
  })
}
