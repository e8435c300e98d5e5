/** What is measured: the vault, and beside it the same SQLite with nothing encrypted or sealed. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { initVault } from '../../../src/vault/open.ts'
import type { Vault } from '../../../src/vault/vault.ts'
import { dimension, entry, model, nameOf, referenceOf, templateOf } from './data.ts'

export interface Store {
  store(id: string, row: number): void
  retrieve(id: string): number
  storeBatch(first: number, count: number): void
  close(): void
}

/** Of every vault of the bench. */
export const passphrase = 'bench of the vault'

export async function newVault(folder: string): Promise<Vault> {
  return await initVault({ folder, key: 'passphrase', passphrase, kind: 'demo', nowMs: Date.now })
}

export function vaultStore(vault: Vault): Store {
  return {
    store: (id, row) => void vault.commitTemplate({ id, model, template: templateOf(row), metadata: {}, audit: entry }),
    retrieve: (id) => vault.retrieveTemplate(id)?.data.length ?? 0,
    storeBatch: (first, count) => fill(vault, first, count, false),
    close: () => vault.close(),
  }
}

/** One batch of new subjects with one reference each; what is only searched for has a name and a small template. */
export function fill(vault: Vault, first: number, count: number, named: boolean): void {
  const entries = Array.from({ length: count }, (_, at) => ({
    id: `B-${String(first + at).padStart(8, '0')}`,
    name: named ? nameOf(first + at) : undefined,
    references: [referenceOf(first + at, named ? 16 : dimension)],
  }))
  vault.commitBatch({ entries, audit: entry })
}

export function plainStore(folder: string): Store {
  const database = new Database(join(folder, 'plain.db'))
  database.pragma('page_size = 8192')
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec('CREATE TABLE templates (id TEXT PRIMARY KEY, created_ms INTEGER NOT NULL, template BLOB NOT NULL) STRICT')
  const insert = database.prepare('INSERT INTO templates VALUES (?, ?, ?)')
  const get = database.prepare<[string], Buffer>('SELECT template FROM templates WHERE id = ?').pluck()
  const store = (id: string, row: number) => void insert.run(id, Date.now(), Buffer.from(templateOf(row).buffer))
  return {
    store,
    retrieve: (id) => new Float32Array(new Uint8Array(get.get(id) as Buffer).buffer).length,
    storeBatch: database.transaction((first: number, count: number) => {
      for (let at = 0; at < count; at++) store(`B-${String(first + at).padStart(8, '0')}`, first + at)
    }),
    close: () => database.close(),
  }
}
