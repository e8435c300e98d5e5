import type Database from 'better-sqlite3'

/**
 * Where backups are kept, which generations were made, and which subjects were erased: the key file of each folder names
 * the last erasure that it follows. What notes an erasure is a trigger, so that no way of erasing can forget it.
 */
export function createBackups(database: Database.Database): void {
  database.exec(`
    CREATE TABLE backup_folders (
      folder TEXT PRIMARY KEY,
      erasure_no INTEGER NOT NULL,
      header_digest TEXT NOT NULL,
      refreshed_ms INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE backup_generations (
      folder TEXT NOT NULL REFERENCES backup_folders ON DELETE CASCADE,
      number INTEGER NOT NULL,
      created_ms INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      subjects INTEGER NOT NULL,
      verified_ms INTEGER NOT NULL,
      PRIMARY KEY (folder, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE backup_schedule (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      folder TEXT,
      interval_hours INTEGER NOT NULL,
      generations_kept INTEGER NOT NULL
    ) STRICT;
    INSERT INTO backup_schedule VALUES (1, NULL, 24, 7);

    CREATE TABLE erasures (
      erasure_no INTEGER PRIMARY KEY AUTOINCREMENT,
      audit_id TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER note_erasure AFTER DELETE ON subjects BEGIN
      INSERT INTO erasures (audit_id) VALUES (old.audit_id);
    END;
  `)
}
