import type Database from 'better-sqlite3'

/**
 * Accounts of operators, wrong tries by name, and the rules of signing in. Names and password hashes are sealed; role and
 * state are bound to both seals, so that neither can be altered alone. Accounts are never deleted: the audit chain names them.
 */
export function createOperators(database: Database.Database): void {
  database.exec(`
    CREATE TABLE operators (
      operator_no INTEGER PRIMARY KEY AUTOINCREMENT,
      audit_id TEXT NOT NULL UNIQUE,
      name_index BLOB NOT NULL UNIQUE,
      role TEXT NOT NULL CHECK (role IN ('operator', 'supervisor', 'auditor', 'administrator')),
      state TEXT NOT NULL CHECK (state IN ('enabled', 'disabled')),
      secret_kind TEXT NOT NULL CHECK (secret_kind IN ('password', 'pin')),
      name_algorithm TEXT NOT NULL,
      name_nonce BLOB NOT NULL,
      name_tag BLOB NOT NULL,
      name_sealed BLOB NOT NULL,
      kdf_memory_kib INTEGER NOT NULL,
      kdf_passes INTEGER NOT NULL,
      kdf_parallelism INTEGER NOT NULL,
      kdf_salt BLOB NOT NULL,
      hash_algorithm TEXT NOT NULL,
      hash_nonce BLOB NOT NULL,
      hash_tag BLOB NOT NULL,
      hash_sealed BLOB NOT NULL,
      created_ms INTEGER NOT NULL,
      changed_ms INTEGER NOT NULL,
      disabled_ms INTEGER
    ) STRICT;

    CREATE TABLE sign_in_failures (
      name_index BLOB PRIMARY KEY,
      failures INTEGER NOT NULL,
      failed_ms INTEGER NOT NULL,
      blocked_until_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE policy (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      pin_allowed INTEGER NOT NULL CHECK (pin_allowed IN (0, 1)),
      idle_lock_ms INTEGER NOT NULL
    ) STRICT;
    INSERT INTO policy VALUES (1, 0, ${5 * 60_000});
  `)
}
