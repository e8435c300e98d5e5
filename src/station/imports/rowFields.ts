/** What a row says, checked, and its mark. */
import { createHmac } from 'node:crypto'
import type { RowProblem } from '../../contract/importRecords.ts'
import { limits, SubjectId } from '../../contract/types.ts'

const markBytes = 16

/** A digest that only this job can make: what it stands for cannot be guessed from another import. */
export function markOf(salt: string, said: readonly (string | null)[]): string {
  return createHmac('sha256', Buffer.from(salt, 'base64url'))
    .update(JSON.stringify(said))
    .digest()
    .subarray(0, markBytes)
    .toString('base64url')
}

/** What is wrong with number and name, naming the field and never its value. */
export function problemOf({ number, name }: { number: string; name: string | undefined }): RowProblem | undefined {
  if (number === '') return { code: 'import.rowInvalid', detail: 'number: there is none' }
  const checked = SubjectId.safeParse(number)
  if (!checked.success) return { code: 'import.rowInvalid', detail: `number: ${checked.error.issues[0]?.message ?? 'not one'}` }
  if (name !== undefined && name.length > limits.nameCharactersMax) {
    return { code: 'import.rowInvalid', detail: `name: more than ${limits.nameCharactersMax} characters` }
  }
  return undefined
}
