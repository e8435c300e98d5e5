/**
 * SQLite's own check of every page, beside the work of the station.
 *
 * 1. The log is moved into the database file, which then stays as it is while a thread copies it: a consistent copy.
 * 2. The database file is read by one descriptor, opened at the first check and closed after the database: closing it
 *    earlier would drop the lock that SQLite holds in this process.
 * 3. Where the log has to be moved meanwhile (an erasure, a log that grew), the check ends without a finding, and its copy is gone
 *    before whoever moved it goes on: it holds what was erased.
 */
import { closeSync, existsSync, openSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Checkpointer } from './checkpoint.ts'
import { checkCopyPath, databasePath, sizeOf } from './folder.ts'
import { pageSaltOf } from './header.ts'
import { readHeader } from './headerFile.ts'
import { derivePageKey, type VaultKeys } from './keys/derive.ts'
import type { PageCheckAnswer, PageCheckOrder } from './pageCheckWorker.ts'

export interface PageCheckParts {
  readonly folder: string
  readonly vaultId: string
  readonly keys: Pick<VaultKeys, 'root'>
  readonly checkpointer: Checkpointer
}

/** Where the thread's file lies, seen from the source, from a built entry (out/main) and from a shared chunk (out/main/chunks). */
const places = ['./pageCheckWorker.ts', './pageCheck.js', '../pageCheck.js']

function workerFile(): string {
  for (const place of places) {
    const file = fileURLToPath(new URL(place, import.meta.url))
    if (existsSync(file)) return file
  }
  throw new Error('The entry of the page check is not built; run: npm run build')
}

export class PageCheck {
  readonly #parts: PageCheckParts
  #descriptor: number | undefined
  #number = 0
  #end: (() => void) | undefined

  constructor(parts: PageCheckParts) {
    this.#parts = parts
  }

  /**
   * Checks a copy of the database.
   * @returns what was found; undefined where it could not be copied (no space, the log could not be moved) or was cut off
   */
  async run(problemsMax: number): Promise<Exclude<PageCheckAnswer, 'noSpace'> | undefined> {
    const { folder, checkpointer, vaultId } = this.#parts
    const release = checkpointer.hold(() => this.#end?.())
    if (release === undefined) return undefined
    this.#number += 1
    const copyPath = checkCopyPath(folder, vaultId, this.#number)
    const path = databasePath(folder)
    try {
      this.#descriptor ??= openSync(path, 'r')
      const answer = await this.#inThread({
        descriptor: this.#descriptor,
        bytes: sizeOf(path) ?? 0,
        copyPath,
        pageKey: this.#pageKey(),
        problemsMax,
      })
      return answer === 'noSpace' ? undefined : answer
    } finally {
      release()
      removeCopy(copyPath)
    }
  }

  /** Before the database is closed: cuts off what is running; its copy goes. */
  stop(): void {
    this.#end?.()
  }

  /** After the database was closed. */
  close(): void {
    this.stop()
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #pageKey(): Buffer {
    const { folder, keys, vaultId } = this.#parts
    return derivePageKey(keys.root, vaultId, pageSaltOf(readHeader(folder)))
  }

  async #inThread(order: PageCheckOrder): Promise<PageCheckAnswer | undefined> {
    const worker = threadOf(order)
    let answer: PageCheckAnswer | undefined
    let ended = false
    try {
      await new Promise<void>((resolve, reject) => {
        this.#end = () => {
          ended = true
          void worker.terminate()
          // Until the thread is gone it may begin one more, which goes when it is.
          removeCopy(order.copyPath)
        }
        worker.once('message', (message: PageCheckAnswer) => {
          answer = message
        })
        worker.once('error', reject)
        worker.once('exit', () => resolve())
      })
    } finally {
      this.#end = undefined
    }
    return ended ? undefined : answer
  }
}

function threadOf(order: PageCheckOrder): Worker {
  try {
    return new Worker(workerFile(), { workerData: order })
  } finally {
    order.pageKey.fill(0)
  }
}

/** Never throws: what stays goes when the thread is gone, at the latest with the next opening. */
function removeCopy(path: string): void {
  try {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true })
  } catch {
    // A system that keeps open files.
  }
}
