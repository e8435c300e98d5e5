/** Ids are found however many came, went and failed to come, and wherever the table of them stands. */
import { randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { migrate, migrations } from '../../src/vault/migrations/migrate.ts'
import { assertIds, SubjectIds, settleAllIds } from '../../src/vault/subjectIds.ts'
import { codeOf, enrolEntry, eraseEntry, newVault, rawDatabase, referenceOf, reopened, temporaryFolder } from './fixtures.ts'

function opened(): Database.Database {
  const database = new Database(':memory:')
  onTestFinished(() => void database.close())
  database.pragma('foreign_keys = ON')
  migrate(database)
  return database
}

const rowOf = (index: Buffer, no: number) => [no, `audit ${no}`, index] as const

const insertInto = (database: Database.Database) =>
  database.prepare(`INSERT INTO subjects (subject_no, audit_id, id_index, origin, version, created_ms, algorithm, identity_nonce,
    identity_tag, identity_sealed) VALUES (?, ?, ?, 'stored', 1, 0, '', x'', x'', x'')`)

/** Few values in the part that is in the table, so that many subjects share one. */
const indexOf = (hash: number, rest: number): Buffer => {
  const index = Buffer.alloc(32, rest)
  index.writeUIntBE(hash, 0, 6)
  return index
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      hashes: fc.array(fc.integer({ min: 0, max: 2 ** 48 - 1 }), { maxLength: 90 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('add' as const), hashes: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: fc.nat(500) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
)

it('finds every subject that is there, and says of no other that it may be, over any changes, failures and openings', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 40 }), (steps) => {
      const database = opened()
      const insert = insertInto(database)
      const there = new Map<number, Buffer>()
      let ids = new SubjectIds(database)
      let lastNo = 0
      for (const [one, fails] of steps) {
        if (one.kind === 'reopen') {
          ids = new SubjectIds(database)
          continue
        }
        const before = new Map(there)
        database.exec('BEGIN')
        if (one.kind === 'add') {
          let no = lastNo
          for (const hash of one.hashes) {
            const index = indexOf(hash, ++no % 256)
            insert.run(...rowOf(index, no))
            ids.add(index, no)
            there.set(no, index)
          }
          ids.settle(one.hashes.length)
          if (!fails) lastNo = no
        } else {
          const [no, index] = [...there][one.at % Math.max(1, there.size)] ?? []
          if (no !== undefined && index !== undefined) {
            database.prepare('DELETE FROM subjects WHERE subject_no = ?').run(no)
            ids.remove(index, no)
            there.delete(no)
          }
        }
        database.exec(fails ? 'ROLLBACK' : 'COMMIT')
        ids.ended(!fails)
        if (fails) {
          there.clear()
          for (const [no, index] of before) there.set(no, index)
        }
      }
      for (const [no, index] of there) expect(ids.candidates(index)).toContain(no)
      const known = ids.withCandidates([...there.values()])
      expect(known.size).toBe(there.size)
      const strangers = Array.from({ length: 40 }, () => randomBytes(32))
      expect(ids.withCandidates(strangers).size).toBe(0)
      for (const hash of [0, 5, 9]) {
        const sharing = [...there].filter(([, index]) => index.readUIntBE(0, 6) === hash).map(([no]) => no)
        expect(new Set(ids.candidates(indexOf(hash, 0)))).toEqual(new Set(sharing))
      }
      expect(() => assertIds(database)).not.toThrow()
    }),
  )
})

it('moves ids into the table as they come, and reads again only those that are not there yet', () => {
  const database = opened()
  const insert = insertInto(database)
  const ids = new SubjectIds(database)
  const count = (sql: string) => database.prepare<[], number>(sql).pluck().get() as number
  for (let no = 1; no <= 5_000; no++) {
    const index = randomBytes(32)
    database.exec('BEGIN')
    insert.run(...rowOf(index, no))
    ids.add(index, no)
    ids.settle(1)
    database.exec('COMMIT')
    ids.ended(true)
  }
  const settled = count('SELECT settled_until FROM subject_id_tail')
  expect(settled).toBeGreaterThan(3_500)
  expect(count(`SELECT count(*) FROM subject_ids WHERE subject_no <= ${settled}`)).toBe(settled)
})

