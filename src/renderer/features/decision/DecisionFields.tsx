/** The answer, its reason and what was compared, for the desk and the inbox alike. */
import { DecisionReason } from '../../../contract/intake.ts'
import type { Decided } from '../../../contract/rows/inbox.ts'
import { text } from '../../locale/text.ts'
import { useDesk } from '../../state/desk.ts'
import { Key } from '../../ui/Key.tsx'
import { chooseDecision, decisionWords, reasonsFor, useChosen } from './choices.ts'

export interface DecisionFieldsProps {
  readonly title: string
  readonly options: readonly Decided[]
  /** Number of the subject that is shown beside it. */
  readonly candidate: string
}

export function DecisionFields({ title, options, candidate }: DecisionFieldsProps) {
  const { decision, reason, words } = useChosen()
  const hidden = useDesk((state) => state.hidden)
  const reasons = decision === undefined ? [] : reasonsFor[decision]
  return (
    <>
      <fieldset className="col g2">
        <legend className="b">{title}</legend>
        {options.map((option, index) => {
          const [label, help] = decisionWords(option, hidden ? text.hidden : candidate)
          return (
            <label className={decision === option ? 'opt on' : 'opt'} key={option}>
              <input type="radio" name="decision" className="rad" checked={decision === option} onChange={() => chooseDecision(option)} />
              <span className="sp">
                <span className="m">{label}</span>
                <span className="sm sec block">{help}</span>
              </span>
              <Key chord={String(index + 1)} />
            </label>
          )
        })}
      </fieldset>
      <div className="field">
        <label htmlFor="decision-reason">{text.decision.reason}</label>
        <select
          id="decision-reason"
          className="in"
          value={reason ?? ''}
          disabled={decision === undefined}
          onChange={(event) => useChosen.setState({ reason: DecisionReason.safeParse(event.target.value).data })}
        >
          <option value="">{decision === undefined ? text.decision.reasonFirst : text.form.choose}</option>
          {reasons.map((one) => (
            <option key={one} value={one}>
              {text.decision.reasons[one]}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor="decision-words">
          {text.decision.words} {reason !== 'other' && <span className="mut">({text.enrol.optional})</span>}
        </label>
        <input
          id="decision-words"
          className="in"
          dir="auto"
          value={words}
          maxLength={500}
          autoComplete="off"
          required={reason === 'other'}
          aria-describedby="decision-words-help"
          onChange={(event) => useChosen.setState({ words: event.target.value })}
        />
        <span className="help" id="decision-words-help" role="status">
          {reason === 'other' && words.trim().length < 3 && text.decision.wordsNeeded}
        </span>
      </div>
    </>
  )
}
