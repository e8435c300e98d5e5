/**
 * The database file: SQLite with every page encrypted and authenticated (ChaCha20-Poly1305), write-ahead log, every commit
 * synced before it is acknowledged.
 *
 * 1. One connection, in exclusive locking mode: the operating system holds the lock, and frees it when the process dies.
 * 2. Opening changes nothing until the contents were checked. SQLite's own recovery after a kill writes, and so does
 *    closing, so a database with a write-ahead log is first checked through a connection that cannot write.
 * 3. Old content is overwritten when rows go (secure_delete), and temporary tables stay in memory.
 */
import { accessSync, constants, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import { createPrivateFile, sizeOf } from './folder.ts'
import type { HeaderBody } from './header.ts'
import { assertSchemaKnown, migrate, schemaVersionOf } from './migrations/migrate.ts'

const pageBytes = 8192
/** How long to wait for a lock; a dead process has freed its own at once. */
const lockWaitMs = 500
/** @throws vault.damaged */
export type CheckRows = (database: Database.Database) => void

/** Room for the table of ids of a million subjects (13 MB) beside what batches change: each page that is not there has to be decrypted. */
const cacheKiB = 64 * 1024
/** Databases up to this size are checked page by page when they are opened; larger ones by the maintenance. */
const checkedWholeBytesMax = 32 * 1024 * 1024

/** A connection to a file of pages under a key; the caller closes it. */
export function connect(path: string, pageKey: Buffer, options: { readonly: boolean }): Database.Database {
  const database = new Database(path, { fileMustExist: true, timeout: lockWaitMs, readonly: options.readonly })
  try {
    database.pragma(`cipher = 'chacha20'`)
    database.pragma(`page_size = ${pageBytes}`)
    database.key(pageKey)
    if (!options.readonly) database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('synchronous = FULL')
    database.pragma('temp_store = MEMORY')
    database.pragma('secure_delete = ON')
    database.pragma('foreign_keys = ON')
    database.pragma('trusted_schema = OFF')
    database.pragma('cell_size_check = ON')
    database.pragma('wal_autocheckpoint = 0')
    database.pragma(`cache_size = -${cacheKiB}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Makes the database of a new vault, complete and durable, and closes it.
 * @param fill writes what the first rows are, in one transaction
 */
export function createDatabase(path: string, pageKey: Buffer, header: HeaderBody, fill: (database: Database.Database) => void): void {
  createPrivateFile(path)
  const database = connect(path, pageKey, { readonly: false })
  try {
    // Free pages go back to the disk in slices (maintenance); it has to be said before there are tables.
    database.pragma('auto_vacuum = INCREMENTAL')
    database.pragma('journal_mode = WAL')
    migrate(database)
    database
      .transaction(() => {
        database
          .prepare('INSERT INTO vault (only_row, vault_id, kind, created_ms) VALUES (1, ?, ?, ?)')
          .run(header.vaultId, header.kind, Date.parse(header.createdAt))
        fill(database)
      })
      .immediate()
    database.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
}

/**
 * SQLite's own check of every page, in one piece.
 * @returns how many pages there are, and what is wrong with them, at most `problemsMax`
 * @throws what SQLite throws of a page that cannot be read
 */
export function checkPages(database: Database.Database, problemsMax: number): { pages: number; problems: string[] } {
  const rows = database.pragma(`integrity_check(${problemsMax})`) as { integrity_check: string }[]
  const problems = rows.map((row) => row.integrity_check).filter((text) => text !== 'ok')
  return { pages: Number(database.pragma('page_count', { simple: true })), problems }
}

/** Opens a copy that nobody else uses. */
export function openCopy(path: string, pageKey: Buffer): Database.Database {
  return connect(path, pageKey, { readonly: false })
}

/** Makes the empty database of a copy. It is synced when it is complete; one that was cut off is thrown away. */
export function createCopy(path: string, pageKey: Buffer): Database.Database {
  createPrivateFile(path)
  const copy = connect(path, pageKey, { readonly: false })
  copy.pragma('journal_mode = OFF')
  copy.pragma('synchronous = OFF')
  // Rows come table by table, in the order in which they stand.
  copy.pragma('foreign_keys = OFF')
  return copy
}

/**
 * Opens the database of a vault whose header has been verified.
 * @param check looks at the rows of a database that is not too large for it
 * @throws vault.inUse, vault.unwritable, vault.damaged, vault.tooNew; until then nothing was changed
 */
export function openDatabase(path: string, pageKey: Buffer, header: HeaderBody, check: CheckRows = () => undefined): Database.Database {
  accessSync(path, constants.R_OK | constants.W_OK)
  if (sizeOf(path) === 0) throw new VultusError('vault.damaged', 'database')
  const logged = (sizeOf(`${path}-wal`) ?? 0) > 0
  if (logged) checkWithoutWriting(path, pageKey, header, check)
  const database = connect(path, pageKey, { readonly: false })
  try {
    assertContents(database, path, header, logged ? undefined : check)
    // No one else is here, so a shared-memory index can only be what a killed check left.
    rmSync(`${path}-shm`, { force: true })
    database.pragma('journal_mode = WAL')
    // A rekey that was cut off leaves the rollback journal of its last step; what was in it has been rolled back by now.
    rmSync(`${path}-journal`, { force: true })
    migrate(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function checkWithoutWriting(path: string, pageKey: Buffer, header: HeaderBody, check: CheckRows): void {
  const index = `${path}-shm`
  const stood = sizeOf(index) !== undefined
  const database = connect(path, pageKey, { readonly: true })
  try {
    assertContents(database, path, header, check)
  } finally {
    database.close()
    if (!stood) rmSync(index, { force: true })
  }
}

function assertContents(database: Database.Database, path: string, header: HeaderBody, check: CheckRows | undefined): void {
  if (schemaVersionOf(database) === 0) throw new VultusError('vault.damaged', 'database')
  assertSchemaKnown(database)
  const row = database.prepare<[], { vault_id: string; kind: string }>('SELECT vault_id, kind FROM vault WHERE only_row = 1').get()
  if (row?.vault_id !== header.vaultId || row.kind !== header.kind) throw new VultusError('vault.damaged', 'header and database disagree')
  if ((sizeOf(path) ?? 0) > checkedWholeBytesMax) return
  // Indexes too: an older page of one hides rows, or shows rows that are gone.
  if (database.pragma('integrity_check(1)', { simple: true }) !== 'ok') throw new VultusError('vault.damaged', 'database')
  check?.(database)
}
