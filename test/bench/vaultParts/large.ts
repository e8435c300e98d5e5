/** The large vault and its plain counterpart: made through the vault's own ways, once for all parts of a run. */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { wordsOf } from '../../../src/core/searchText.ts'
import { openVault } from '../../../src/vault/open.ts'
import type { Vault } from '../../../src/vault/vault.ts'
import { dimension, entry, model, nameOf, templateOf } from './data.ts'
import { entriesOf, idOf, newVault, passphrase, plainDatabase } from './stores.ts'

/** Larger batches change fewer pages of the blind index for each subject; a template is 2 KiB of memory meanwhile. */
const rowsPerBatch = 50_000
const rowsPerPlainBatch = 50_000
export const largePrefix = 'B'

type Say = (line: string) => void

/** A vault of so many named subjects with a template of 2 KiB each and sealed segments; one that is there is taken. */
export async function filledVault(folder: string, rows: number, say: Say): Promise<Vault> {
  const complete = `${folder}.complete`
  if (existsSync(complete)) return await openVault({ folder, passphrase, nowMs: Date.now })
  rmSync(folder, { recursive: true, force: true })
  const vault = await newVault(folder)
  const startMs = performance.now()
  const seconds = () => ((performance.now() - startMs) / 1000).toFixed(0)
  for (let first = 0; first < rows; first += rowsPerBatch) {
    const count = Math.min(rowsPerBatch, rows - first)
    vault.enrolments.commitBatch({ entries: entriesOf(largePrefix, first, count, true), audit: entry })
    say(`vault: ${first + count} of ${rows} subjects stored, ${seconds()} s`)
  }
  const sealed = await vault.galleries.seal({ id: model, meanTemplate: new Float32Array(dimension) })
  say(`vault: ${sealed} segments sealed, ${seconds()} s`)
  writeFileSync(complete, '')
  return vault
}

/** The same subjects, templates and words of names in plain SQLite. */
export function filledPlain(path: string, rows: number, say: Say): Database.Database {
  const complete = `${path}.complete`
  if (existsSync(complete)) return plainDatabase(path)
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
  const database = plainDatabase(path)
  const subject = database.prepare('INSERT INTO subjects VALUES (?, ?, ?, ?)')
  const template = database.prepare('INSERT INTO templates VALUES (?, ?)')
  const key = database.prepare('INSERT INTO subject_keys VALUES (?, 1, ?)')
  const word = database.prepare('INSERT OR IGNORE INTO words VALUES (?, ?)')
  const wrapped = Buffer.alloc(32, 1)
  const fill = database.transaction((first: number, count: number) => {
    const words: [string, number][] = []
    for (let row = first; row < first + count; row++) {
      const name = nameOf(row)
      subject.run(row + 1, idOf(largePrefix, row), name, Date.now())
      template.run(row + 1, Buffer.from(templateOf(row).buffer))
      key.run(row + 1, wrapped)
      for (const text of wordsOf(name)) words.push([text, row + 1])
    }
    words.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    for (const [text, subjectNo] of words) word.run(text, subjectNo)
  })
  for (let first = 0; first < rows; first += rowsPerPlainBatch) fill.immediate(first, Math.min(rowsPerPlainBatch, rows - first))
  say(`plain SQLite: ${rows} subjects stored`)
  writeFileSync(complete, '')
  return database
}
