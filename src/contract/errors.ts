/**
 * The one error table. Every refusal that can leave Vultus by any door is a row of it, with a stable code, an HTTP status, a command line
 * exit code, a plain message and a remedy that the reader can act upon. The rows stand in errors/, by what they are about.
 */
import { accessErrors } from './errors/access.ts'
import { importErrors } from './errors/import.ts'
import { modelErrors } from './errors/model.ts'
import { pictureErrors } from './errors/picture.ts'
import { requestErrors } from './errors/request.ts'
import { stationErrors } from './errors/station.ts'
import { subjectErrors } from './errors/subject.ts'
import { vaultErrors } from './errors/vault.ts'

export const errorTable = {
  ...pictureErrors,
  ...subjectErrors,
  ...vaultErrors,
  ...importErrors,
  ...modelErrors,
  ...accessErrors,
  ...requestErrors,
  ...stationErrors,
} as const

export type ErrorCode = keyof typeof errorTable

/** What a door answers for a refusal; `detail` says which field, file or limit, never a secret, a name or a stack. */
export interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  readonly remedy: string
  readonly detail?: string | undefined
}

/** An expected failure with a row in the error table. Anything else that is thrown is a bug. */
export class VultusError extends Error {
  override readonly name = 'VultusError'
  readonly code: ErrorCode
  readonly detail: string | undefined
  /** What the answer carries beside the refusal (the candidates of a possible duplicate). */
  readonly data: Readonly<Record<string, unknown>> | undefined
  constructor(code: ErrorCode, detail?: string, options: ErrorOptions & { data?: Readonly<Record<string, unknown>> | undefined } = {}) {
    super(detail === undefined ? errorTable[code].message : `${errorTable[code].message} (${detail})`, options)
    this.code = code
    this.detail = detail
    this.data = options.data
  }
}

/** Turns anything thrown into what may leave by a door: a bug shows nothing of itself. */
export function refusalOf(error: unknown): Refusal {
  const code = error instanceof VultusError ? error.code : 'internal.fault'
  const { message, remedy } = errorTable[code]
  const detail = error instanceof VultusError ? error.detail : undefined
  return detail === undefined ? { code, message, remedy } : { code, message, remedy, detail }
}

/** Whether a string is a code of the table (for refusals that came over a port). */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code)
}

/** An answer that crosses a process or a socket: errors travel as values, never as stacks. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | Failed

/** A refusal as a value; `data` is what the answer carries beside it. */
export interface Failed {
  readonly ok: false
  readonly refusal: Refusal
  readonly data?: Readonly<Record<string, unknown>> | undefined
}

/** Runs a function and turns what it throws into an outcome; `onBug` sees what has no row in the table. */
export async function outcomeOf<T>(run: () => Promise<T> | T, onBug?: (error: unknown) => void): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await run() }
  } catch (error) {
    if (!(error instanceof VultusError)) onBug?.(error)
    return failedOf(error)
  }
}

/** Anything thrown as a failed outcome. */
export function failedOf(error: unknown): Failed {
  const data = error instanceof VultusError ? error.data : undefined
  return data === undefined ? { ok: false, refusal: refusalOf(error) } : { ok: false, refusal: refusalOf(error), data }
}

/** The value of an outcome, or the refusal thrown again on this side. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new VultusError(outcome.refusal.code, outcome.refusal.detail, { data: outcome.data })
}
