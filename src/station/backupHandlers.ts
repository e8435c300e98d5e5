/** What the procedures of backups do. */
import { isAbsolute, resolve } from 'node:path'
import { VultusError } from '../contract/errors.ts'
import type { Actor, AuditEntry } from '../contract/records.ts'
import type { OutputOf, ProcedureName } from '../contract/table.ts'
import type { CopyWatch } from '../vault/copy.ts'
import type { Handlers } from './handlerTypes.ts'
import type { Parts } from './parts.ts'

type Progress = OutputOf<'backup.progress'>

const entryOf = (event: ProcedureName, actor: Actor): AuditEntry => ({ event, actor, outcome: 'done' })

function absolute(folder: string): string {
  if (!isAbsolute(folder)) throw new VultusError('request.invalid', 'name the folder by its whole path')
  return resolve(folder)
}

export function backupHandlers({ holder, backupKeeper }: Parts) {
  const { signal } = backupKeeper
  const idle: Progress = { stage: 'idle', done: 0, total: 0 }
  let progress = idle
  /** Runs what tells how far it is; of two at once the one that told last. */
  const told = async <T>(stage: 'backUp' | 'restore', run: (watch: CopyWatch) => Promise<T>): Promise<T> => {
    try {
      return await run({ signal, onProgress: (done, total) => (progress = { stage, done, total }) })
    } finally {
      progress = idle
    }
  }
  return {
    'vault.backUp': async ({ to }, actor) => {
      const { backups } = await holder.need()
      const audit = entryOf('vault.backUp', actor)
      return await told('backUp', (watch) => backups.backUp({ folder: absolute(to), audit, watch }))
    },
    'vault.refreshKeyFile': async (_input, actor) => {
      const { backups } = await holder.need()
      return { keyFiles: await backups.refresh(entryOf('vault.refreshKeyFile', actor)) }
    },
    'vault.restore': async ({ from, generation, key, recoveryKey, passphrase }, actor) => {
      const audit = entryOf('vault.restore', actor)
      const options = { from: absolute(from), generation, key, recoveryKey, passphrase, audit }
      return await told('restore', (watch) => holder.restore({ ...options, watch }))
    },
    'backup.progress': async () => progress,
    'backup.list': async () => {
      const { backups } = await holder.need()
      return { folders: backups.folders(), schedule: backups.schedule() }
    },
    'backup.schedule': async ({ to, intervalHours, generationsKept }, actor) => {
      const { backups } = await holder.need()
      const schedule = { folder: to === undefined ? null : absolute(to), intervalHours, generationsKept }
      backups.setSchedule(schedule, entryOf('backup.schedule', actor))
      return schedule
    },
    'backup.forget': async ({ folder }, actor) => {
      const { backups } = await holder.need()
      backups.forget(folder, entryOf('backup.forget', actor))
      return { folder }
    },
  } satisfies Partial<Handlers>
}
