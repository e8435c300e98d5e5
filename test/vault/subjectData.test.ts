/** Erasure knows every table of the schema: those that hold anything of a subject, by which numbers, and why the others do not. */
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { migrate } from '../../src/vault/migrations/migrate.ts'
import { tablesOfSubjects, tablesWithoutSubjects } from '../../src/vault/subjectData.ts'
import { enrolEntry, eraseEntry, newVault, rawDatabase, referenceOf, reopened, temporaryFolder } from './fixtures.ts'

const database = new Database(':memory:')
migrate(database)
const tables = database
  .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`)
  .pluck()
  .all()
const columnsOf = (table: string) => database.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table)

it('names each table once', () => {
  expect([...Object.keys(tablesOfSubjects), ...Object.keys(tablesWithoutSubjects)].sort()).toEqual(tables)
})

it('knows every column that may be a number of a subject or a reference, or says why it is none', () => {
  const known = Object.entries(tablesOfSubjects).flatMap(([table, { subjectNos = [], referenceNos = [] }]) =>
    [...subjectNos, ...referenceNos].map((column) => `${table}.${column}`),
  )
  const suspect = tables.flatMap((table) =>
    columnsOf(table)
      .filter((column) => /subject|reference|source_no/.test(column))
      .map((column) => `${table}.${column}`),
  )
  const others = [
    // Counts.
    'backup_generations.subjects',
    'gallery.active_references',
    'gallery.subjects',
    // Up to where the subjects of a backup go: the same for all of them.
    'vault.restored_subject_no',
    // Goes by its hash.
    'subject_ids.subject_no',
    // Of the two subjects beside them.
    'duplicate_pairs.first_reference',
    'duplicate_pairs.second_reference',
  ]
  expect(suspect.sort()).toEqual([...known, ...others].sort())
  for (const place of known) expect(columnsOf(place.split('.')[0] as string)).toContain(place.split('.')[1])
})

it.each([
  ['a pair by its second subject', `INSERT INTO duplicate_pairs VALUES ('job', 0, 1, 9, 1, 0.5)`, 'duplicate_pairs'],
  ['a reference that was made from theirs', 'UPDATE subject_references SET source_no = 1 WHERE reference_no = 2', 'subject_references'],
])('ends an erasure that would leave %s', async (_, harm, table) => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  for (const id of ['R-1', 'R-2']) vault.enrolments.commit({ id, references: [referenceOf(id)], audit: enrolEntry })
  vault.close()
  const raw = await rawDatabase(folder)
  raw.exec(`DROP TRIGGER duplicate_pairs_of_erased_subject; ${harm}`)
  raw.close()
  const again = await reopened(folder)
  expect(() => again.erasures.erase({ id: 'R-1', audit: eraseEntry })).toThrow(`left rows in ${table}`)
  expect(again.subjects.get('R-1')).toMatchObject({ references: 1 })
})
