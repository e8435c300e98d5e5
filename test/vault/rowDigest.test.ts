/** The digest over the rows: an older page or row that is put back is found. */
import { closeSync, copyFileSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { migrate } from '../../src/vault/migrations/migrate.ts'
import { digestedTables, undigestedTables } from '../../src/vault/rowTables.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { quickOpener } from '../fault/quickOpen.ts'
import { codeOf, enrolEntry, eraseEntry, newVault, rawDatabase, referenceOf, reopened, temporaryFolder } from './fixtures.ts'

const pageBytes = 8192
const enrol = (vault: Vault, id: string, seed = id) =>
  vault.commitEnrolment({ id, name: `Name ${seed}`, references: [referenceOf(seed)], audit: enrolEntry })

describe('what it covers', () => {
  const database = new Database(':memory:')
  migrate(database)
  const names = database
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
    .pluck()
    .all()

  it('is every table, or it is said why not', () => {
    expect([...digestedTables.map(({ name }) => name), ...Object.keys(undigestedTables)].sort()).toEqual(names.sort())
  })

  it('is every column, but those for which another stands', () => {
    const left = digestedTables.flatMap(({ name, key, columns }) =>
      database
        .prepare<[string], string>('SELECT name FROM pragma_table_info(?)')
        .pluck()
        .all(name)
        .filter((column) => column !== key && !columns.includes(column))
        .map((column) => `${name}.${column}`),
    )
    expect(left.sort()).toEqual([
      'erasure_certificates.awaits_erasure_no',
      'erasure_certificates.body',
      'operators.created_ms',
      'operators.hash_algorithm',
      'operators.hash_nonce',
      'operators.hash_sealed',
      'operators.kdf_memory_kib',
      'operators.kdf_parallelism',
      'operators.kdf_passes',
      'operators.kdf_salt',
      'operators.name_algorithm',
      'operators.name_nonce',
      'operators.name_sealed',
      'samples.algorithm',
      'samples.encoding',
      'samples.nonce',
      'samples.sealed',
      'settings.changed_ms',
      'subject_keys.algorithm',
      'subject_keys.key_epoch',
      'subject_keys.nonce',
      'subject_keys.tag',
      'subject_keys.wrapped',
      'subject_labels.algorithm',
      'subject_labels.nonce',
      'subject_labels.sealed',
      'subject_references.algorithm',
      'subject_references.capture_source',
      'subject_references.created_ms',
      'subject_references.model',
      'subject_references.nonce',
      'subject_references.pad',
      'subject_references.sealed',
      'subject_references.subject_no',
      'subjects.algorithm',
      'subjects.audit_id',
      'subjects.created_ms',
      'subjects.id_index',
      'subjects.identity_nonce',
      'subjects.identity_sealed',
    ])
  })
})

it('refuses every page of before that is put back', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  for (let no = 0; no < 30; no++) enrol(vault, `R-${no}`)
  vault.close()
  const open = await quickOpener(folder)
  const [older, newer] = ['older.db', 'newer.db'].map((name) => join(temporaryFolder(), name)) as [string, string]
  copyFileSync(join(folder, 'vault.db'), older)
  const again = open(folder)
  for (let no = 20; no < 40; no++) enrol(again, `R-${no}`, `R-${no} again`)
  again.eraseSubject({ id: 'R-3', audit: eraseEntry })
  again.close()
  copyFileSync(join(folder, 'vault.db'), newer)
  const [before, now] = [readFileSync(older), readFileSync(newer)]
  const states = (opened: Vault) => JSON.stringify([opened.subjects(), opened.counts(), opened.history('R-21')])
  const whole = open(folder)
  const wanted = states(whole)
  whole.close()
  const ends = { refused: 0, same: 0 }
  for (let page = 0; (page + 1) * pageBytes <= before.length; page++) {
    const old = before.subarray(page * pageBytes, (page + 1) * pageBytes)
    if (now.subarray(page * pageBytes, (page + 1) * pageBytes).equals(old)) continue
    copyFileSync(newer, join(folder, 'vault.db'))
    const descriptor = openSync(join(folder, 'vault.db'), 'r+')
    writeSync(descriptor, old, 0, pageBytes, page * pageBytes)
    closeSync(descriptor)
    let opened: Vault | undefined
    try {
      opened = open(folder)
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^vault.damaged$|^SQLITE_CORRUPT/) })
      ends.refused += 1
    }
    if (opened === undefined) continue
    // Indexes of prefixes, wrapped keys and the like: what is read is right all the same.
    const got = states(opened)
    const at = [...got].findIndex((c, i) => c !== wanted[i])
    expect(`page ${page} ${at < 0 ? '' : got.slice(at - 60, at + 60)}`).toBe(`page ${page} ${at < 0 ? '' : wanted.slice(at - 60, at + 60)}`)
    opened.close()
    ends.same += 1
  }
  expect(ends.refused).toBeGreaterThan(ends.same)
})

it.each([
  ['a reference that is active again', 'UPDATE subject_references SET active = 1, superseded_ms = NULL WHERE version = 1'],
  ['a row that is gone', 'DELETE FROM samples WHERE reference_no = 1'],
  ['a policy of before', 'UPDATE policy SET pin_allowed = 1'],
  ['numbers that may be given out again', `UPDATE sqlite_sequence SET seq = seq - 1 WHERE name = 'subject_references'`],
])('refuses %s', async (_, sql) => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  enrol(vault, 'R-1')
  enrol(vault, 'R-1', 'R-1 again')
  vault.close()
  const raw = await rawDatabase(folder, { digest: 'kept' })
  raw.exec(sql)
  raw.close()
  expect(await codeOf(() => reopened(folder))).toBe('vault.damaged')
})

it('is right after changes that were taken back, and while others write', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  for (let no = 0; no < 700; no++) enrol(vault, `R-${no}`)
  expect(() =>
    vault.appendAudit(enrolEntry, () => {
      throw new Error('cut off')
    }),
  ).toThrow('cut off')
  expect(
    await codeOf(() => vault.commitTemplate({ id: 'R-1', model: 'other', template: Float32Array.of(1), metadata: {}, audit: enrolEntry })),
  ).toBe('template.idTaken')
  let checking = true
  const checked = vault.maintain({ thorough: true }).finally(() => {
    checking = false
  })
  let changes = 0
  for (; checking; changes++) {
    if (changes < 300) enrol(vault, `R-${(changes * 7) % 900}`, `again ${changes}`)
    if (changes % 9 === 0 && changes < 300) vault.eraseSubject({ id: `R-${changes + 400}`, audit: eraseEntry })
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(changes).toBeGreaterThan(3)
  const { checks } = await checked
  expect(checks.find(({ name }) => name === 'consistency')?.problems).toEqual([])
  vault.close()
  expect((await reopened(folder)).counts().subjects).toBeGreaterThan(600)
})
