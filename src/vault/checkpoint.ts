/**
 * Moves the write-ahead log into the database when nobody is waiting: checkpoints in the middle of a commit cost more
 * than the commit. A log that grows too large is moved at once.
 */
import type Database from 'better-sqlite3'
import { sizeOf } from './folder.ts'

const idleMs = 2_000
const logBytesMax = 64 * 1024 * 1024

export class Checkpointer {
  readonly #database: Database.Database
  readonly #log: string
  #timer: NodeJS.Timeout | undefined

  constructor(database: Database.Database) {
    this.#database = database
    this.#log = `${database.name}-wal`
  }

  /** After each commit. */
  noteWrite(): void {
    if ((sizeOf(this.#log) ?? 0) > logBytesMax) this.run()
    else this.#schedule()
  }

  /**
   * Moves the log and empties it.
   * @returns false where the disk did not let it: what was committed stands in the log, and it is tried again when idle
   */
  run(): boolean {
    this.stop()
    try {
      const [answer] = this.#database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
      if (answer?.busy === 0) return true
    } catch {
      // Full or failing disks show at the next commit, which has somebody to tell.
    }
    this.#schedule()
    return false
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #schedule(): void {
    if (this.#timer) this.#timer.refresh()
    else this.#timer = setTimeout(() => this.run(), idleMs).unref()
  }
}
