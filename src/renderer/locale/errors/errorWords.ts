import type { ErrorCode } from '../../../contract/errors.ts'

/** What happened, and what can be done. Codes that only other doors tell of are left out: the table has their English words. */
export type ErrorWords = Readonly<Partial<Record<ErrorCode, readonly [message: string, remedy: string]>>>
