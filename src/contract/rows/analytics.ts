/** What was done at this station by day, counted from its audit chain: numbers of events, nobody's data. */
import { z } from 'zod'
import { Named } from '../named.ts'
import { looking, row } from '../row.ts'

export const analyticsDaysMax = 366

const Count = z.number().int().nonnegative()

export const DayCounts = z.object({
  /** ISO 8601 date, UTC. */
  day: z.string(),
  enrolled: Count,
  enrolRefused: Count,
  match: Count,
  nonMatch: Count,
  inconclusive: Count,
  /** Searches of the gallery. */
  identified: Count,
  erased: Count,
})
export type DayCounts = z.infer<typeof DayCounts>

export const Analytics = z.object({
  /** Every day of the time, the oldest first, also those without events. */
  days: z.array(DayCounts),
  /** Refusals and failures of enrolments, verifications and searches, by the code of their reason. */
  reasons: z.record(z.string(), Count),
  /** Enrolments by the random id of the account or program; the empty id where there were no accounts. */
  operators: z.record(z.string(), Count),
  /** Names of those accounts and programs. */
  named: z.array(Named),
  /** False where there were more records than are counted at once: the oldest days lack some. */
  complete: z.boolean(),
})
export type Analytics = z.infer<typeof Analytics>

export const analyticsRows = {
  'analytics.days': row({
    input: z.object({ days: z.number().int().min(1).max(analyticsDaysMax).default(30).describe('days back from today') }),
    output: Analytics,
    roles: ['supervisor', 'auditor', 'administrator'],
    audit: 'read',
    vault: 'open',
    limits: looking,
    command: {
      name: 'analytics',
      summary: 'count enrolments, verifications, searches and refusals by day',
      example: 'vultus analytics --days 90 --json',
      options: ['days'],
    },
  }),
}
