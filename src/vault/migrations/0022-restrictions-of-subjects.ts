import type Database from 'better-sqlite3'

/**
 * Restrictions of processing: who, when and why, sealed under the subject's key, with the numbers of the references that were taken out
 * of the gallery. At most one of a subject is in force; those that were lifted stay.
 */
export function createSubjectRestrictions(database: Database.Database): void {
  database.exec(`
    CREATE TABLE subject_restrictions (
      restriction_no INTEGER PRIMARY KEY AUTOINCREMENT,
      subject_no INTEGER NOT NULL REFERENCES subjects,
      began_ms INTEGER NOT NULL,
      lifted_ms INTEGER,
      algorithm TEXT NOT NULL,
      nonce BLOB NOT NULL,
      tag BLOB NOT NULL,
      sealed BLOB NOT NULL
    ) STRICT;
    CREATE INDEX restrictions_of_subject ON subject_restrictions (subject_no);
    CREATE UNIQUE INDEX restriction_in_force ON subject_restrictions (subject_no) WHERE lifted_ms IS NULL;
  `)
}
