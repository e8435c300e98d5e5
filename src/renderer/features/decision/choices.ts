/** What can be decided, and why; nothing is chosen before a person does. */
import { create } from 'zustand'
import type { DecisionReason } from '../../../contract/intake.ts'
import type { Decided } from '../../../contract/rows/inbox.ts'
import { fill, text } from '../../locale/text.ts'

/** The reasons that go with a decision, the likeliest first. */
export const reasonsFor: Readonly<Record<Decided, readonly DecisionReason[]>> = {
  same: ['samePerson', 'proofChecked', 'other'],
  different: ['differentPeople', 'relatives', 'proofChecked', 'other'],
  confirm: ['proofChecked', 'other'],
  reject: ['wrongData', 'withdrawn', 'suspectedFraud', 'other'],
}

interface Chosen {
  readonly decision: Decided | undefined
  readonly reason: DecisionReason | undefined
  readonly words: string
}

const nothing: Chosen = { decision: undefined, reason: undefined, words: '' }

/** What is chosen at the case that is open. */
export const useChosen = create<Chosen>()(() => nothing)

export const forgetChosen = () => useChosen.setState(nothing)

/** A reason that goes with another decision alone does not stay. */
export const chooseDecision = (decision: Decided) =>
  useChosen.setState(({ reason }) => ({
    decision,
    reason: reason !== undefined && reasonsFor[decision].includes(reason) ? reason : undefined,
  }))

const wordsMin = 3

/** Whether it can be recorded: with a reason, and with words where the reason says nothing. */
export const isComplete = ({ decision, reason, words }: Chosen): boolean =>
  decision !== undefined && reason !== undefined && (reason !== 'other' || words.trim().length >= wordsMin)

/** @param candidate number of the subject that is shown beside it */
export function decisionWords(decision: Decided, candidate: string): readonly [words: string, help: string] {
  switch (decision) {
    case 'same':
      return [fill(text.decision.same, { id: candidate }), fill(text.decision.sameText, { id: candidate })]
    case 'different':
      return [text.decision.different, text.decision.differentText]
    case 'confirm':
      return [text.decision.confirm, text.decision.confirmText]
    case 'reject':
      return [text.decision.reject, text.decision.rejectText]
  }
}
