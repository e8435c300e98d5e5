/** One field of a form of the site: its label in the language of the desk, what is typed, and what is wrong with it. */
import { CircleAlert, Info } from 'lucide-react'
import { type FieldProblem, type FormField, formLimits, numberField } from '../../../contract/form.ts'
import { limits } from '../../../contract/types.ts'
import { fill, text } from '../../locale/text.ts'
import { useDesk } from '../../state/desk.ts'
import { labelIn } from '../../state/formPolicy.ts'
import { problemWords } from './fieldWords.ts'

export interface FieldInputProps {
  readonly field: FormField
  /** Of the element. */
  readonly id: string
  readonly value: string
  readonly problem: FieldProblem | undefined
  /** Whether it is the number of somebody who is enrolled already. */
  readonly exists?: boolean
  readonly onLeave: () => void
  readonly onValue: (value: string) => void
}

export function FieldInput({ field, id, value, problem, exists = false, onLeave, onValue }: FieldInputProps) {
  const hidden = useDesk((state) => state.hidden)
  const label = labelIn(field.label)
  const hint = field.hint === undefined ? undefined : labelIn(field.hint)
  const wrong = problemWords(field, problem, true)
  const common = {
    id,
    value,
    required: field.required,
    'aria-invalid': wrong !== undefined,
    'aria-describedby': `${id}-help`,
    onBlur: onLeave,
    onChange: (event: { target: { value: string } }) => onValue(event.target.value),
  }
  const covered = `in ${hidden ? 'covered-field' : ''} ${wrong === undefined ? '' : 'err'}`
  return (
    <div className="field">
      <label htmlFor={id} lang={label.lang}>
        {label.words} {!field.required && <span className="mut">({text.enrol.optional})</span>}
      </label>
      {field.type === 'choice' ? (
        <select {...common} className={covered}>
          <option value="">{text.form.choose}</option>
          {field.choices.map((choice) => {
            const words = labelIn(choice.label)
            return (
              <option key={choice.value} value={choice.value} lang={words.lang}>
                {words.words}
              </option>
            )
          })}
        </select>
      ) : (
        <input
          {...common}
          {...kindOf(field)}
          className={`${covered} ${field.id === numberField || field.type !== 'text' ? 'ltr' : ''}`}
          autoComplete="off"
          spellCheck={false}
        />
      )}
      <FieldHelp id={`${id}-help`} wrong={wrong} exists={exists} number={hidden ? text.hidden : value.trim()} hint={hint} />
    </div>
  )
}

/** What the browser helps with; what counts is checked by the rules of the form. */
function kindOf(field: Exclude<FormField, { type: 'choice' }>) {
  switch (field.type) {
    case 'date': {
      const day = (bound: string | undefined) => (bound === undefined || bound === 'today' ? undefined : bound)
      return { type: 'date', min: day(field.min), max: day(field.max) ?? '9999-12-31' }
    }
    case 'number':
      return { inputMode: field.integer ? ('numeric' as const) : ('decimal' as const), maxLength: 40 }
    case 'documentNumber':
      return { maxLength: formLimits.valueCharactersMax, autoCapitalize: 'characters' }
    case 'text':
      return {
        maxLength: field.id === numberField ? 64 : field.id === 'name' ? limits.nameCharactersMax : formLimits.valueCharactersMax,
        ...(field.id === numberField ? {} : { dir: 'auto' }),
      }
  }
}

interface FieldHelpProps {
  readonly id: string
  readonly wrong: string | undefined
  readonly exists: boolean
  readonly number: string
  readonly hint: { readonly words: string; readonly lang: string } | undefined
}

function FieldHelp({ id, wrong, exists, number, hint }: FieldHelpProps) {
  if (wrong !== undefined) {
    return (
      <span className="help e" id={id} role="alert">
        <CircleAlert className="i i16" aria-hidden="true" />
        {wrong}
      </span>
    )
  }
  if (exists) {
    return (
      <span className="help note" id={id} role="status">
        <Info className="i i16" aria-hidden="true" />
        {fill(text.form.keeps, { id: number })}
      </span>
    )
  }
  return (
    <span className="help" id={id} lang={hint?.lang}>
      {hint?.words}
    </span>
  )
}
