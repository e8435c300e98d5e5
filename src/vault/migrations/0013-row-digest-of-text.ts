import type Database from 'better-sqlite3'

/** Rows are hashed as text that SQLite makes of them: the digest of before is of no use. */
export function forgetDigestOfValues(database: Database.Database): void {
  database.exec('UPDATE audit_head SET rows_schema = NULL, rows_digest = NULL, rows_mac = NULL')
}
