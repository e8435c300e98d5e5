/** Looking after the vault. */
import { z } from 'zod'
import { row, slow } from '../row.ts'

const Check = z.object({
  name: z.enum(['database', 'consistency', 'seals', 'index', 'audit', 'segments', 'space']),
  /** Rows, files or pages that were looked at. */
  lookedAt: z.number().int().nonnegative(),
  /** What is wrong, by table and number; never data of a subject. At most 20. */
  problems: z.array(z.string()),
})

export const MaintenanceReport = z.object({
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  finishedAt: z.string(),
  /** Whether everything was looked at, or of a large vault a sample. */
  thorough: z.boolean(),
  ok: z.boolean(),
  checks: z.array(Check),
})
export type MaintenanceReport = z.infer<typeof MaintenanceReport>

export const maintenanceRows = {
  'vault.maintain': row({
    input: z.object({ thorough: z.boolean().default(false).describe('look at everything, however long it takes') }),
    output: MaintenanceReport,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: { ...slow, atOnceMax: 1 },
    command: {
      name: 'vault maintain',
      summary: 'check the whole vault and give free space back',
      example: 'vultus vault maintain --thorough --json',
      options: ['thorough'],
      exitOf: (answer: { ok: boolean }) => (answer.ok ? 0 : 4),
    },
  }),
  'vault.reports': row({
    input: z.object({}),
    output: z.object({ reports: z.array(MaintenanceReport) }),
    roles: ['auditor', 'administrator'],
    audit: 'none',
    vault: 'open',
    limits: slow,
    command: {
      name: 'vault reports',
      summary: 'show the last reports of the maintenance',
      example: 'vultus vault reports --json',
      options: [],
    },
  }),
}
