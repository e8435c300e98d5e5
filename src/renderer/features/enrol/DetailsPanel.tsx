/** Number and name of the subject, the live checks, and the main action. */
import { CircleAlert, Info, UserRoundPlus } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { limits } from '../../../contract/types.ts'
import { CheckList } from '../../live/CheckList.tsx'
import { fill, text } from '../../locale/text.ts'
import { useDesk } from '../../state/desk.ts'
import { Key } from '../../ui/Key.tsx'
import { ExemptionFields } from './ExemptionFields.tsx'
import { checkNumber, enrol, setName, setNumber, useEnrol } from './enrolStore.ts'
import { proposeNumber } from './proposedNumber.ts'

export function DetailsPanel() {
  const { number, name, numberProblem, exists, shots, busy } = useEnrol()
  const hidden = useDesk((state) => state.hidden)
  const numberField = useRef<HTMLInputElement>(null)
  const nameField = useRef<HTMLInputElement>(null)
  useEffect(() => (proposeNumber() ? nameField : numberField).current?.focus(), [])
  useEffect(() => {
    if (numberProblem !== undefined) numberField.current?.focus()
  }, [numberProblem])
  return (
    <aside className="card qp" aria-label={text.enrol.details}>
      <form
        className="details"
        id="enrol"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void enrol(false)
        }}
      >
        <div className="field">
          <label htmlFor="enrol-number">{text.enrol.number}</label>
          <input
            id="enrol-number"
            ref={numberField}
            className={`in lg ltr ${hidden ? 'covered-field' : ''} ${numberProblem === undefined ? '' : 'err'}`}
            value={number}
            autoComplete="off"
            spellCheck={false}
            data-space-free=""
            aria-invalid={numberProblem !== undefined}
            aria-describedby="enrol-number-help"
            onChange={(event) => setNumber(event.target.value)}
            onBlur={() => void checkNumber()}
          />
          <NumberHelp problem={numberProblem} exists={exists} number={hidden ? text.hidden : number.trim()} />
        </div>
        <div className="field">
          <label htmlFor="enrol-name">
            {text.enrol.name} <span className="mut">({text.enrol.optional})</span>
          </label>
          <input
            id="enrol-name"
            ref={nameField}
            className={`in ${hidden ? 'covered-field' : ''}`}
            value={name}
            autoComplete="off"
            spellCheck={false}
            maxLength={limits.nameCharactersMax}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <ExemptionFields />
      </form>
      <CheckList />
      <div className="panel-foot">
        <button
          type="submit"
          form="enrol"
          className={shots.length > 0 ? 'btn btn-p btn-lg btn-w' : 'btn btn-lg btn-w'}
          disabled={shots.length === 0 || busy !== undefined}
        >
          <UserRoundPlus className="i" aria-hidden="true" />
          {busy === 'enrolling' ? text.enrol.enrolling : text.enrol.enrol} <Key chord="Enter" />
        </button>
        {shots.length === 0 && <p className="help">{text.enrol.needsShot}</p>}
      </div>
    </aside>
  )
}

function NumberHelp({
  problem,
  exists,
  number,
}: {
  readonly problem: string | undefined
  readonly exists: boolean
  readonly number: string
}) {
  if (problem !== undefined) {
    return (
      <span className="help e" id="enrol-number-help" role="alert">
        <CircleAlert className="i i16" aria-hidden="true" />
        {problem}
      </span>
    )
  }
  if (exists) {
    return (
      <span className="help note" id="enrol-number-help" role="status">
        <Info className="i i16" aria-hidden="true" />
        {fill(text.enrol.exists, { id: number })}
      </span>
    )
  }
  return (
    <span className="sr" id="enrol-number-help">
      {text.enrol.numberHelp}
    </span>
  )
}
