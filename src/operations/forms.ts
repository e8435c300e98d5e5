/** The form of the site: setting it, and checking what was filled in before it is kept. */
import { VultusError } from '../contract/errors.ts'
import { builtInFormVersion, type FormValues, nameField, numberField, type SubjectForm } from '../contract/form.ts'
import type { Actor, AuditEntry } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { checkForm, type FieldFault, problemOfPolicy } from '../core/form/checkForm.ts'
import type { VaultPort } from './ports.ts'

export function readForm(vault: VaultPort, { formVersion }: ParsedInputOf<'policy.form'>): OutputOf<'policy.form'> {
  const stored = formVersion === undefined ? vault.forms.current() : vault.forms.version(formVersion)
  if (stored === undefined) throw new VultusError('form.unknown')
  return { ...stored, exceptions: vault.settings.get('exceptions.policy'), numbers: vault.settings.get('enrol.numbers') }
}

/** @throws request.invalid with the field and what is wrong with it */
export function setForm(vault: VaultPort, { policy }: ParsedInputOf<'policy.setForm'>, actor: Actor): OutputOf<'policy.setForm'> {
  const problem = problemOfPolicy(policy)
  if (problem !== undefined) throw new VultusError('request.invalid', problem)
  return vault.forms.set(policy, { event: 'policy.setForm', actor, outcome: 'done' })
}

/** Shows or changes what holds for unfinished enrolments; each change has its audit entry. */
export function changeEnrolmentPolicy(
  vault: VaultPort,
  { confirmedBy, proof, draftHours, waitingDays, numbers }: ParsedInputOf<'policy.enrolment'>,
  actor: Actor,
): OutputOf<'policy.enrolment'> {
  const audit = (details: NonNullable<AuditEntry['details']>): AuditEntry => ({
    event: 'policy.enrolment',
    actor,
    outcome: 'done',
    details,
  })
  if (confirmedBy !== undefined || proof !== undefined) {
    const before = vault.settings.get('exceptions.policy')
    const value = { confirmedBy: confirmedBy ?? before.confirmedBy, proof: proof ?? before.proof }
    vault.settings.change({ name: 'exceptions.policy', value, audit: audit(value) })
  }
  if (draftHours !== undefined) vault.settings.change({ name: 'drafts.keptHours', value: draftHours, audit: audit({ draftHours }) })
  if (waitingDays !== undefined) vault.settings.change({ name: 'inbox.keptDays', value: waitingDays, audit: audit({ waitingDays }) })
  if (numbers !== undefined) vault.settings.change({ name: 'enrol.numbers', value: numbers, audit: audit({ numbers }) })
  return {
    ...vault.settings.get('exceptions.policy'),
    draftHours: vault.settings.get('drafts.keptHours'),
    waitingDays: vault.settings.get('inbox.keptDays'),
    numbers: vault.settings.get('enrol.numbers'),
  }
}

/** @throws form.refused with the fields and what is wrong with them */
export function refuseFaults(problems: readonly FieldFault[]): void {
  if (problems.length === 0) return
  const detail = problems.slice(0, 3).map(({ field, problem }) => `${field}: ${problem}`)
  throw new VultusError('form.refused', detail.join('; '), { data: { problems } })
}

/** What is kept of an enrolment's form. */
export interface CheckedEnrolment {
  readonly name: string | undefined
  /** Undefined where nothing is to be kept: what was filled in before stays. */
  readonly form: SubjectForm | undefined
  readonly formVersion: number
}

interface FilledIn {
  readonly id: string
  readonly name?: string | undefined
  readonly form?: FormValues | undefined
  readonly formVersion?: number | undefined
}

/**
 * Checks what was filled in against the form that holds now. Of a subject who is enrolled already only what is given is checked;
 * a form that is given replaces the one of before and has to be whole.
 * @throws form.refused with the fields and what is wrong with them, form.changed
 */
export function checkedForm(vault: VaultPort, { id, name, form, formVersion }: FilledIn): CheckedEnrolment {
  const { version, policy } = vault.forms.current()
  if (formVersion !== undefined && formVersion !== version) throw new VultusError('form.changed', `version ${version} holds now`)
  const known = vault.subjects.auditIdOf(id) !== undefined
  const beside = [numberField, nameField]
  const filled: FormValues = { ...form, ...(known ? {} : { [numberField]: id }), ...(name === undefined ? {} : { [nameField]: name }) }
  const isKept = (field: string) => known && (form === undefined || beside.includes(field))
  const { values, faults } = checkForm(policy, filled, { today: vault.forms.today(), isKept })
  const doubled = beside.filter((field) => form !== undefined && field in form).map((field) => ({ field, problem: 'unknown' as const }))
  refuseFaults([...doubled, ...faults])
  const rest = Object.fromEntries(Object.entries(values).filter(([field]) => !beside.includes(field)))
  const isKeptForm = known ? form !== undefined : version !== builtInFormVersion || Object.keys(rest).length > 0
  const checkedName = values[nameField]
  return {
    name: checkedName === undefined ? undefined : String(checkedName),
    form: isKeptForm ? { version, values: rest } : undefined,
    formVersion: version,
  }
}
