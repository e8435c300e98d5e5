/** What a correction sends: only what is different, checked by the form of the site as the station will do it. */
import { type FieldProblem, type FormPolicy, type FormValues, nameField, numberField } from '../../../contract/form.ts'
import type { OutputOf } from '../../../contract/table.ts'
import type { Role } from '../../../contract/types.ts'
import { checkForm } from '../../../core/form/checkForm.ts'

type Subject = Pick<OutputOf<'subject.get'>, 'name' | 'form'>

/** The fields that a role may correct: what it does not see stays, and the number is no detail. The name is shown to everybody. */
export const correctable = (policy: FormPolicy, role: Role): FormPolicy => ({
  ...policy,
  fields: policy.fields.filter(({ id, visibleTo }) => id === nameField || (id !== numberField && visibleTo.includes(role))),
})

/** What is filled in now, as the fields show it. */
export function valuesOf({ fields }: FormPolicy, { name, form }: Subject): Record<string, string> {
  const values: FormValues = { ...form?.values, [nameField]: name ?? '' }
  return Object.fromEntries(fields.map(({ id }) => [id, String(values[id] ?? '')]))
}

export interface Correction {
  /** Left out where it stays. */
  readonly name?: string
  readonly form?: FormValues
  readonly problems: Readonly<Record<string, FieldProblem>>
  /** Whether anything is different. */
  readonly differs: boolean
}

/** @param today the day at the desk, YYYY-MM-DD */
export function correctionOf(policy: FormPolicy, subject: Subject, typed: Readonly<Record<string, string>>, today: string): Correction {
  const before = valuesOf(policy, subject)
  const differs = (id: string) => (typed[id] ?? '').trim() !== before[id]
  const ofForm = policy.fields.filter(({ id }) => id !== nameField)
  const nameDiffers = before[nameField] !== undefined && differs(nameField)
  const formDiffers = ofForm.some(({ id }) => differs(id))
  const isKept = (id: string) => (id === nameField ? !nameDiffers : !formDiffers)
  const filled = Object.fromEntries(Object.entries(typed).filter(([id]) => !isKept(id)))
  const { values, faults } = checkForm(policy, filled, { today, isKept })
  const { [nameField]: name = '', ...form } = values
  return {
    ...(nameDiffers ? { name: String(name) } : {}),
    ...(formDiffers ? { form } : {}),
    problems: Object.fromEntries(faults.map(({ field, problem }) => [field, problem])),
    differs: nameDiffers || formDiffers,
  }
}
