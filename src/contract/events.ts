/** The event table. An event only tells that something changed; who wants the state asks for it. */
import { z } from 'zod'
import { JobId, JobKindName, JobState } from './jobs.ts'
import { Sequence } from './types.ts'

const eventTable = {
  'gallery.changed': z.object({ sequence: Sequence }),
  /** The gallery is being handed to the matcher; the last one of a load has all its rows. */
  'gallery.loading': z.object({ rows: z.number().int().nonnegative(), rowsExpected: z.number().int().nonnegative() }),
  'vault.changed': z.object({}),
  /** Something waits for a supervisor, or does not wait any more. */
  'inbox.changed': z.object({}),
  'job.progress': z.object({
    id: JobId,
    kind: JobKindName,
    state: JobState,
    done: z.number().int().nonnegative(),
    total: z.number().int().nonnegative(),
  }),
  /** Somebody signed in, was locked or signed out, or an account changed: who shows it asks operator.current. */
  'operator.locked': z.object({}),
  'station.health': z.object({ part: z.enum(['face', 'matcher']), state: z.enum(['ready', 'restarting', 'failed']) }),
} as const

export type EventName = keyof typeof eventTable
export type EventPayload<Name extends EventName> = z.infer<(typeof eventTable)[Name]>
export type EventListener = <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void
