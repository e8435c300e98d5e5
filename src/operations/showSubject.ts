import { VultusError } from '../contract/errors.ts'
import type { SubjectForm } from '../contract/form.ts'
import type { Actor } from '../contract/records.ts'
import type { Restriction } from '../contract/restriction.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import type { ReferenceNo, Role } from '../contract/types.ts'
import { namesOf } from './names.ts'
import type { VaultPort } from './ports.ts'

/** Roles that see why there is no reference, and how a supervisor decided. */
const staff: readonly Actor['role'][] = ['operator', 'supervisor', 'administrator']

/** A subject with the versions of its references, and of what was filled in the fields that the role may see. @throws subject.unknown */
export function showSubject(vault: VaultPort, { id }: ParsedInputOf<'subject.get'>, { role }: Actor): OutputOf<'subject.get'> {
  const subject = vault.subjects.get(id)
  const intake = vault.subjects.intakeOf(id)
  if (subject === undefined || intake === undefined) throw new VultusError('subject.unknown')
  const history = vault.references.history(id).map((record) => ({ ...record, referenceNo: record.referenceNo as ReferenceNo }))
  const isStaff = staff.includes(role)
  const restriction = vault.subjects.restrictionsOf(id).find(({ lifted }) => lifted === null)
  return {
    ...subject,
    ...vault.subjects.labelOf(id),
    consents: [...vault.subjects.consentsOf(id)],
    history,
    form: intake.form === null ? null : visibleOf(vault, intake.form, role),
    exception: isStaff ? intake.exception : null,
    decision: isStaff ? intake.decision : null,
    restriction: restriction === undefined ? null : { ...restriction, reason: isStaff ? restriction.reason : null },
    revision: vault.subjects.revisionOf(id) ?? null,
    ...(isStaff ? { named: namesOf(vault, accountsOf(intake, restriction)) } : {}),
  }
}

/** Who proposed, confirmed, decided and restricted. */
function accountsOf(
  { exception, decision }: NonNullable<ReturnType<VaultPort['subjects']['intakeOf']>>,
  restriction: Restriction | undefined,
) {
  const ids = [exception?.proposedBy, exception?.confirmedBy, decision?.by, restriction?.by]
  return ids.flatMap((id) => (id == null ? [] : [{ id, kind: 'account' } as const]))
}

/** The policy that a form was checked by says who sees which of its fields. */
function visibleOf(vault: VaultPort, { version, values }: SubjectForm, role: Actor['role']): SubjectForm {
  const fields = vault.forms.version(version)?.policy.fields ?? []
  const visible = new Set(fields.filter(({ visibleTo }) => visibleTo.includes(role as Role)).map(({ id }) => id))
  return { version, values: Object.fromEntries(Object.entries(values).filter(([field]) => visible.has(field))) }
}
