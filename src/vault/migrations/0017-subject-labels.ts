import type Database from 'better-sqlite3'

/** Labels of subjects (category, watch-lists, purposes), sealed under the subject's key; who has none has no row. */
export function createSubjectLabels(database: Database.Database): void {
  database.exec(`
    CREATE TABLE subject_labels (
      subject_no INTEGER PRIMARY KEY REFERENCES subjects (subject_no),
      algorithm TEXT NOT NULL,
      nonce BLOB NOT NULL,
      tag BLOB NOT NULL,
      sealed BLOB NOT NULL
    ) STRICT;
  `)
}
