import type Database from 'better-sqlite3'

/**
 * Prefixes of names as numbers that only the vault's key makes (prefix_backlog tells which older subjects still have to be
 * indexed), the manifest of the sealed segments of the gallery, since when references are superseded, how samples are encoded, and reports of the maintenance.
 * The generation of a segment is never used again (AUTOINCREMENT).
 */
export function createLookUpSegmentsMaintenance(database: Database.Database): void {
  database.exec(`
    CREATE TABLE prefixes (
      prefix INTEGER NOT NULL,
      subject_no INTEGER NOT NULL,
      PRIMARY KEY (prefix, subject_no)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX prefixes_subject ON prefixes (subject_no);

    CREATE TABLE prefix_backlog (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      done_until INTEGER NOT NULL,
      missing_until INTEGER NOT NULL
    ) STRICT;
    INSERT INTO prefix_backlog SELECT 1, 0, coalesce(max(subject_no), 0) FROM subjects;

    CREATE TABLE gallery_segments (
      generation INTEGER PRIMARY KEY AUTOINCREMENT,
      segment_index INTEGER NOT NULL,
      model TEXT NOT NULL,
      format INTEGER NOT NULL,
      row_count INTEGER NOT NULL,
      byte_count INTEGER NOT NULL,
      dirty INTEGER NOT NULL CHECK (dirty IN (0, 1)),
      salt BLOB NOT NULL,
      nonce BLOB NOT NULL,
      tag BLOB NOT NULL,
      UNIQUE (segment_index, model)
    ) STRICT;

    ALTER TABLE subject_references ADD COLUMN superseded_ms INTEGER;
    UPDATE subject_references AS r SET superseded_ms = (SELECT min(n.created_ms) FROM subject_references n
      WHERE n.subject_no = r.subject_no AND n.version > r.version) WHERE active = 0;
    CREATE INDEX references_superseded ON subject_references (superseded_ms) WHERE superseded_ms IS NOT NULL;

    ALTER TABLE samples ADD COLUMN encoding TEXT NOT NULL DEFAULT 'plain';

    CREATE TABLE maintenance_reports (
      report_no INTEGER PRIMARY KEY AUTOINCREMENT,
      finished_ms INTEGER NOT NULL,
      report TEXT NOT NULL
    ) STRICT;
  `)
}
