/**
 * Restriction of processing (GDPR Art. 18): what is kept of a subject stays and is not used. The reasons are text of people about people:
 * they are kept with the subject, sealed as everything else of it, and never stand in the audit chain.
 */
import { z } from 'zod'

export const restrictionLimits = { reasonCharactersMin: 3, reasonCharactersMax: 500, keptMax: 100 } as const

export const RestrictionReason = z.string().trim().min(restrictionLimits.reasonCharactersMin).max(restrictionLimits.reasonCharactersMax)

/** A restriction, in force while it is not lifted. Times are ISO 8601, UTC; who is the random id of an account, null while there were none. */
export const Restriction = z.object({
  since: z.string(),
  by: z.string().nullable(),
  /** null for whoever may not read it. */
  reason: z.string().nullable(),
  lifted: z.object({ at: z.string(), by: z.string().nullable(), reason: z.string() }).nullable(),
})
export type Restriction = z.infer<typeof Restriction>
