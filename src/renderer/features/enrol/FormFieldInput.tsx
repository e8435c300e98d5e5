/** One field of the site's form in an enrolment. */
import { type FormField, numberField } from '../../../contract/form.ts'
import { leaveField } from './enrolForm.ts'
import { setField, useEnrol } from './enrolStore.ts'
import { FieldInput } from './FieldInput.tsx'

export const fieldElementId = (field: string) => `enrol-${field}`

export function FormFieldInput({ field }: { readonly field: FormField }) {
  const value = useEnrol(({ number, name, form }) =>
    field.id === numberField ? number : field.id === 'name' ? name : (form[field.id] ?? ''),
  )
  const problem = useEnrol(({ problems }) => problems[field.id])
  const exists = useEnrol((state) => state.exists && field.id === numberField)
  return (
    <FieldInput
      field={field}
      id={fieldElementId(field.id)}
      value={value}
      problem={problem}
      exists={exists}
      onLeave={() => void leaveField(field.id)}
      onValue={(typed) => setField(field.id, typed)}
    />
  )
}
