/** What is filled in, held against the form of the site as the station will do it. */
import { type FieldProblem, type FormValues, nameField, numberField } from '../../../contract/form.ts'
import type { SubjectId } from '../../../contract/types.ts'
import { type CheckedForm, checkField, checkForm } from '../../../core/form/checkForm.ts'
import { hasOwnForm, useFormPolicy } from '../../state/formPolicy.ts'
import { call } from '../../state/station.ts'
import { subjectIdOf } from '../../state/subjectId.ts'
import { type EnrolState, setField, useEnrol } from './enrolStore.ts'

const { getState, setState } = useEnrol

/** The day at the desk, YYYY-MM-DD. */
export function today(): string {
  const now = new Date()
  const two = (part: number) => String(part).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

const filledIn = ({ number, name, form }: EnrolState): FormValues => ({ ...form, [numberField]: number, [nameField]: name })

const isEmpty = ({ form }: EnrolState) => Object.values(form).every((value) => value.trim() === '')

/** A known subject keeps what was filled in before where nothing new is. */
function isKept(state: EnrolState) {
  return (field: string) => state.exists && field !== numberField && (field === nameField || isEmpty(state))
}

export function checkedForm(state: EnrolState): CheckedForm {
  const known = new Set(useFormPolicy.getState().policy.fields.map(({ id }) => id))
  // A site without a field for the name takes none.
  const filled = Object.fromEntries(Object.entries(filledIn(state)).filter(([id, value]) => known.has(id) || value !== ''))
  return checkForm(useFormPolicy.getState().policy, filled, { today: today(), isKept: isKept(state) })
}

/** Puts the focus on the first field that is wrong. */
export const showProblems = (problems: EnrolState['problems']) =>
  setState(({ problemsFound }) => ({ problems, problemsFound: problemsFound + 1, detailsDone: false }))

/** @returns whether all is well; else the problems are shown */
export function isFormRight(): boolean {
  const { faults } = checkedForm(getState())
  if (faults.length === 0) return true
  showProblems(Object.fromEntries(faults.map(({ field, problem }) => [field, problem])))
  return false
}

/** Goes on from the details where they are right. */
export async function endDetails(): Promise<void> {
  // Whether the subject is known decides what may be left empty; the number may not have been left yet.
  if (!getState().lookedUp) await leaveField(numberField)
  if (isFormRight()) setState({ detailsDone: true, problems: {} })
}

/** Tells at once what is wrong with a field, and whether a number is in use. Nothing is said of an empty field: it is still to come. */
export async function leaveField(id: string): Promise<void> {
  const field = useFormPolicy.getState().policy.fields.find((one) => one.id === id)
  const typed = filledIn(getState())[id] ?? ''
  if (field === undefined || String(typed).trim() === '') return
  const checked = checkField(field, typed, { today: today() })
  if ('problem' in checked) return setState(({ problems }) => ({ problems: { ...problems, [id]: checked.problem as FieldProblem } }))
  // As it will be kept: document numbers in capitals, nothing around it.
  if (String(checked.value) !== typed && field.type === 'documentNumber') setField(id, String(checked.value))
  if (id === numberField) await findNumber(String(checked.value))
}

async function findNumber(number: string): Promise<void> {
  const id = subjectIdOf(number)
  if (id === undefined) return
  const typed = getState().number
  // An unknown number is what a new subject should have; other refusals come again when it is enrolled.
  const exists = await call('subject.get', { id }).then(
    () => true,
    () => false,
  )
  if (getState().number === typed) setState({ exists, lookedUp: true })
}

/** Number, name and form as the station takes them. Only after the check. */
export function subjectInput(state: EnrolState): {
  id: SubjectId
  name?: string
  form?: FormValues
  formVersion: number
} {
  const { values } = checkedForm(state)
  const { [numberField]: number, [nameField]: name, ...rest } = values
  const id = subjectIdOf(String(number))
  if (id === undefined) throw new Error('The number was not checked.')
  const isSent = hasOwnForm() && !(state.exists && isEmpty(state))
  return {
    id,
    ...(name === undefined ? {} : { name: String(name) }),
    ...(isSent ? { form: rest } : {}),
    formVersion: useFormPolicy.getState().version,
  }
}
