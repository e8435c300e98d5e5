import { VultusError } from '../../src/contract/errors.ts'

/** The code that a call is refused with; `answered` where it is not, and what was thrown where it has no row in the error table. */
export async function codeOf(answer: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof answer === 'function' ? answer() : answer)
    return 'answered'
  } catch (error) {
    return error instanceof VultusError ? error.code : `thrown: ${String(error)}`
  }
}
