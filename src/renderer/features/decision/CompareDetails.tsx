/** What is written of two people, line by line: number, name, and what was filled in. */
import { Equal, EqualNot } from 'lucide-react'
import type { FormValues } from '../../../contract/form.ts'
import type { OutputOf } from '../../../contract/table.ts'
import { text } from '../../locale/text.ts'
import { labelIn, useFormPolicy, valueWords } from '../../state/formPolicy.ts'
import { Private } from '../../ui/Private.tsx'

export interface Described {
  readonly id: string
  readonly name: string | null
  readonly form: FormValues
}

/** @param stored undefined while it is read */
export function CompareDetails({ now, stored }: { readonly now: Described; readonly stored: OutputOf<'subject.get'> | undefined }) {
  const { policy } = useFormPolicy()
  const filled = policy.fields.filter(({ id }) => id !== 'number' && id !== 'name')
  const rows = [
    { id: 'number', words: text.enrol.number, lang: text.language, a: now.id, b: stored?.id },
    { id: 'name', words: text.enrol.name, lang: text.language, a: now.name ?? undefined, b: stored?.name ?? undefined },
    ...filled.map((field) => {
      const of = (values: FormValues | undefined) => {
        const value = values?.[field.id]
        return value === undefined || value === '' ? undefined : valueWords(field, value)
      }
      return { id: field.id, ...labelIn(field.label), a: of(now.form), b: of(stored?.form?.values) }
    }),
  ]
  return (
    <table className="tbl compare" aria-label={text.decision.compare.title}>
      <thead>
        <tr>
          <th scope="col">{text.decision.compare.detail}</th>
          <th scope="col">{text.decision.compare.now}</th>
          <th scope="col">{text.decision.compare.stored}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, words, lang, a, b }) => (
          <tr key={id}>
            <th scope="row" lang={lang}>
              {words}
            </th>
            <Cell value={a} ltr={id === 'number'} />
            <Cell value={b} ltr={id === 'number'} />
            <td className="nowrap">
              <Comparison a={a} b={b} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell({ value, ltr }: { readonly value: string | undefined; readonly ltr: boolean }) {
  if (value === undefined) return <td className="mut">{text.decision.compare.none}</td>
  return (
    <td className="break">
      <Private>
        <span className={ltr ? 'ltr' : ''} dir={ltr ? undefined : 'auto'}>
          {value}
        </span>
      </Private>
    </td>
  )
}

/** Only what both have can be the same or different. */
function Comparison({ a, b }: { readonly a: string | undefined; readonly b: string | undefined }) {
  if (a === undefined || b === undefined) return null
  const same = a.trim().toLocaleLowerCase() === b.trim().toLocaleLowerCase()
  const Icon = same ? Equal : EqualNot
  return (
    <Private>
      <span className={same ? 'sec' : 'b'}>
        <Icon className="i i16" aria-hidden="true" /> {same ? text.decision.compare.same : text.decision.compare.different}
      </span>
    </Private>
  )
}
