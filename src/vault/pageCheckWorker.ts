/**
 * A thread that checks the pages of a database on a copy of it, because SQLite checks in one piece and the database itself
 * belongs to one connection. It reads the database by a descriptor that the vault's thread opened and closes.
 */
import { closeSync, openSync, readSync, rmSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { checkPages, openCopy } from './database.ts'
import { createPrivateFile, writeWhole } from './folder.ts'

/** What the thread gets. */
export interface PageCheckOrder {
  readonly descriptor: number
  readonly bytes: number
  readonly copyPath: string
  /** Zeroed here. */
  readonly pageKey: Uint8Array
  readonly problemsMax: number
}

/** What it found; noSpace: a copy would have taken the last of the disk. */
export type PageCheckAnswer = { readonly pages: number; readonly problems: string[] } | 'noSpace'

const chunkBytes = 4 * 1024 * 1024

function hasSpace({ copyPath, bytes }: PageCheckOrder): boolean {
  const { bavail, bsize } = statfsSync(dirname(copyPath))
  // As much again stays free for the station.
  return bavail * bsize > 2 * bytes
}

function copy({ descriptor, bytes, copyPath }: PageCheckOrder): void {
  createPrivateFile(copyPath)
  const target = openSync(copyPath, 'r+')
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes)
    for (let at = 0; at < bytes; ) {
      const read = readSync(descriptor, chunk, 0, Math.min(chunkBytes, bytes - at), at)
      if (read === 0) throw new RangeError('The database became shorter while it was copied')
      writeWhole(target, chunk.subarray(0, read))
      at += read
    }
  } finally {
    closeSync(target)
  }
}

function check({ copyPath, pageKey, problemsMax }: PageCheckOrder): PageCheckAnswer {
  const key = Buffer.from(pageKey.buffer, pageKey.byteOffset, pageKey.byteLength)
  let database: Database.Database | undefined
  try {
    database = openCopy(copyPath, key)
    return checkPages(database, problemsMax)
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    return { pages: 0, problems: [error.code] }
  } finally {
    database?.close()
    key.fill(0)
  }
}

const order = workerData as PageCheckOrder
try {
  const space = hasSpace(order)
  if (space) copy(order)
  const answer: PageCheckAnswer = space ? check(order) : 'noSpace'
  parentPort?.postMessage(answer)
} finally {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${order.copyPath}${suffix}`, { force: true })
}
