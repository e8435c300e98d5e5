/** Which column of a list is what: number, picture, name, day of consent, and the fields of the form. */
import { useId } from 'react'
import { type FormPolicy, nameField, numberField } from '../../../contract/form.ts'
import { fill, text, useLanguage } from '../../locale/text.ts'
import { changePlan, type TakenField, usePlan } from './importPlan.ts'

export interface ColumnsOfListProps {
  readonly columns: readonly string[]
  readonly policy: FormPolicy
  readonly withConsent: boolean
}

export function ColumnsOfList({ columns, policy, withConsent }: ColumnsOfListProps) {
  const language = useLanguage((state) => state.language)
  const { columns: taken, fields } = usePlan()
  const isNameRequired = policy.fields.some(({ id, required }) => id === nameField && required)
  const words: Readonly<Record<TakenField, string>> = {
    number: text.bulk.number,
    picture: text.bulk.picture,
    name: text.bulk.name,
    consent: text.bulk.consentDay,
  }
  const own: readonly (readonly [field: TakenField, required: boolean])[] = [
    ['number', true],
    ['picture', true],
    ['name', isNameRequired],
    ...(withConsent ? ([['consent', false]] as const) : []),
  ]
  const setField = (id: string, column: string | null) => {
    const { [id]: _before, ...others } = fields
    changePlan({ fields: column === null ? others : { ...others, [id]: column } })
  }
  return (
    <fieldset className="col g2">
      <legend className="sm m">{text.bulk.columns}</legend>
      {own.map(([field, required]) => (
        <ColumnChoice
          key={field}
          words={words[field]}
          required={required}
          columns={columns}
          value={taken[field]}
          onChange={(column) => changePlan({ columns: { ...taken, [field]: column } })}
        />
      ))}
      {policy.fields
        .filter(({ id }) => id !== numberField && id !== nameField)
        .map(({ id, label, required }) => (
          <ColumnChoice
            key={id}
            words={label[language] ?? label.en ?? Object.values(label)[0] ?? id}
            required={required}
            columns={columns}
            value={fields[id] ?? null}
            onChange={(column) => setField(id, column)}
          />
        ))}
    </fieldset>
  )
}

interface ColumnChoiceProps {
  readonly words: string
  readonly required: boolean
  readonly columns: readonly string[]
  readonly value: string | null
  readonly onChange: (column: string | null) => void
}

function ColumnChoice({ words, required, columns, value, onChange }: ColumnChoiceProps) {
  const id = useId()
  return (
    <div className="bulk-column">
      <label className="sm" htmlFor={id}>
        {required ? fill(text.bulk.required, { field: words }) : words}
      </label>
      <select
        id={id}
        className="in"
        value={value ?? ''}
        aria-invalid={required && value === null}
        onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
      >
        <option value="">{text.bulk.noColumn}</option>
        {[...new Set(columns)]
          .filter((column) => column !== '')
          .map((column) => (
            <option key={column} value={column}>
              {column}
            </option>
          ))}
      </select>
    </div>
  )
}
