import type Database from 'better-sqlite3'

/**
 * The digest over the rows, beside the head of the audit chain: whoever appends to the chain writes it anew, so that neither
 * can be put back without the other. Empty until the vault is opened with its keys.
 */
export function createRowDigest(database: Database.Database): void {
  database.exec(`
    ALTER TABLE audit_head ADD COLUMN rows_schema INTEGER;
    ALTER TABLE audit_head ADD COLUMN rows_digest BLOB;
    ALTER TABLE audit_head ADD COLUMN rows_mac BLOB;
  `)
}
