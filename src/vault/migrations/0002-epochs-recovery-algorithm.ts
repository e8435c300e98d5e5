import type Database from 'better-sqlite3'

/**
 * Key epochs with a salt each, the algorithm of new sealed values, and what is known of the recovery key: its id, check
 * values of its groups, and when somebody typed groups of it back. The first epoch's row is made when the vault opens.
 * A subject has one wrapped key, whose row is changed in its place when another epoch wraps it.
 */
export function createEpochsRecoveryAlgorithm(database: Database.Database): void {
  database.exec(`
    CREATE TABLE epochs (
      epoch INTEGER PRIMARY KEY,
      salt BLOB NOT NULL,
      created_ms INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE subject_keys_now (
      subject_no INTEGER PRIMARY KEY REFERENCES subjects,
      key_epoch INTEGER NOT NULL,
      algorithm TEXT NOT NULL,
      nonce BLOB NOT NULL,
      tag BLOB NOT NULL,
      wrapped BLOB NOT NULL
    ) STRICT;
    INSERT INTO subject_keys_now SELECT subject_no, key_epoch, algorithm, nonce, tag, wrapped FROM subject_keys;
    DROP TABLE subject_keys;
    ALTER TABLE subject_keys_now RENAME TO subject_keys;

    ALTER TABLE vault ADD COLUMN seal_algorithm TEXT NOT NULL DEFAULT 'A256GCM' CHECK (seal_algorithm IN ('A256GCM', 'C20P'));
    ALTER TABLE vault ADD COLUMN recovery_id TEXT;
    ALTER TABLE vault ADD COLUMN recovery_groups BLOB;
    ALTER TABLE vault ADD COLUMN recovery_confirmed_ms INTEGER;
  `)
}
