import type Database from 'better-sqlite3'

/**
 * The first schema. What is sealed has nonce, tag and sealed bytes in columns of their own and the name of the algorithm
 * in the record. Numbers of subjects and references are never used again (AUTOINCREMENT).
 */
export function createSubjectsReferencesAudit(database: Database.Database): void {
  database.exec(`
    CREATE TABLE vault (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      vault_id TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('real', 'demo')),
      created_ms INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE subjects (
      subject_no INTEGER PRIMARY KEY AUTOINCREMENT,
      audit_id TEXT NOT NULL UNIQUE,
      id_index BLOB NOT NULL UNIQUE,
      origin TEXT NOT NULL CHECK (origin IN ('enrolled', 'stored')),
      version INTEGER NOT NULL,
      created_ms INTEGER NOT NULL,
      algorithm TEXT NOT NULL,
      identity_nonce BLOB NOT NULL,
      identity_tag BLOB NOT NULL,
      identity_sealed BLOB NOT NULL
    ) STRICT;

    CREATE TABLE subject_keys (
      subject_no INTEGER NOT NULL REFERENCES subjects,
      key_epoch INTEGER NOT NULL,
      algorithm TEXT NOT NULL,
      nonce BLOB NOT NULL,
      tag BLOB NOT NULL,
      wrapped BLOB NOT NULL,
      PRIMARY KEY (subject_no, key_epoch)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE subject_references (
      reference_no INTEGER PRIMARY KEY AUTOINCREMENT,
      subject_no INTEGER NOT NULL REFERENCES subjects,
      version INTEGER NOT NULL,
      active INTEGER NOT NULL CHECK (active IN (0, 1)),
      model TEXT NOT NULL,
      capture_source TEXT NOT NULL CHECK (capture_source IN ('camera', 'file', 'simulated')),
      pad TEXT NOT NULL CHECK (pad IN ('passed', 'failed', 'notAssessed')),
      created_ms INTEGER NOT NULL,
      algorithm TEXT NOT NULL,
      nonce BLOB NOT NULL,
      tag BLOB NOT NULL,
      sealed BLOB NOT NULL
    ) STRICT;
    CREATE INDEX references_of_subject ON subject_references (subject_no, version);
    CREATE INDEX references_in_gallery ON subject_references (model, reference_no) WHERE active = 1;

    CREATE TABLE samples (
      reference_no INTEGER PRIMARY KEY REFERENCES subject_references,
      algorithm TEXT NOT NULL,
      nonce BLOB NOT NULL,
      tag BLOB NOT NULL,
      sealed BLOB NOT NULL
    ) STRICT;

    CREATE TABLE gallery (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      sequence INTEGER NOT NULL,
      subjects INTEGER NOT NULL,
      active_references INTEGER NOT NULL
    ) STRICT;
    INSERT INTO gallery VALUES (1, 0, 0, 0);

    CREATE TABLE audit (
      record_no INTEGER PRIMARY KEY,
      body TEXT NOT NULL,
      hash BLOB NOT NULL,
      mac BLOB NOT NULL
    ) STRICT;

    CREATE TABLE audit_head (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      records INTEGER NOT NULL,
      hash BLOB NOT NULL,
      mac BLOB NOT NULL
    ) STRICT;
  `)
}
