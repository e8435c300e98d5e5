/**
 * The clock of the backups by schedule: starts the job of one that is due.
 *
 * 1. Nothing is begun while calls use the vault, unless they have done so for long.
 * 2. What failed is tried again later, and ever more seldom; how often it failed stands in the table of jobs.
 */
import { failedOf, VultusError } from '../contract/errors.ts'
import type { Job } from '../contract/jobs.ts'
import type { AuditEntry } from '../contract/records.ts'
import type { Vault } from '../vault/vault.ts'
import type { JobRunner } from './jobs.ts'

const lookMs = 60_000
/** After so many looks that met calls it goes on in spite of them. */
const busyLooksMax = 30
const retryMs = 10 * 60_000
const retryMsMax = 6 * 3_600_000

export interface BackupKeeperOptions {
  /** The open vault, or undefined; asked anew each time, because a rekey puts another in its place. */
  readonly vault: () => Pick<Vault, 'backups' | 'jobs'> | undefined
  /** Whether calls use the vault now. */
  readonly busy: () => boolean
  readonly jobs: Pick<JobRunner, 'start'>
  readonly nowMs: () => number
  readonly log: (line: string) => void
}

const entry: AuditEntry = {
  event: 'vault.backUp',
  actor: { role: 'administrator', door: 'command' },
  outcome: 'done',
  details: { byItself: true },
}

/** How long after the newest job the next one may begin, milliseconds. @param jobs newest first */
function waitMsAfter(jobs: readonly Job[]): number {
  const firstOther = jobs.findIndex(({ state }) => state !== 'failed' && state !== 'cancelled')
  const failures = firstOther < 0 ? jobs.length : firstOther
  return failures === 0 ? 0 : Math.min(retryMs * 2 ** (failures - 1), retryMsMax)
}

export class BackupKeeper {
  readonly #options: BackupKeeperOptions
  readonly #abort = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #busyLooks = 0

  constructor(options: BackupKeeperOptions) {
    this.#options = options
  }

  /** Aborted when the station closes. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Looks once a minute from now on. */
  start(): void {
    this.#timer ??= setInterval(() => this.look(), lookMs).unref()
  }

  /** One look: starts the job of a backup that is due. Never throws. */
  look(): void {
    const { vault, busy, jobs, nowMs, log } = this.#options
    try {
      const open = vault()
      const folder = open?.backups.due()
      if (open === undefined || folder === undefined || this.#abort.signal.aborted) return
      const former = open.jobs.list().filter(({ kind }) => kind === 'backUp')
      const sinceMs = nowMs() - Date.parse(former[0]?.changedAt ?? '1970-01-01')
      // A clock that was set back does not hold it up.
      if (former[0]?.state === 'running' || (sinceMs >= 0 && sinceMs < waitMsAfter(former))) return
      if (busy() && this.#busyLooks++ < busyLooksMax) return
      this.#busyLooks = 0
      jobs.start('backUp', (begun) => begun.jobs.begin({ kind: 'backUp', total: 0, position: {} }, entry))
    } catch (error) {
      log(`backup: ${failedOf(error).refusal.code}`)
    }
  }

  /** Begins nothing any more, and ends what was asked for. */
  stop(): void {
    clearInterval(this.#timer)
    this.#abort.abort(new VultusError('process.unavailable', 'the station is closing'))
  }
}
