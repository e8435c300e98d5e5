import type Database from 'better-sqlite3'

/**
 * Programs of integrators. Names are sealed, bound to what the program may do, its state and the digest of its key, so that none of
 * them can be altered alone. They are never deleted: the audit chain names them.
 */
export function createApiClients(database: Database.Database): void {
  database.exec(`
    CREATE TABLE api_clients (
      client_no INTEGER PRIMARY KEY AUTOINCREMENT,
      audit_id TEXT NOT NULL UNIQUE,
      name_index BLOB NOT NULL UNIQUE,
      permissions TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('enabled', 'revoked')),
      key_digest BLOB NOT NULL UNIQUE,
      name_algorithm TEXT NOT NULL,
      name_nonce BLOB NOT NULL,
      name_tag BLOB NOT NULL,
      name_sealed BLOB NOT NULL,
      created_ms INTEGER NOT NULL,
      revoked_ms INTEGER,
      used_ms INTEGER
    ) STRICT;
  `)
}
