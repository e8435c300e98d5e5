/** What the procedures of backups do. */
import { isAbsolute } from 'node:path'
import { VultusError } from '../contract/errors.ts'
import type { Actor, AuditEntry } from '../contract/records.ts'
import type { ProcedureName } from '../contract/table.ts'
import type { Handlers } from './handlerTypes.ts'
import type { Parts } from './parts.ts'

const entryOf = (event: ProcedureName, actor: Actor): AuditEntry => ({ event, actor, outcome: 'done' })

function absolute(folder: string): string {
  if (!isAbsolute(folder)) throw new VultusError('request.invalid', 'name the folder by its whole path')
  return folder
}

export function backupHandlers({ holder, backupKeeper }: Parts) {
  const watch = { signal: backupKeeper.signal, onProgress: () => undefined }
  return {
    'vault.backUp': async ({ to }, actor) => {
      const { backups } = await holder.need()
      return await backups.backUp({ folder: absolute(to), audit: entryOf('vault.backUp', actor), watch })
    },
    'vault.refreshKeyFile': async (_input, actor) => {
      const { backups } = await holder.need()
      return { keyFiles: await backups.refresh(entryOf('vault.refreshKeyFile', actor)) }
    },
    'vault.restore': async ({ from, generation, key, recoveryKey, passphrase }, actor) => {
      const audit = entryOf('vault.restore', actor)
      return await holder.restore({ from: absolute(from), generation, key, recoveryKey, passphrase, audit, watch })
    },
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
