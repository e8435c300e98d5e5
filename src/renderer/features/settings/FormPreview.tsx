/** A form policy as people read it: each field with its label in the language of the desk, its kind and its rules. */
import type { FormField, FormPolicy } from '../../../contract/form.ts'
import { fill, text } from '../../locale/text.ts'
import { labelIn } from '../../state/formPolicy.ts'

export function FormPreview({ policy }: { readonly policy: FormPolicy }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long form is scrolled by its keys
    <section className="form-preview" tabIndex={0} aria-label={text.policy.form}>
      <table className="tbl">
        <thead>
          <tr>
            <th scope="col">{text.policy.field}</th>
            <th scope="col">{text.policy.rule}</th>
          </tr>
        </thead>
        <tbody>
          {policy.fields.map((field) => {
            const label = labelIn(field.label)
            return (
              <tr key={field.id}>
                <th scope="row" className="break">
                  <span className="m" lang={label.lang} dir="auto">
                    {label.words}
                  </span>
                  <span className="sm mut ltr block">{field.id}</span>
                </th>
                <td className="break">
                  {rulesOf(field).join(', ')}
                  {field.type === 'choice' && (
                    <span className="sm sec block" dir="auto">
                      {field.choices.map(({ label: words }) => labelIn(words).words).join(' · ')}
                    </span>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

/** The rules of a field in words. */
export function rulesOf(field: FormField): readonly string[] {
  const { rules } = text.policy
  const said = [text.form.types[field.type]]
  if (field.required) said.push(rules.required)
  if (field.type === 'text' || field.type === 'documentNumber') {
    const { lengthMin: min, lengthMax: max, pattern } = field
    if (min !== undefined && max !== undefined) said.push(fill(rules.characters, { min, max }))
    else if (min !== undefined) said.push(fill(rules.charactersMin, { n: min }))
    else if (max !== undefined) said.push(fill(rules.charactersMax, { n: max }))
    if (pattern !== undefined) said.push(fill(rules.pattern, { pattern }))
  }
  if (field.type === 'number' && field.integer) said.push(rules.integer)
  if (field.type === 'number' || field.type === 'date') {
    const bound = (value: number | string) => (value === 'today' ? rules.today : value)
    if (field.min !== undefined) said.push(fill(rules.from, { n: bound(field.min) }))
    if (field.max !== undefined) said.push(fill(rules.to, { n: bound(field.max) }))
  }
  const roles = field.visibleTo.filter((role) => role !== 'client').map((role) => text.signIn.roles[role as 'operator'])
  if (roles.length > 0 && roles.length < 3) said.push(fill(rules.seenBy, { roles: roles.join(', ') }))
  return said
}
