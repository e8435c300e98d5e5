import type Database from 'better-sqlite3'

/**
 * Wrapped keys are compared with the subjects instead of being digested, and templates are sealed in fewer bytes, which older versions
 * could not read.
 */
export function forgetDigestOfKeys(database: Database.Database): void {
  database.exec('UPDATE audit_head SET rows_schema = NULL, rows_digest = NULL, rows_mac = NULL')
}
