/** Who gives numbers, who confirms exceptions and with what proof, and how long drafts and the inbox keep what is not finished. */
import { useEffect, useState } from 'react'
import { ExceptionPolicy, NumberGiver } from '../../../contract/intake.ts'
import type { InputOf, OutputOf } from '../../../contract/table.ts'
import { fill, text } from '../../locale/text.ts'
import { refreshFormPolicy } from '../../state/formPolicy.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'

/** As the station takes them. */
const bounds = { draftHours: [1, 720], waitingDays: [1, 365] } as const
type Span = keyof typeof bounds

/** @returns undefined where it is no whole number within the bounds */
export function wholeNumber(typed: string, [min, max]: readonly [number, number]): number | undefined {
  const value = Number(typed)
  return /^\d{1,4}$/.test(typed.trim()) && value >= min && value <= max ? value : undefined
}

export function EnrolmentPolicyCard() {
  const [policy, setPolicy] = useState<OutputOf<'policy.enrolment'>>()
  const [told, setTold] = useState('')
  const { doing, refusal, run, dismiss } = useDoing()
  const change = (changes: InputOf<'policy.enrolment'>, words: string) =>
    run(async () => {
      setPolicy(await call('policy.enrolment', changes))
      setTold(words)
      if (words !== '') await refreshFormPolicy()
    })
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the screen opens
  useEffect(() => void change({}, ''), [])
  const put = (changes: InputOf<'policy.enrolment'>) => void change(changes, text.settings.saved)
  return (
    <section className="card pad5 col g4" aria-label={text.policy.enrolment}>
      <h2>{text.policy.enrolment}</h2>
      <Choice
        legend={text.policy.numbers}
        name="numbers"
        options={NumberGiver.options.map((value) => [value, text.policy.numbersOptions[value]])}
        chosen={policy?.numbers}
        onChoose={(numbers) => put({ numbers })}
      />
      <Choice
        legend={text.policy.confirmedBy}
        name="confirmed-by"
        options={ExceptionPolicy.shape.confirmedBy.options.map((value) => [value, text.policy.confirmedByOptions[value]])}
        chosen={policy?.confirmedBy}
        onChoose={(confirmedBy) => put({ confirmedBy })}
      />
      <Choice
        legend={text.policy.proof}
        name="exception-proof"
        options={ExceptionPolicy.shape.proof.options.map((value) => [value, text.policy.proofOptions[value]])}
        chosen={policy?.proof}
        onChoose={(proof) => put({ proof })}
      />
      <NumberField
        span="draftHours"
        label={text.policy.draftHours}
        help={text.policy.draftHoursHelp}
        kept={policy?.draftHours}
        doing={doing}
        onSave={(draftHours) => put({ draftHours })}
      />
      <NumberField
        span="waitingDays"
        label={text.policy.waitingDays}
        help={text.policy.waitingDaysHelp}
        kept={policy?.waitingDays}
        doing={doing}
        onSave={(waitingDays) => put({ waitingDays })}
      />
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      <p className="sm sec" role="status">
        {told}
      </p>
    </section>
  )
}

interface ChoiceProps<Value extends string> {
  readonly legend: string
  readonly name: string
  readonly options: readonly (readonly [value: Value, words: string])[]
  readonly chosen: Value | undefined
  readonly onChoose: (value: Value) => void
}

function Choice<Value extends string>({ legend, name, options, chosen, onChoose }: ChoiceProps<Value>) {
  return (
    <fieldset className="col g2" disabled={chosen === undefined}>
      <legend className="sm m">{legend}</legend>
      {options.map(([value, words]) => (
        <label className={value === chosen ? 'opt low on' : 'opt low'} key={value}>
          <input type="radio" className="rad" name={name} checked={value === chosen} onChange={() => onChoose(value)} />
          {words}
        </label>
      ))}
    </fieldset>
  )
}

interface NumberFieldProps {
  readonly span: Span
  readonly label: string
  readonly help: string
  readonly kept: number | undefined
  readonly doing: boolean
  readonly onSave: (value: number) => void
}

function NumberField({ span, label, help, kept, doing, onSave }: NumberFieldProps) {
  const [typed, setTyped] = useState('')
  useEffect(() => setTyped(kept === undefined ? '' : String(kept)), [kept])
  const [min, max] = bounds[span]
  const value = wholeNumber(typed, bounds[span])
  const wrong = kept !== undefined && value === undefined
  return (
    <form
      className="row end g2"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (value !== undefined) onSave(value)
      }}
    >
      <div className="field sp">
        <label htmlFor={`policy-${span}`}>{label}</label>
        <input
          id={`policy-${span}`}
          className={wrong ? 'in err' : 'in'}
          inputMode="numeric"
          autoComplete="off"
          maxLength={4}
          value={typed}
          aria-invalid={wrong}
          aria-describedby={`policy-${span}-help`}
          onChange={(event) => setTyped(event.target.value)}
        />
        <span className={wrong ? 'help e' : 'help'} id={`policy-${span}-help`} role={wrong ? 'alert' : undefined}>
          {wrong ? fill(text.policy.outside, { min, max }) : help}
        </span>
      </div>
      <button type="submit" className="btn" disabled={doing || value === undefined || value === kept}>
        {text.settings.save}
      </button>
    </form>
  )
}
