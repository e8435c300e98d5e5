/** What is measured: the vault, and beside it the same SQLite with nothing encrypted or sealed. */
import Database from 'better-sqlite3'
import { prefixesOf, wordsOf } from '../../../src/core/searchText.ts'
import { initVault } from '../../../src/vault/open.ts'
import type { Vault } from '../../../src/vault/vault.ts'
import { entry, model, nameOf, referenceOf, templateOf } from './data.ts'

/** How a batch of subjects is stored: only found by their exact id, by the beginning of their id, or of their name too. */
export type BatchOf = 'templates' | 'subjects' | 'named subjects'

export interface Store {
  store(id: string, row: number): void
  retrieve(id: string): number
  /** Makes a batch; the returned function stores it. */
  batchOf(content: BatchOf, prefix: string, first: number, count: number): () => void
  close(): void
}

/** Of every vault of the bench. */
export const passphrase = 'bench of the vault'

export async function newVault(folder: string): Promise<Vault> {
  return await initVault({ folder, key: 'passphrase', passphrase, kind: 'demo', nowMs: Date.now })
}

export const idOf = (prefix: string, row: number): string => `${prefix}-${String(row).padStart(8, '0')}`

export function entriesOf(prefix: string, first: number, count: number, named: boolean) {
  return Array.from({ length: count }, (_, at) => ({
    id: idOf(prefix, first + at),
    name: named ? nameOf(first + at) : undefined,
    references: [referenceOf(first + at)],
  }))
}

export function vaultStore(vault: Vault): Store {
  return {
    store: (id, row) => void vault.storedTemplates.commit({ id, model, template: templateOf(row), metadata: {}, audit: entry }),
    retrieve: (id) => vault.storedTemplates.retrieve(id)?.data.length ?? 0,
    batchOf: (content, prefix, first, count) => {
      const entries = entriesOf(prefix, first, count, content === 'named subjects')
      if (content !== 'templates') return () => void vault.enrolments.commitBatch({ entries, audit: entry })
      const templates = entries.map(({ id, references }) => ({ id, model, template: references[0]!.template, metadata: {} }))
      return () => void vault.storedTemplates.commitBatch({ templates, audit: entry })
    },
    close: () => vault.close(),
  }
}

/** Opens or makes the plain database: one page size, one journal, one durability with the vault. */
export function plainDatabase(path: string): Database.Database {
  const database = new Database(path)
  database.pragma('page_size = 8192')
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec(`
    CREATE TABLE IF NOT EXISTS subjects (subject_no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, created_ms INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS templates (subject_no INTEGER PRIMARY KEY, template BLOB NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS subject_keys (subject_no INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, wrapped BLOB NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS words (word TEXT NOT NULL, subject_no INTEGER NOT NULL, PRIMARY KEY (word, subject_no)) STRICT, WITHOUT ROWID;
  `)
  return database
}

/** As the vault's, without names of what only it keeps: a subject, a template and, where asked for, prefixes of id and name. */
export function plainStore(path: string): Store {
  const database = plainDatabase(path)
  database.pragma('wal_autocheckpoint = 1000')
  const subject = database.prepare('INSERT INTO subjects (id, name, created_ms) VALUES (?, ?, ?)')
  const template = database.prepare('INSERT INTO templates VALUES (?, ?)')
  const word = database.prepare('INSERT OR IGNORE INTO words VALUES (?, ?)')
  const get = database.prepare<[string], Buffer>('SELECT template FROM subjects JOIN templates USING (subject_no) WHERE id = ?').pluck()
  const add = (id: string, name: string | undefined, values: Float32Array) => {
    const { lastInsertRowid } = subject.run(id, name ?? null, Date.now())
    template.run(lastInsertRowid, Buffer.from(values.buffer))
    return lastInsertRowid as number
  }
  const store = database.transaction((id: string, row: number) => void add(id, undefined, templateOf(row)))
  return {
    store: (id, row) => void store.immediate(id, row),
    retrieve: (id) => new Float32Array(new Uint8Array(get.get(id) as Buffer).buffer).length,
    batchOf: (content, prefix, first, count) => {
      const entries = entriesOf(prefix, first, count, content === 'named subjects')
      const run = database.transaction(() => {
        for (const { id, name, references } of entries) {
          const subjectNo = add(id, name, references[0]!.template)
          if (content === 'templates') continue
          for (const prefix of prefixesOf([id, ...(name === undefined ? [] : wordsOf(name))])) word.run(prefix, subjectNo)
        }
      })
      return () => void run.immediate()
    },
    close: () => database.close(),
  }
}
