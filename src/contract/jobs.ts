/** Jobs: long work that goes on in the background, outlives the process, and can be paused and cancelled. */
import { z } from 'zod'
import { Role } from './types.ts'

export const JobKindName = z.enum(['rotate', 'rotateDeep', 'rekey', 'backUp', 'duplicates', 'reembed', 'import'])
export type JobKindName = z.infer<typeof JobKindName>

export const JobState = z.enum(['running', 'paused', 'done', 'failed', 'cancelled'])
export type JobState = z.infer<typeof JobState>

export const JobId = z.uuid().brand<'JobId'>()
export type JobId = z.infer<typeof JobId>

export const Job = z.object({
  id: JobId,
  kind: JobKindName,
  state: JobState,
  /** Of total: rows, subjects; what is counted depends on the kind. */
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  /** Role of whoever started it. */
  owner: Role.or(z.literal('nobody')),
  /** Code of what it failed by. */
  error: z.string().nullable(),
  createdAt: z.string(),
  changedAt: z.string(),
})
export type Job = z.infer<typeof Job>
