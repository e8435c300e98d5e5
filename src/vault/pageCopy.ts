/**
 * A database that a change of the page key has copied, and that has not got its place yet.
 *
 * Whatever bears the name of such a copy takes the database's place only where it is needed, and is what it says: the database is not
 * there, or is under another key than the header names, and the copy is under that key. Else a file of before, or of somebody
 * else, would replace everything that was stored since. What is not taken is removed once the vault is open.
 */
import Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import { connect } from './database.ts'
import { adoptPageCopy, databasePath, pageCopyPath, removeFile, sizeOf } from './folder.ts'
import { notPlain } from './plainFile.ts'

/**
 * What SQLite says of a page that the key does not open, and of a database with a rollback journal that would have to be carried out
 * first: only a database that is to be replaced has one.
 */
const underAnother = /^SQLITE_(NOTADB|CORRUPT|READONLY)/

/**
 * Whether the first page of a file opens under a key; undefined where that cannot be told, because somebody holds it. What SQLite makes
 * beside the file stays: by now it may be the log of a process that has the vault.
 */
function opensUnder(path: string, pageKey: Buffer): boolean | undefined {
  try {
    const database = connect(path, pageKey, { readonly: true })
    try {
      database.pragma('user_version')
      return true
    } finally {
      database.close()
    }
  } catch (error) {
    return error instanceof Database.SqliteError && underAnother.test(error.code) ? false : undefined
  }
}

/** Carries out the last step of a change of the page key that was cut off. @throws vault.damaged where there is no database then */
export function adoptMissingCopy(folder: string, vaultId: string, generation: number, pageKey: Buffer): void {
  const copy = pageCopyPath(folder, vaultId, generation)
  const database = databasePath(folder)
  const missing = sizeOf(database) === undefined
  if (sizeOf(copy) !== undefined && notPlain(copy) === undefined) {
    const needed = missing || opensUnder(database, pageKey) === false
    const isIt = needed && opensUnder(copy, pageKey) === true
    // A log of the name of the copy is nobody's: under that name it is never written to once the header names it.
    if (needed) for (const suffix of ['-wal', '-shm']) removeFile(`${copy}${suffix}`)
    if (isIt) adoptPageCopy(folder, vaultId, generation)
  }
  if (missing && sizeOf(database) === undefined) throw new VultusError('vault.damaged', 'the database is gone')
}
