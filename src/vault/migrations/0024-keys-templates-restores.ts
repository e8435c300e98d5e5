import type Database from 'better-sqlite3'

/**
 * Wrapped keys are compared with the subjects instead of being digested; templates are sealed in fewer bytes, which older versions could not
 * read; and a vault that was made of a backup knows of when that was, and which
 * subjects were in it.
 */
export function noteRestores(database: Database.Database): void {
  database.exec(`ALTER TABLE vault ADD COLUMN restored_from_ms INTEGER;
    ALTER TABLE vault ADD COLUMN restored_subject_no INTEGER;
    UPDATE audit_head SET rows_schema = NULL, rows_digest = NULL, rows_mac = NULL`)
}
