/** Rights of subjects over what is kept of them: correction (GDPR Art. 16), restriction of processing (GDPR Art. 18). */
import { VultusError } from '../contract/errors.ts'
import { type FormField, type FormValues, nameField, numberField, type SubjectForm } from '../contract/form.ts'
import type { Actor } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { checkForm } from '../core/form/checkForm.ts'
import { ownerOf } from './drafts.ts'
import { refuseFaults } from './forms.ts'
import type { Ports, VaultPort } from './ports.ts'

/** Whatever is kept of the subject stays and is used no more; a search that begins later does not find it. */
export async function restrict(
  ports: Ports,
  input: ParsedInputOf<'subject.restrict'>,
  actor: Actor,
): Promise<OutputOf<'subject.restrict'>> {
  const { id, reason } = input
  return await ports.serialised(async () => {
    const audit = { event: 'subject.restrict', actor, outcome: 'done' } as const
    const { since, ...change } = ports.vault.rights.restrict({ id, reason, by: ownerOf(actor), audit })
    await ports.publish(change, [])
    return { id, since, sequence: change.sequence }
  })
}

/** Puts the subject back into the gallery as it was; a search that begins later finds it. */
export async function liftRestriction(
  ports: Ports,
  input: ParsedInputOf<'subject.liftRestriction'>,
  actor: Actor,
): Promise<OutputOf<'subject.liftRestriction'>> {
  const { id, reason } = input
  return await ports.serialised(async () => {
    const audit = { event: 'subject.liftRestriction', actor, outcome: 'done' } as const
    const { added, ...change } = ports.vault.rights.lift({ id, reason, by: ownerOf(actor), audit })
    // What another model made is no row of the gallery that is loaded.
    const model = ports.face.model?.id
    await ports.publish(
      change,
      added.filter((one) => one.model === model),
    )
    return { id, sequence: change.sequence }
  })
}

/**
 * Corrects the name and what was filled in. A form that is given is checked by the policy that holds now and replaces the one of before,
 * but for fields that whoever corrects may not see: those stay.
 * @throws subject.unknown, subject.changed, form.refused, form.changed
 */
export function correctSubject(
  vault: VaultPort,
  input: ParsedInputOf<'subject.correct'>,
  { role, ...rest }: Actor,
): OutputOf<'subject.correct'> {
  const { id, revision } = input
  const subject = vault.subjects.get(id)
  const intake = vault.subjects.intakeOf(id)
  if (subject === undefined || intake === undefined) throw new VultusError('subject.unknown')
  const before = intake.form?.values ?? {}
  const { name, form } = checkedCorrection(vault, input, before, role)
  const fields = [
    ...(name !== undefined && name !== subject.name ? [nameField] : []),
    ...(form === undefined ? [] : changedFields(before, form.values)),
  ]
  const audit = { event: 'subject.correct', actor: { role, ...rest }, outcome: 'done', details: { fields: fields.join(' ') } } as const
  return { id, fields, revision: vault.rights.correct({ id, name, form, revision, audit }) }
}

/** What is written; undefined stays as it is, and a name of null is none. */
interface CheckedCorrection {
  readonly name: string | null | undefined
  readonly form: SubjectForm | undefined
}

function checkedCorrection(
  vault: VaultPort,
  { name, form, formVersion }: ParsedInputOf<'subject.correct'>,
  before: FormValues,
  role: Actor['role'],
): CheckedCorrection {
  const { version, policy } = vault.forms.current()
  if (formVersion !== undefined && formVersion !== version) throw new VultusError('form.changed', `version ${version} holds now`)
  const hidden = policy.fields.filter((field) => Object.hasOwn(before, field.id) && !isVisible(field, role))
  const kept = Object.fromEntries(hidden.map((field) => [field.id, before[field.id] as string | number]))
  const filled: FormValues = { ...(name === undefined ? {} : { [nameField]: name }), ...(form === undefined ? {} : { ...kept, ...form }) }
  const isKept = (field: string) => field === numberField || (field === nameField ? name === undefined : form === undefined)
  const { values, faults } = checkForm(policy, filled, { today: vault.forms.today(), isKept })
  const doubled = [numberField, nameField].filter((field) => form !== undefined && Object.hasOwn(form, field))
  refuseFaults([...doubled.map((field) => ({ field, problem: 'unknown' as const })), ...faults])
  const rest = Object.fromEntries(Object.entries(values).filter(([field]) => field !== nameField))
  return {
    name: name === undefined ? undefined : values[nameField] === undefined ? null : String(values[nameField]),
    form: form === undefined ? undefined : { version, values: rest },
  }
}

const isVisible = ({ visibleTo }: FormField, role: Actor['role']) => (visibleTo as readonly Actor['role'][]).includes(role)

/** Fields with another value than before, in one or the other. */
function changedFields(before: FormValues, after: FormValues): string[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return fields.filter((field) => before[field] !== after[field]).sort()
}
