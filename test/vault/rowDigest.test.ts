/** The digest over the rows: an older page or row that is put back is found. */
import { createSecretKey } from 'node:crypto'
import { closeSync, copyFileSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { migrate, schemaVersionOf } from '../../src/vault/migrations/migrate.ts'
import { assertRows, RowDigest } from '../../src/vault/rowDigest.ts'
import { digestedIn, undigestedTables } from '../../src/vault/rowTables.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { quickOpener } from '../fault/quickOpen.ts'
import { codeOf, enrolEntry, eraseEntry, newVault, rawDatabase, referenceOf, reopened, temporaryFolder } from './fixtures.ts'

const pageBytes = 8192
const enrol = (vault: Vault, id: string, seed = id) =>
  vault.enrolments.commit({ id, name: `Name ${seed}`, references: [referenceOf(seed)], audit: enrolEntry })

describe('what it covers', () => {
  const database = new Database(':memory:')
  migrate(database)
  const digested = digestedIn(schemaVersionOf(database)).map(([, table]) => table)
  const names = database
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
    .pluck()
    .all()

  it('is every table, or it is said why not', () => {
    expect([...digested.map(({ name }) => name), ...Object.keys(undigestedTables)].sort()).toEqual(names.sort())
  })

  it('is every column, but those for which another stands', () => {
    const left = digested.flatMap(({ name, key, columns }) =>
      database
        .prepare<[string], string>('SELECT name FROM pragma_table_info(?)')
        .pluck()
        .all(name)
        .filter((column) => column !== key && !columns.includes(column))
        .map((column) => `${name}.${column}`),
    )
    expect(left.sort()).toEqual([
      'api_clients.created_ms',
      'api_clients.name_algorithm',
      'api_clients.name_nonce',
      'api_clients.name_sealed',
      'api_clients.used_ms',
      'drafts.algorithm',
      'drafts.created_ms',
      'drafts.draft_id',
      'drafts.id_index',
      'drafts.key_algorithm',
      'drafts.key_nonce',
      'drafts.key_tag',
      'drafts.key_wrapped',
      'drafts.nonce',
      'drafts.owner',
      'drafts.sealed',
      'drafts.state',
      'erasure_certificates.awaits_erasure_no',
      'erasure_certificates.body',
      'form_policies.set_ms',
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
      'subject_labels.algorithm',
      'subject_labels.nonce',
      'subject_labels.sealed',
      'subject_records.algorithm',
      'subject_records.created_ms',
      'subject_records.kind',
      'subject_records.nonce',
      'subject_records.sealed',
      'subject_records.subject_no',
      'subject_references.algorithm',
      'subject_references.capture_source',
      'subject_references.created_ms',
      'subject_references.model',
      'subject_references.nonce',
      'subject_references.pad',
      'subject_references.sealed',
      'subject_references.subject_no',
      'subject_restrictions.algorithm',
      'subject_restrictions.began_ms',
      'subject_restrictions.nonce',
      'subject_restrictions.sealed',
      'subject_restrictions.subject_no',
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
  again.erasures.erase({ id: 'R-3', audit: eraseEntry })
  again.close()
  copyFileSync(join(folder, 'vault.db'), newer)
  const [before, now] = [readFileSync(older), readFileSync(newer)]
  const states = (opened: Vault) => JSON.stringify([opened.subjects.all(), opened.galleries.counts(), opened.references.history('R-21')])
  const searches = (opened: Vault) =>
    JSON.stringify(['Name', 'R-2', 'R-3', 'R-21 again'].map((query) => opened.subjects.search({ query, limit: 100, after: 0 })))
  const whole = open(folder)
  const wanted = states(whole)
  const wantedSearches = searches(whole)
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
    // Of an older index a search may leave somebody out, until the maintenance has made it anew.
    await opened.upkeep.run({ thorough: true })
    expect(searches(opened), `page ${page}`).toBe(wantedSearches)
    const { checks } = await opened.upkeep.run({ thorough: true })
    expect(checks.find(({ name }) => name === 'index')?.problems, `page ${page}`).toEqual([])
    expect(`page ${page} ${at < 0 ? '' : got.slice(at - 60, at + 60)}`).toBe(`page ${page} ${at < 0 ? '' : wanted.slice(at - 60, at + 60)}`)
    opened.close()
    ends.same += 1
  }
  expect(ends.refused).toBeGreaterThan(ends.same)
})

it.each([
  ['a reference that is active again', 'UPDATE subject_references SET active = 1, superseded_ms = NULL WHERE version = 1'],
  ['a row that is gone', 'DELETE FROM samples WHERE reference_no = 1'],
  ['a key that is gone', 'DELETE FROM subject_keys WHERE subject_no = 1'],
  [
    'a key of somebody who is gone',
    'PRAGMA foreign_keys = OFF; INSERT INTO subject_keys SELECT 7, key_epoch, algorithm, nonce, tag, wrapped FROM subject_keys',
  ],
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
    vault.audit.append(enrolEntry, () => {
      throw new Error('cut off')
    }),
  ).toThrow('cut off')
  expect(
    await codeOf(() =>
      vault.storedTemplates.commit({ id: 'R-1', model: 'other', template: Float32Array.of(1), metadata: {}, audit: enrolEntry }),
    ),
  ).toBe('template.idTaken')
  let checking = true
  const checked = vault.upkeep.run({ thorough: true }).finally(() => {
    checking = false
  })
  let changes = 0
  for (; checking; changes++) {
    if (changes < 300) enrol(vault, `R-${(changes * 7) % 900}`, `again ${changes}`)
    if (changes % 9 === 0 && changes < 300) vault.erasures.erase({ id: `R-${changes + 400}`, audit: eraseEntry })
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(changes).toBeGreaterThan(3)
  const { checks } = await checked
  expect(checks.find(({ name }) => name === 'consistency')?.problems).toEqual([])
  vault.close()
  expect((await reopened(folder)).galleries.counts().subjects).toBeGreaterThan(600)
})

it('is right after batches of new and known subjects, some of them taken back, while all rows are looked at', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const batchOf = (ids: readonly string[], seed: string) =>
    vault.enrolments.commitBatch({ entries: ids.map((id) => ({ id, references: [referenceOf(`${id}/${seed}`)] })), audit: enrolEntry })
  const idsFrom = (first: number, count: number) => Array.from({ length: count }, (_, at) => `B-${first + at}`)
  batchOf(idsFrom(0, 700), 'first')
  vault.storedTemplates.commit({ id: 'stored', model: 'other', template: Float32Array.of(1), metadata: {}, audit: enrolEntry })
  let checking = true
  const checked = vault.upkeep.run({ thorough: true }).finally(() => {
    checking = false
  })
  let rounds = 0
  for (; checking; rounds++) {
    if (rounds < 12) {
      batchOf(idsFrom(rounds * 60, 100), `round ${rounds}`)
      const refused = {
        templates: ['new', 'B-1'].map((id) => ({ id: `${id}`, model: 'other', template: Float32Array.of(1), metadata: {} })),
        audit: enrolEntry,
      }
      expect(await codeOf(() => vault.storedTemplates.commitBatch(refused))).toBe('template.idTaken')
      vault.erasures.erase({ id: `B-${rounds * 50}`, audit: eraseEntry })
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(rounds).toBeGreaterThan(3)
  const { checks } = await checked
  expect(checks.find(({ name }) => name === 'consistency')?.problems).toEqual([])
  const { subjects } = vault.galleries.counts()
  vault.close()
  expect((await reopened(folder)).galleries.counts().subjects).toBe(subjects)
})

it('makes the first digest of a large database in turns, while others write', () => {
  const database = new Database(':memory:')
  migrate(database)
  database.prepare('INSERT INTO audit_head (only_row, records, hash, mac) VALUES (1, 0, ?, ?)').run(Buffer.alloc(32), Buffer.alloc(32))
  const empty = Buffer.alloc(0)
  const insert = database.prepare(`INSERT INTO subjects (audit_id, id_index, origin, version, created_ms, algorithm, identity_nonce,
    identity_tag, identity_sealed) VALUES (?, ?, 'stored', 1, 0, '', ?, ?, ?)`)
  let ids = 0
  const add = () => insert.run(String(ids), Buffer.from(String(ids++)), empty, Buffer.from(`tag ${ids}`), empty)
  while (ids < 1_200) add()
  const keys = { rows: createSecretKey(Buffer.alloc(32, 7)) }
  const rows = new RowDigest(database, keys, 1_000)
  const write = (run: () => void) =>
    rows.follow(
      database.transaction(() => {
        run()
        rows.keep()
      }),
    )
  const stored = () => database.prepare<[], Buffer | null>('SELECT rows_digest FROM audit_head').pluck().get()
  write(add)
  expect([rows.missing, stored()]).toEqual([true, null])
  const look = rows.look()
  for (let step = look.next(); step.done !== true; step = look.next()) {
    write(() => {
      add()
      database.prepare('UPDATE subjects SET version = version + 1 WHERE subject_no IN (3, 900, ?)').run(ids)
      database.prepare('DELETE FROM subjects WHERE subject_no IN (?, ?)').run(ids - 1_195, ids - 20)
    })
    expect(() =>
      write(() => {
        add()
        database.exec('DELETE FROM subjects WHERE subject_no < 40')
        throw new Error('taken back')
      }),
    ).toThrow('taken back')
  }
  expect(rows.missing).toBe(false)
  write(() => undefined)
  expect(stored()).toHaveLength(32)
  assertRows(database, keys)
  database.close()
})
