/** What the procedures of the enrolment desk do: the form, drafts, exceptions, and what waits for a supervisor. */

import { randomBytes } from 'node:crypto'
import { VultusError } from '../contract/errors.ts'
import type { Actor } from '../contract/records.ts'
import { inboxRows } from '../contract/rows/inbox.ts'
import { discardDraft, listDrafts, openDraft, saveDraft } from '../operations/drafts.ts'
import { proposeException } from '../operations/exceptions.ts'
import { changeEnrolmentPolicy, readForm, setForm } from '../operations/forms.ts'
import { decideItem, leaveDuplicate, listInbox, openItem } from '../operations/inbox.ts'
import { proposeNumber } from '../operations/proposeNumber.ts'
import type { Handlers } from './handlerTypes.ts'
import type { Parts } from './parts.ts'

export function intakeHandlers(parts: Parts) {
  const vault = () => parts.holder.need()
  const accounts = async () => {
    const opened = await vault()
    if (!opened.operators.any) throw new VultusError('request.invalid', 'there are no accounts, so nobody has to sign in')
    return { operators: opened.operators, audit: opened.audit }
  }
  const vaultAndFace = async () => ({ vault: await vault(), face: parts.face.port })
  return {
    'policy.form': async (input) => readForm(await vault(), input),
    'policy.setForm': async (input, actor) => setForm(await vault(), input, actor),
    'policy.enrolment': async (input, actor) => changeEnrolmentPolicy(await vault(), input, actor),
    'subject.proposeNumber': async () => proposeNumber(await vault(), randomBytes),
    'draft.save': async (input, actor) => await saveDraft(await vaultAndFace(), input, actor),
    'draft.list': async (input, actor) => listDrafts(await vault(), input, actor),
    'draft.open': async (input, actor) => openDraft(await vaultAndFace(), input, actor),
    'draft.discard': async (input, actor) => discardDraft(await vault(), input, actor),
    'exception.propose': async (input, actor) => {
      const proposed = await proposeException(await parts.ports(), input, actor)
      if (proposed.state === 'proposed') parts.onInbox()
      return proposed
    },
    'exception.proof': async (input) => {
      const proof = (await vault()).subjects.exceptionProof(input.id)
      return { proof: proof === null ? null : new Uint8Array(proof) }
    },
    'inbox.leave': async (input, actor) => {
      const left = await leaveDuplicate(await parts.ports(), input, actor)
      parts.onInbox()
      return left
    },
    'inbox.list': async (input, actor) => listInbox(await vaultAndFace(), input, actor),
    'inbox.count': async () => ({ waiting: (await vault()).drafts.waiting() }),
    'inbox.open': async (input, actor) => openItem(await vaultAndFace(), input, actor),
    'inbox.decide': async (input, actor) => {
      const decided = await decideItem(await parts.ports(), input, actor)
      parts.onInbox()
      return decided
    },
    'inbox.decideHere': async ({ name, secret, ...input }, actor) => {
      const { operators, audit } = await accounts()
      const account = await operators.signIn(name, secret, actor.door)
      const supervisor: Actor = { role: account.role, door: actor.door, operator: account.operator }
      try {
        const roles: readonly Actor['role'][] = inboxRows['inbox.decide'].roles
        if (!roles.includes(account.role)) throw new VultusError('permission.denied')
        const decided = await decideItem(await parts.ports(), input, supervisor, { openedBy: actor.operator ?? null })
        parts.onInbox()
        return decided
      } finally {
        audit.append({ event: 'operator.signOut', actor: supervisor, outcome: 'done' })
      }
    },
  } satisfies Partial<Handlers>
}
