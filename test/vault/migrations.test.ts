import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { type Migration, migrate, migrations, schemaVersionOf } from '../../src/vault/migrations/migrate.ts'

const tables = (database: Database.Database) =>
  database
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`)
    .pluck()
    .all()

const latest = migrations.at(-1)!.number

it('migrations stand in the order of their numbers, each with a purpose', () => {
  const numbers = migrations.map((step) => step.number)
  expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right))
  for (const step of migrations) expect(step.purpose).not.toBe('')
})

it('an empty database gets the whole schema, once', () => {
  const database = new Database(':memory:')
  migrate(database)
  expect(schemaVersionOf(database)).toBe(latest)
  expect(tables(database)).toEqual(
    expect.arrayContaining([
      'audit',
      'audit_head',
      'gallery',
      'samples',
      'settings',
      'subject_keys',
      'subject_references',
      'subjects',
      'vault',
    ]),
  )
  expect(tables(database)).toEqual(expect.arrayContaining(['epochs', 'jobs', 'operators', 'policy', 'sign_in_failures']))
  expect(tables(database)).toEqual(expect.arrayContaining(['station_key', 'audit_checkpoints', 'audit_witness', 'erasure_certificates']))
  migrate(database)
  expect(schemaVersionOf(database)).toBe(latest)
})

it('a step that fails leaves the schema and the data before it, and can be tried again', () => {
  const database = new Database(':memory:')
  migrate(database)
  database.exec(`INSERT INTO vault (only_row, vault_id, kind, created_ms) VALUES (1, 'id', 'demo', 0)`)
  let failing = true
  const steps: Migration[] = [
    ...migrations,
    {
      number: latest + 1,
      purpose: 'a step that fails at first',
      run: (target) => {
        target.exec('CREATE TABLE later (value TEXT) STRICT; DELETE FROM vault')
        if (failing) throw new Error('cut off')
      },
    },
  ]
  expect(() => migrate(database, steps)).toThrow('cut off')
  expect(schemaVersionOf(database)).toBe(latest)
  expect(tables(database)).not.toContain('later')
  expect(database.prepare('SELECT count(*) AS n FROM vault').get()).toEqual({ n: 1 })
  failing = false
  migrate(database, steps)
  expect(schemaVersionOf(database)).toBe(latest + 1)
})

it('a schema of a later version is refused', () => {
  const database = new Database(':memory:')
  database.pragma(`user_version = ${latest + 1}`)
  expect(() => migrate(database)).toThrow(expect.objectContaining({ code: 'vault.tooNew' }))
})
