/** What SQLite and the file system report, as codes of the error table. */
import Database from 'better-sqlite3'
import { type ErrorCode, VultusError } from '../contract/errors.ts'

/** By SQLite's primary result code, the part up to the second underscore. */
const bySqliteCode: Readonly<Record<string, ErrorCode>> = {
  SQLITE_FULL: 'vault.diskFull',
  SQLITE_CORRUPT: 'vault.damaged',
  SQLITE_NOTADB: 'vault.damaged',
  SQLITE_BUSY: 'vault.inUse',
  SQLITE_LOCKED: 'vault.inUse',
  SQLITE_PROTOCOL: 'vault.inUse',
  SQLITE_READONLY: 'vault.unwritable',
  SQLITE_CANTOPEN: 'vault.unwritable',
  SQLITE_PERM: 'vault.unwritable',
  SQLITE_NOMEM: 'resource.exhausted',
}

/** Input and output errors mean different things by what was tried: reading what should be there, or writing. */
const readErrors = new Set(['SQLITE_IOERR_READ', 'SQLITE_IOERR_SHORT_READ', 'SQLITE_IOERR_CORRUPTFS', 'SQLITE_IOERR_DATA'])

const bySystemCode: Readonly<Record<string, ErrorCode>> = {
  EACCES: 'vault.unwritable',
  EEXIST: 'vault.unwritable',
  EPERM: 'vault.unwritable',
  EROFS: 'vault.unwritable',
  ENOTDIR: 'vault.unwritable',
  EISDIR: 'vault.unwritable',
  ELOOP: 'vault.unwritable',
  ENAMETOOLONG: 'vault.unwritable',
  EIO: 'vault.unwritable',
  ENOSPC: 'vault.diskFull',
  EDQUOT: 'vault.diskFull',
  EFBIG: 'vault.diskFull',
}

function codeOf(error: unknown): ErrorCode | undefined {
  if (error instanceof Database.SqliteError) {
    if (error.code.startsWith('SQLITE_IOERR')) return readErrors.has(error.code) ? 'vault.damaged' : 'vault.unwritable'
    return bySqliteCode[error.code.split('_', 2).join('_')]
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? bySystemCode[code] : undefined
}

/** The refusal for a failure of the disk or the database; what has no row in the table comes back as it is (a bug). */
export function vaultFailure(error: unknown): unknown {
  const code = error instanceof VultusError ? undefined : codeOf(error)
  return code === undefined ? error : new VultusError(code, undefined, { cause: error })
}

/** Runs a function; failures of the disk and the database leave it as codes of the error table. */
export function guarded<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw vaultFailure(error)
  }
}
