/** The shape of a row of the procedure table, from which every door is generated. */
import type { z } from 'zod'
import type { Role } from './types.ts'

/** How the command line offers a procedure. Options are taken from the input schema by name, in kebab-case. */
export interface CommandDoor {
  readonly name: string
  /** One line for --help. */
  readonly summary: string
  readonly example: string
  /** Positional pictures and the input field they fill: bytes of one picture, or a captureId made of each. */
  readonly pictures?: { readonly field: string; readonly as: 'bytes' | 'captureIds'; readonly min: number; readonly max: number }
  /** Input fields offered as options. */
  readonly options: readonly string[]
  /** The command asks for a new password (VULTUS_NEW_PASSWORD) as field `secret`: always, or where secretKind is named. */
  readonly newSecret?: 'always' | 'named'
  /** The exit code of an answer that is not a refusal; 0 where it is left out. */
  readonly exitOf?: (answer: never) => number
}

/** How the REST door offers a procedure. */
export interface RestDoor {
  readonly method: 'GET' | 'POST'
  /** Path below the root; `:name` fills the input field of that name. */
  readonly path: string
  /** Input fields that are bytes: REST carries them as base64 or as a data: URI. */
  readonly bytes?: readonly string[]
  /** Other field names that the door takes for an input field. */
  readonly aliases?: Readonly<Record<string, string>>
  /** What the wire answer is made of; fields it does not name are left out. The output schema where it is left out. */
  readonly answer?: z.ZodType
  /** Turns the answer into bytes with a media type where the request asks for the picture itself. */
  readonly refusal?: 'envelope' | 'embedding'
}

export interface Row<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly input: Input
  readonly output: Output
  /** Who may call it. Until the first operator exists, whoever can open the vault acts as administrator. */
  readonly roles: readonly Role[]
  /** none: works also while nobody is signed in, or the window is locked; whoever is signed in still needs the role. */
  readonly signIn?: 'none'
  /**
   * effect: the operation commits the entry with its effect; read: the station writes that it was read; none: not written.
   * The station writes what is refused, also of effects. own: the operation writes all of it, refusals too.
   */
  readonly audit: 'effect' | 'read' | 'none' | 'own'
  /** Whether the vault has to be open. */
  readonly vault: 'open' | 'any'
  readonly limits: { readonly timeoutMs: number; readonly atOnceMax: number }
  readonly command?: CommandDoor
  readonly rest?: RestDoor
}

/** Keeps the exact schema types of a row. */
export function row<Input extends z.ZodType, Output extends z.ZodType>(shape: Row<Input, Output>): Row<Input, Output> {
  return shape
}

/** Roles of accounts. */
export const accounts = ['operator', 'supervisor', 'auditor', 'administrator'] as const satisfies readonly Role[]
export const everybody = ['operator', 'supervisor', 'auditor', 'administrator', 'client'] as const satisfies readonly Role[]
export const staff = ['operator', 'supervisor', 'administrator'] as const satisfies readonly Role[]
export const staffAndClients = [...staff, 'client'] as const satisfies readonly Role[]

export const quick = { timeoutMs: 10_000, atOnceMax: 64 } as const
/** Looking at a picture: decoding and models. */
export const looking = { timeoutMs: 60_000, atOnceMax: 16 } as const
/** Opening a vault: key derivation and loading the gallery. */
export const slow = { timeoutMs: 10 * 60_000, atOnceMax: 4 } as const
