/**
 * Backups by themselves: when the schedule wants one, and key files that still have to follow an erasure.
 *
 * 1. Nothing is begun while calls use the vault, unless they have done so for long.
 * 2. What failed is tried again later; until then `backup.list` tells that it is pending.
 */
import { type ErrorCode, failedOf, VultusError } from '../contract/errors.ts'
import type { AuditEntry } from '../contract/records.ts'
import type { ProcedureName } from '../contract/table.ts'
import type { Vault } from '../vault/vault.ts'

const lookMs = 60_000
/** After so many looks that met calls it goes on in spite of them. */
const busyLooksMax = 30
const retryMs = 10 * 60_000

export interface BackupKeeperOptions {
  /** The open vault, or undefined; asked anew each time, because a rekey puts another in its place. */
  readonly vault: () => Vault | undefined
  /** Whether calls use the vault now. */
  readonly busy: () => boolean
  /** Runs what needs the open vault. */
  readonly use: (run: () => Promise<void>) => Promise<void>
  readonly nowMs: () => number
  readonly log: (line: string) => void
}

const entryOf = (event: ProcedureName): AuditEntry => ({
  event,
  actor: { role: 'administrator', door: 'command' },
  outcome: 'done',
  details: { byItself: true },
})

export class BackupKeeper {
  readonly #options: BackupKeeperOptions
  readonly #abort = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #busyLooks = 0
  #notBeforeMs = 0
  #looking: Promise<void> | undefined

  constructor(options: BackupKeeperOptions) {
    this.#options = options
  }

  /** Aborted when the station closes. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Looks once a minute from now on. */
  start(): void {
    this.#timer ??= setInterval(() => void this.look(), lookMs).unref()
  }

  /** One look: makes what is due. Never throws. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  /** After an erasure: key files that can be reached follow it before it is answered. Never throws. */
  async followErasure(): Promise<void> {
    try {
      const backups = this.#options.vault()?.backups
      if (backups?.pending === true) await backups.refresh(entryOf('vault.refreshKeyFile'), 'pending')
    } catch (error) {
      this.#options.log(`key file of the backups: ${failedOf(error).refusal.code}`)
    }
  }

  /** Ends what is being made, and waits for it. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#abort.abort(new VultusError('process.unavailable', 'the station is closing'))
    await this.#looking
  }

  async #look(): Promise<void> {
    const { vault, busy, use, nowMs } = this.#options
    try {
      const open = vault()?.backups
      if (open === undefined || this.#abort.signal.aborted || nowMs() < this.#notBeforeMs) return
      const folder = open.due()
      if (folder === undefined && !open.pending) return
      if (busy() && this.#busyLooks++ < busyLooksMax) return
      this.#busyLooks = 0
      await use(async () => {
        const now = vault()?.backups
        if (now === undefined) return
        const watch = { signal: this.#abort.signal, onProgress: () => undefined }
        if (folder !== undefined) await now.backUp({ folder, audit: entryOf('vault.backUp'), watch })
        const failed = (await now.refresh(entryOf('vault.refreshKeyFile'), 'pending')).find(({ problem }) => problem !== null)
        if (failed !== undefined) throw new VultusError('backup.unreachable', failed.folder)
      })
    } catch (error) {
      this.#notBeforeMs = nowMs() + retryMs
      this.#noteFailure(failedOf(error).refusal.code)
    }
  }

  #noteFailure(code: ErrorCode): void {
    this.#options.log(`backup: ${code}`)
    try {
      this.#options.vault()?.appendAudit({ ...entryOf('vault.backUp'), outcome: 'failed', code })
    } catch (error) {
      this.#options.log(`backup: its failure could not be written: ${failedOf(error).refusal.code}`)
    }
  }
}
