import type { ProcedureName } from '../../../contract/table.ts'

/**
 * What somebody does or tries to do by each procedure, as the audit shows it. Every procedure has words: of the ones that are not
 * recorded, what a role does not permit is.
 */
export type EventWords = Readonly<Record<ProcedureName, string>>
