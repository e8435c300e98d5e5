import type { OutputOf, ParsedInputOf, ProcedureName } from '../contract/table.ts'
import type { Actor } from '../operations/ports.ts'

/** What each procedure does. */
export type Handlers = {
  readonly [Name in ProcedureName]: (input: ParsedInputOf<Name>, actor: Actor) => Promise<OutputOf<Name>>
}
