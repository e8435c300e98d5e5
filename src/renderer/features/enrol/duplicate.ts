/** A possible duplicate: decided here and now, or left for the inbox. Before either nothing of it is stored but the draft. */
import { VultusError } from '../../../contract/errors.ts'
import type { DecisionReason, DraftId } from '../../../contract/intake.ts'
import type { Decided } from '../../../contract/rows/inbox.ts'
import type { Candidate } from '../../../contract/rows/subject.ts'
import type { InputOf, OutputOf } from '../../../contract/table.ts'
import type { SubjectId } from '../../../contract/types.ts'
import { call } from '../../state/station.ts'
import { forgetDraft, settled } from './draftKeeper.ts'
import { busyWith, ended, enrolInput, refused } from './enrolling.ts'
import { useEnrol } from './enrolStore.ts'

const { getState, setState } = useEnrol

export interface Decision {
  readonly decision: Decided
  readonly subject?: SubjectId | undefined
  readonly reason: DecisionReason
  readonly note: string
}

/** Of the supervisor who decides at the desk of an operator; left out where there are no accounts. */
export interface Signature {
  readonly name: string
  readonly secret: string
}

/** The case in the inbox; it is put there once. */
async function leaveOnce(note: string): Promise<DraftId> {
  const known = getState().item
  if (known !== undefined) return known
  await settled()
  const { item } = await call('inbox.leave', { ...enrolInput(getState()), note }).catch(refused)
  forgetDraft()
  setState({ item })
  return item
}

/** Leaves it for a supervisor; the desk is free for the next person. */
export const leaveForInbox = (note: string) =>
  busyWith('leaving', async () => {
    const { id } = enrolInput(getState())
    await leaveOnce(note)
    ended({ kind: 'waiting', id })
  })

/** @returns whether it was decided; a refusal is shown by the desk */
export async function decideHere(decision: Decision, signature: Signature | undefined): Promise<boolean> {
  let decided = false
  await busyWith('enrolling', async () => {
    const { id } = enrolInput(getState())
    try {
      const item = await leaveOnce('')
      const answer = await decideAs({ ...decision, item }, signature)
      decided = true
      ended(outcomeOf(answer, id))
    } catch (error) {
      if (!(error instanceof VultusError)) throw error
      if (error.code === 'inbox.newCandidates') setState({ candidates: (error.data?.candidates ?? []) as readonly Candidate[] })
      throw error
    }
  })
  return decided
}

/** Decides as the supervisor who signs, or without accounts as whoever works here. */
export const decideAs = (input: InputOf<'inbox.decide'>, signature: Signature | undefined) =>
  signature === undefined ? call('inbox.decide', input) : call('inbox.decideHere', { ...input, ...signature })

const kinds = { same: 'added', different: 'enrolled', confirm: 'exception', reject: 'rejected' } as const

const outcomeOf = ({ decision, id }: OutputOf<'inbox.decide'>, asked: string) => ({ kind: kinds[decision], id: id ?? asked })