it.each([
  ['an entry that is gone', 'DELETE FROM subject_ids WHERE subject_no = 3', 'subjects that their id does not find'],
  ['an entry of nobody', 'INSERT INTO subject_ids VALUES (7, 999)', 'ids without a subject'],
  ['an entry of another id', 'UPDATE subject_ids SET id_hash = id_hash + 1 WHERE subject_no = 4', 'subjects that their id does not find'],
])('names %s when a vault is opened', async (_, harm, detail) => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const entries = Array.from({ length: 60 }, (_value, at) => ({ id: `R-${at}`, references: [referenceOf(`${at}`)] }))
  vault.enrolments.commitBatch({ entries, audit: enrolEntry })
  vault.close()
  const raw = await rawDatabase(folder)
  raw.exec(harm)
  raw.close()
  await expect(reopened(folder)).rejects.toMatchObject({ code: 'vault.damaged', detail })
})

it('refuses a second subject of an id, in the tail or in the table', async () => {
  const vault = await newVault(temporaryFolder())
  const entries = Array.from({ length: 60 }, (_value, at) => ({ id: `R-${at}`, references: [referenceOf(`${at}`)] }))
  vault.enrolments.commitBatch({ entries, audit: enrolEntry })
  vault.enrolments.commit({ id: 'R-60', references: [referenceOf('60')], audit: enrolEntry })
  vault.enrolments.commitBatch({
    entries: [...entries.slice(10, 20), { id: 'R-60', references: [referenceOf('again')] }],
    audit: enrolEntry,
  })
  vault.enrolments.commit({ id: 'R-60', references: [referenceOf('more')], audit: enrolEntry })
  expect(vault.galleries.counts()).toMatchObject({ subjects: 61, references: 61 })
  for (const id of ['R-5', 'R-60']) {
    vault.erasures.erase({ id, audit: eraseEntry })
    expect(vault.subjects.get(id)).toBeUndefined()
    expect(await codeOf(() => vault.erasures.erase({ id, audit: eraseEntry }))).toBe('subject.unknown')
    vault.enrolments.commit({ id, references: [referenceOf('new')], audit: enrolEntry })
    expect(vault.subjects.get(id)).toMatchObject({ references: 1 })
  }
  const report = await vault.upkeep.run({ thorough: true })
  expect(report.checks.flatMap(({ problems }) => problems)).toEqual([])
})

it('makes the table of a vault of before, and keeps numbers, triggers and what names the subjects', () => {
  const database = new Database(':memory:')
  onTestFinished(() => void database.close())
  database.pragma('foreign_keys = ON')
  migrate(
    database,
    migrations.filter(({ number }) => number < 23),
  )
  const insert = insertInto(database)
  const indexes = Array.from({ length: 300 }, () => randomBytes(32))
  for (const [at, index] of indexes.entries()) insert.run(...rowOf(index, at + 1))
  database.exec(`INSERT INTO subject_keys (subject_no, key_epoch, algorithm, nonce, tag, wrapped) VALUES (7, 1, '', x'', x'', x'');
    DELETE FROM subjects WHERE subject_no = 300`)
  const triggers = () => database.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name`).all()
  const before = triggers()
  migrate(database)
  expect(triggers()).toEqual(before)
  expect(database.pragma('foreign_key_check')).toEqual([])
  expect(database.pragma('foreign_keys', { simple: true })).toBe(1)
  expect(() => database.exec('DELETE FROM subjects WHERE subject_no = 7')).toThrow(/FOREIGN KEY/)
  expect(database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'subjects'`).pluck().get()).toBe(300)
  expect(() => assertIds(database)).not.toThrow()
  const ids = new SubjectIds(database)
  for (const [at, index] of indexes.slice(0, 299).entries()) expect(ids.candidates(index)).toEqual([at + 1])
  settleAllIds(database)
  expect(database.prepare('SELECT count(*) FROM subject_ids').pluck().get()).toBe(299)
})
