import type Database from 'better-sqlite3'

/** Long work that outlives the process: what it is, how far it is, and whose it is. */
export function createJobs(database: Database.Database): void {
  database.exec(`
    CREATE TABLE jobs (
      job_no INTEGER PRIMARY KEY AUTOINCREMENT,
      job_id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'done', 'failed', 'cancelled')),
      done INTEGER NOT NULL,
      total INTEGER NOT NULL,
      position TEXT NOT NULL,
      owner TEXT NOT NULL,
      error TEXT,
      created_ms INTEGER NOT NULL,
      changed_ms INTEGER NOT NULL
    ) STRICT;
  `)
}
