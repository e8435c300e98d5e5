/** The shape of a row of the procedure table, from which every door is generated. */
import type { z } from 'zod'
import { exitCodes } from './exitCodes.ts'
import type { Decision, Role } from './types.ts'

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
  /** Options that are not given together: the one that is named, and the one that it stands in for. */
  readonly excludes?: Readonly<Record<string, string>>
  /** The answer's job is followed to its end, with its progress on stderr. */
  readonly follow?: true
  /** Where the followed job is done: the procedure whose answer to `{job}` completes this one. */
  readonly report?: string
  /** The followed job is paused where the command is stopped; the command line that goes on with it. */
  readonly pausedBy?: { readonly resume: string }
  /** The procedure that tells how far this one is, shown on stderr, and the one that ends it where the command is stopped. */
  readonly watch?: { readonly progress: string; readonly cancel?: string }
  /** Input fields whose option names a file: its text fills the field, what its text says as JSON, or its absolute path. */
  readonly files?: Readonly<Record<string, 'text' | 'json' | 'path'>>
  /** Input fields that are positional arguments instead of options. */
  readonly argument?: string | readonly string[]
  /** A new file that the answer is written to: made before the procedure runs, and taken back where that is refused. */
  readonly outFile?: {
    readonly option: string
    readonly summary: string
    /** What is written of an answer that is no stream. */
    readonly contents?: (answer: never) => string
    /** Instead: the field of the answer that is written and not printed; the input has one of its name that asks for it. */
    readonly field?: string
  }
  /** An answer of many pages: the lines of one, and what to ask for the next. */
  readonly stream?: {
    readonly lines: (answer: never) => readonly string[]
    readonly next: (answer: never) => Readonly<Record<string, unknown>> | null
  }
  /** The answer as people print it. */
  readonly text?: (answer: never) => string
  /** Whether the vault is opened for this input; as the row says where it is left out. */
  readonly vaultFor?: (input: Readonly<Record<string, unknown>>) => 'open' | 'any'
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
  /** Parameters behind the question mark of a GET, each with the input field that it fills; other parameters are refused. */
  readonly query?: Readonly<Record<string, { readonly field: string; readonly as: 'text' | 'number' }>>
  /** What the wire answer is made of; fields it does not name are left out. The output schema where it is left out. */
  readonly answer?: z.ZodType
  /** Refusals keep the form of the embedding endpoint's answer; elsewhere they are `{error}`. */
  readonly refusal?: 'embedding'
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
   * The station writes what is refused, also of effects; of 'none' only what a role does not permit and what fails.
   * own: the operation writes what it does and what it refuses by the rules of signing in.
   */
  readonly audit: 'effect' | 'read' | 'none' | 'own'
  /**
   * Answered also where the entry of the read cannot be written: it tells of no subject, and whoever repairs a vault needs it, or
   * there may be no vault at all.
   * Every other read is refused then (audit.unrecorded).
   */
  readonly unrecorded?: 'answered'
  /** Whether the vault has to be open. */
  readonly vault: 'open' | 'any'
  /** Runs also while the vault is copied under a new key; everything else that needs the vault waits until that is over. */
  readonly duringCopy?: true
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

/** Exit code of a command whose answer is a decision. */
export const exitOfDecision = ({ decision }: { decision: Decision }) => (decision === 'match' ? exitCodes.done : exitCodes.notMatched)

export const quick = { timeoutMs: 10_000, atOnceMax: 64 } as const
/** Looking at a picture: decoding and models. */
export const looking = { timeoutMs: 60_000, atOnceMax: 64 } as const
/** Opening a vault: key derivation and loading the gallery. */
export const slow = { timeoutMs: 10 * 60_000, atOnceMax: 4 } as const
