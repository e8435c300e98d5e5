/** A number for a subject who brings none. */
import { numberField } from '../contract/form.ts'
import type { OutputOf } from '../contract/table.ts'
import { SubjectId } from '../contract/types.ts'
import { checkField } from '../core/form/checkForm.ts'
import { numberBytes, numberOf } from '../core/subjectNumber.ts'
import type { VaultPort } from './ports.ts'

/** Draws before it is given up: a form takes nearly all of them or none, and a number is taken once in a thousand million. */
const drawsMax = 8

/**
 * Draws a number that no subject has and that the form of the site takes.
 * @param random gives so many random bytes
 * @returns null where the form has a pattern that drawn numbers do not fit
 */
export function proposeNumber(vault: VaultPort, random: (bytes: number) => Uint8Array): OutputOf<'subject.proposeNumber'> {
  const field = vault.forms.current().policy.fields.find(({ id }) => id === numberField)
  for (let draw = 0; draw < drawsMax; draw++) {
    const number = SubjectId.parse(numberOf(random(numberBytes)))
    const fits = field === undefined || 'value' in checkField(field, number, { today: vault.forms.today() })
    if (fits && vault.subjects.auditIdOf(number) === undefined) return { number }
  }
  return { number: null }
}
