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
  /** Who wants the database file to stay as it is; told when it cannot. */
  #onMove: (() => void) | undefined

  constructor(database: Database.Database) {
    this.#database = database
    this.#log = `${database.name}-wal`
  }

  /** After each commit, which stands whatever becomes of the log: a disk that fails shows at the next one, which has somebody to tell. */
  noteWrite(): void {
    try {
      if ((sizeOf(this.#log) ?? 0) > logBytesMax) this.run()
      else this.#schedule()
    } catch {
      this.#schedule()
    }
  }

  /**
   * Moves the log and empties it.
   * @returns false where the disk did not let it: what was committed stands in the log, and it is tried again when idle
   */
  run(): boolean {
    this.stop()
    this.#onMove?.()
    this.#onMove = undefined
    try {
      const [answer] = this.#database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
      if (answer?.busy === 0) return true
    } catch {
      // Full or failing disks show at the next commit, which has somebody to tell.
    }
    this.#schedule()
    return false
  }

  /**
   * Moves the log, and leaves the database file as it then is until the hold is over, or the log has to be moved after all:
   * commits of the meantime stand in the log.
   * @param onMove the file is about to change
   * @returns ends the hold; undefined where the log could not be moved
   */
  hold(onMove: () => void): (() => void) | undefined {
    if (this.#onMove !== undefined || !this.run()) return undefined
    this.stop()
    this.#onMove = onMove
    return () => {
      if (this.#onMove !== onMove) return
      this.#onMove = undefined
      this.#schedule()
    }
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #schedule(): void {
    if (!this.#database.open) return
    if (this.#timer) this.#timer.refresh()
    else this.#timer = setTimeout(() => this.#onIdle(), idleMs).unref()
  }

  #onIdle(): void {
    this.#timer = undefined
    if (this.#onMove === undefined) this.run()
  }
}
