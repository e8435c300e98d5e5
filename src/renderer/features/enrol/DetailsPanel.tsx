/** Beside the live picture: who it is, the live checks, and the main action. */
import { CircleAlert, Info, UserRoundPlus, UserRoundX } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { builtInForm, type FormField, numberField } from '../../../contract/form.ts'
import { limits } from '../../../contract/types.ts'
import { CheckList } from '../../live/CheckList.tsx'
import { fill, text } from '../../locale/text.ts'
import { useDesk } from '../../state/desk.ts'
import { hasOwnForm } from '../../state/formPolicy.ts'
import { Key } from '../../ui/Key.tsx'
import { Private } from '../../ui/Private.tsx'
import { ExemptionFields } from './ExemptionFields.tsx'
import { leaveField } from './enrolForm.ts'
import { enrol } from './enrolling.ts'
import { changeDetails, setName, setNumber, useEnrol } from './enrolStore.ts'
import { openException } from './exception.ts'
import { problemWords } from './fieldWords.ts'

export function DetailsPanel() {
  const { shots, busy } = useEnrol()
  return (
    <aside className="card qp" aria-label={text.enrol.details}>
      <div className="qp-body">
        <form
          className="details"
          id="enrol"
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            void enrol()
          }}
        >
          {hasOwnForm() ? <FilledIn /> : <NumberAndName />}
          <ExemptionFields />
        </form>
        <CheckList />
      </div>
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
        <div className="row g2 wrap">
          <p className="help sp">{shots.length === 0 && text.enrol.needsShot}</p>
          <button type="button" className="btn btn-sm" disabled={busy !== undefined} onClick={openException}>
            <UserRoundX className="i i16" aria-hidden="true" />
            {text.exception.open} <Key chord="X" />
          </button>
        </div>
      </div>
    </aside>
  )
}

/** What was filled in a step before, and the way back to it. */
function FilledIn() {
  const { number, name, exists } = useEnrol()
  return (
    <div className="row g3">
      <div className="sp filled-in">
        <div className="b fs18">
          <Private>
            <span className="ltr">{number.trim()}</span>
          </Private>
        </div>
        {name.trim() !== '' && (
          <div dir="auto">
            <Private>{name.trim()}</Private>
          </div>
        )}
        {exists && <span className="help note">{fill(text.enrol.exists, { id: number.trim() })}</span>}
      </div>
      <button type="button" className="btn btn-sm" onClick={changeDetails}>
        {text.form.change}
      </button>
    </div>
  )
}

function NumberAndName() {
  const { number, name, problems, problemsFound, exists } = useEnrol()
  const hidden = useDesk((state) => state.hidden)
  const field = useRef<HTMLInputElement>(null)
  const second = useRef<HTMLInputElement>(null)
  const proposed = useEnrol((state) => state.number !== '' && state.number === state.proposedNumber)
  // What is proposed needs no typing; who has typed already is left alone.
  useEffect(() => (proposed ? second : field).current?.focus(), [proposed])
  useEffect(() => {
    if (problemsFound > 0) field.current?.focus()
  }, [problemsFound])
  const problem = problemWords(builtInForm.fields[0] as FormField, problems[numberField], false)
  return (
    <>
      <div className="field">
        <label htmlFor="enrol-number">{text.enrol.number}</label>
        <input
          id="enrol-number"
          ref={field}
          className={`in lg ltr ${hidden ? 'covered-field' : ''} ${problem === undefined ? '' : 'err'}`}
          value={number}
          autoComplete="off"
          spellCheck={false}
          data-space-free=""
          aria-invalid={problem !== undefined}
          aria-describedby="enrol-number-help"
          onChange={(event) => setNumber(event.target.value)}
          onBlur={() => void leaveField(numberField)}
        />
        <NumberHelp problem={problem} exists={exists} number={hidden ? text.hidden : number.trim()} />
      </div>
      <div className="field">
        <label htmlFor="enrol-name">
          {text.enrol.name} <span className="mut">({text.enrol.optional})</span>
        </label>
        <input
          id="enrol-name"
          ref={second}
          className={`in ${hidden ? 'covered-field' : ''}`}
          value={name}
          autoComplete="off"
          spellCheck={false}
          maxLength={limits.nameCharactersMax}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
    </>
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
