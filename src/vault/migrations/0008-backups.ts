import type Database from 'better-sqlite3'

/**
 * Where backups are kept, which generations were made, and which subjects were erased: the key file of each folder names
 * the last erasure that it follows, or -1 before its first is complete. What notes an erasure is a trigger, so that no way of
 * erasing can forget it. A certificate that awaits an erasure is signed anew when every key file follows that.
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

    CREATE TABLE erasures (
      erasure_no INTEGER PRIMARY KEY AUTOINCREMENT,
      audit_id TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER note_erasure AFTER DELETE ON subjects BEGIN
      INSERT INTO erasures (audit_id) VALUES (old.audit_id);
    END;

    ALTER TABLE erasure_certificates ADD COLUMN awaits_erasure_no INTEGER;
    CREATE INDEX certificates_awaiting ON erasure_certificates (awaits_erasure_no) WHERE awaits_erasure_no IS NOT NULL;
  `)
}
