/** What the procedures of keys, recovery and jobs do. */

import { VultusError } from '../contract/errors.ts'
import type { JobId, JobKindName } from '../contract/jobs.ts'
import type { Actor, AuditEntry } from '../contract/records.ts'
import type { ProcedureName } from '../contract/table.ts'
import type { Handlers } from './handlerTypes.ts'
import type { Parts } from './parts.ts'

/** How long an answer waits for backups: much less than a call may take. */
const followedMsMax = 3_000

/** Resolves when the work is over, however it ends, or after so long. */
async function ended(work: () => Promise<unknown>, msMax: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, msMax)
  })
  // The time counts from here, also where the work holds this thread up.
  await Promise.race([work().catch(() => undefined), late])
  clearTimeout(timer)
}

/** Kinds of jobs that a supervisor may start. */
const ofSupervisors: readonly JobKindName[] = ['duplicates', 'import']

const entryOf = (event: ProcedureName, actor: Actor, details?: AuditEntry['details']): AuditEntry => ({
  event,
  actor,
  outcome: 'done',
  ...(details === undefined ? {} : { details }),
})

export function keyHandlers({ holder, jobs }: Parts) {
  /** A supervisor may only touch jobs of a kind that they may start. @throws permission.denied */
  const assertMay = (id: JobId, actor: Actor) => {
    if (actor.role !== 'administrator' && !ofSupervisors.includes(jobs.kindOf(id))) throw new VultusError('permission.denied')
  }
  return {
    'vault.setAlgorithm': async ({ algorithm }, actor) => {
      const vault = await holder.need()
      vault.sealing.setAlgorithm(algorithm, entryOf('vault.setAlgorithm', actor))
      return { algorithm }
    },
    'vault.rotate': async ({ deep }, actor) => ({
      job: jobs.start(deep ? 'rotateDeep' : 'rotate', (vault) => vault.rotation.begin({ deep, audit: entryOf('vault.rotate', actor) })),
    }),
    'vault.rekey': async (_input, actor) => ({
      job: jobs.start('rekey', (vault) => vault.jobs.begin({ kind: 'rekey', total: 0, position: {} }, entryOf('vault.rekey', actor))),
    }),
    'vault.recover': async ({ recoveryKey, key, passphrase }, actor) => {
      const vault = await holder.recover({ recoveryKey, key, passphrase, audit: entryOf('vault.recover', actor, { key }) })
      return { kind: vault.kind, key }
    },
    'recovery.confirm': async ({ groups }, actor) => {
      const vault = await holder.need()
      vault.recovery.confirm(groups, entryOf('recovery.confirm', actor))
      return { confirmed: true }
    },
    'recovery.reissue': async (_input, actor) => {
      const vault = await holder.need()
      const recoveryKey = vault.recovery.reissue(entryOf('recovery.reissue', actor))
      // The key before opens a backup until its key file follows. The new one has to be told, however long that takes: the rest follows later.
      await ended(() => vault.backups.followPending(), followedMsMax)
      return { recoveryKey }
    },
    'job.list': async () => ({ jobs: jobs.list() }),
    'job.pause': async ({ id }, actor) => {
      assertMay(id, actor)
      return { job: await jobs.pause(id, entryOf('job.pause', actor, { job: id })) }
    },
    'job.resume': async ({ id }, actor) => {
      assertMay(id, actor)
      return { job: jobs.resume(id, entryOf('job.resume', actor, { job: id })) }
    },
    'job.cancel': async ({ id }, actor) => {
      assertMay(id, actor)
      return { job: await jobs.cancel(id, entryOf('job.cancel', actor, { job: id })) }
    },
  } satisfies Partial<Handlers>
}
