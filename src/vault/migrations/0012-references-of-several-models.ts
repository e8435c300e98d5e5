import type Database from 'better-sqlite3'

/**
 * References of several models beside each other: source_no names the reference whose sample one was made from. What is made for
 * another model has the version of its source and is active with it; each model has its own gallery.
 */
export function addReferenceSources(database: Database.Database): void {
  database.exec(`
    ALTER TABLE subject_references ADD COLUMN source_no INTEGER;
    CREATE INDEX references_by_source ON subject_references (source_no, model) WHERE source_no IS NOT NULL;
  `)
}
