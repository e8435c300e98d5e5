import type Database from 'better-sqlite3'

/**
 * The station's signing key, signed checkpoints of the audit chain, where they are witnessed, and certificates of erasure.
 * The row of the key is empty until the vault is opened with its keys; a row that is gone is damage.
 */
export function createAuditCheckpoints(database: Database.Database): void {
  database.exec(`
    CREATE TABLE station_key (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      public_key BLOB,
      algorithm TEXT,
      nonce BLOB,
      tag BLOB,
      sealed BLOB
    ) STRICT;
    INSERT INTO station_key (only_row) VALUES (1);

    CREATE TABLE audit_checkpoints (
      records INTEGER PRIMARY KEY,
      body TEXT NOT NULL,
      signature BLOB NOT NULL
    ) STRICT;

    CREATE TABLE audit_witness (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      file TEXT
    ) STRICT;
    INSERT INTO audit_witness VALUES (1, NULL);

    CREATE TABLE erasure_certificates (
      record_no INTEGER PRIMARY KEY,
      body TEXT NOT NULL,
      signature BLOB NOT NULL
    ) STRICT;
  `)
}
