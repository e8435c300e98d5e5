import type Database from 'better-sqlite3'

/** Settings of the vault by name (contract/settings.ts); a value is JSON. A setting without a row has its default. */
export function createSettings(database: Database.Database): void {
  database.exec(`
    CREATE TABLE settings (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL,
      changed_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `)
}
