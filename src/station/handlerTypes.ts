import type { Actor } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf, ProcedureName } from '../contract/table.ts'

/** What each procedure does; `session` is the sign-in of the connection that it came by. */
export type Handlers = {
  readonly [Name in ProcedureName]: (input: ParsedInputOf<Name>, actor: Actor, session: string | undefined) => Promise<OutputOf<Name>>
}
