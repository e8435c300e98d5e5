/** The own form of the site, before the camera: its fields, and beside them what is still to correct. */
import { ArrowRight, CircleCheck, CircleX } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { count, fill, text } from '../../locale/text.ts'
import { labelIn, useFormPolicy } from '../../state/formPolicy.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Screen } from '../../ui/Screen.tsx'
import { SubjectLanguageChoice } from '../../ui/SubjectLanguageChoice.tsx'
import { DraftState } from './DraftState.tsx'
import { checkedForm, endDetails } from './enrolForm.ts'
import { closeRefusal, useEnrol } from './enrolStore.ts'
import { FormFieldInput, fieldElementId } from './FormFieldInput.tsx'
import { problemWords } from './fieldWords.ts'
import { StepRail } from './StepRail.tsx'
import { UnfinishedEnrolments } from './UnfinishedEnrolments.tsx'

const keys = () => [
  { chord: 'Ctrl Enter', words: text.form.next },
  { chord: 'F7', words: text.form.problem, spare: true },
]

export function DetailsStep() {
  const { refusal, notice } = useEnrol()
  const { policy, version } = useFormPolicy()
  useFirstField()
  useKeys([
    ['Ctrl Enter', () => void endDetails()],
    ['F7', focusFirstProblem],
    ['Escape', closeRefusal],
  ])
  return (
    <Screen name={text.areas.enrol} keys={keys()}>
      <div className="row steprow">
        <StepRail />
        <span className="sp" />
        <DraftState />
        <SubjectLanguageChoice />
      </div>
      <UnfinishedEnrolments />
      <RefusalBanner refusal={refusal} onClose={closeRefusal} />
      <div className="enrol">
        <form
          className="card form-page"
          id="enrol"
          noValidate
          aria-label={text.form.step}
          onSubmit={(event) => {
            event.preventDefault()
            void endDetails()
          }}
        >
          <h1>{text.form.person}</h1>
          <div className="form-fields">
            {policy.fields.map((field) => (
              <FormFieldInput key={field.id} field={field} />
            ))}
          </div>
        </form>
        <aside className="card form-side" aria-label={text.form.step}>
          <div className="pad5 col g3">
            <p className="sm sec">{fill(text.form.version, { n: version })}</p>
            <StillOpen />
            {notice !== undefined && (
              <p className="sm" role="status">
                {notice}
              </p>
            )}
            <p className="sm sec">{text.form.onlyAsked}</p>
          </div>
          <div className="panel-foot">
            <button type="submit" form="enrol" className="btn btn-p btn-lg btn-w">
              {text.form.next} <ArrowRight className="i i16 turns" aria-hidden="true" /> <Key chord="Ctrl Enter" />
            </button>
          </div>
        </aside>
      </div>
    </Screen>
  )
}

/** How much is left, and each field that is wrong as a way to it. */
function StillOpen() {
  const state = useEnrol()
  const { policy } = useFormPolicy()
  const wrong = policy.fields.filter(({ id }) => state.problems[id] !== undefined)
  const empty = checkedForm(state).faults.filter(({ problem, field }) => problem === 'missing' && state.problems[field] === undefined)
  const title =
    wrong.length > 0 ? count(text.form.toFix, wrong.length) : empty.length > 0 ? count(text.form.open, empty.length) : text.form.ready
  return (
    <>
      <h2 className="row g2" role="status">
        {wrong.length === 0 && empty.length === 0 && <CircleCheck className="i st-ok" aria-hidden="true" />}
        {title}
      </h2>
      <ul className="col g2">
        {wrong.map((field) => (
          <li key={field.id}>
            <button type="button" className="problem" onClick={() => document.getElementById(fieldElementId(field.id))?.focus()}>
              <CircleX className="i" aria-hidden="true" />
              <span>
                <span className="b block">{labelIn(field.label).words}</span>
                <span className="sm">{problemWords(field, state.problems[field.id], true)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

function focusFirstProblem(): void {
  const { problems } = useEnrol.getState()
  const first = useFormPolicy.getState().policy.fields.find(({ id }) => problems[id] !== undefined)
  if (first !== undefined) document.getElementById(fieldElementId(first.id))?.focus()
}

/** The first field has the focus when the step begins, the first wrong one after a check that found something. */
function useFirstField(): void {
  const found = useEnrol((state) => state.problemsFound)
  const first = useRef(useFormPolicy.getState().policy.fields[0]?.id)
  useEffect(() => {
    const { problems } = useEnrol.getState()
    if (Object.keys(problems).length > 0) focusFirstProblem()
    else if (found === 0 && first.current !== undefined) document.getElementById(fieldElementId(first.current))?.focus()
  }, [found])
}
