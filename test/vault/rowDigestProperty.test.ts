/** The digest over the rows is that of the tables, however they came to be what they are; and no row of before has it. */
import { createSecretKey } from 'node:crypto'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { VultusError } from '../../src/contract/errors.ts'
import { migrate, migrations } from '../../src/vault/migrations/migrate.ts'
import { assertRows, RowDigest } from '../../src/vault/rowDigest.ts'
import { type DigestedTable, digestedIn } from '../../src/vault/rowTables.ts'
import { seedOf } from '../fault/rounds.ts'

const keys = { rows: createSecretKey(Buffer.alloc(32, 7)) }
const runs = { seed: seedOf(20_310_506), numRuns: 80 }

const subjectColumns = 'audit_id, id_index, origin, version, created_ms, algorithm, identity_nonce, identity_tag, identity_sealed'
const subjectOf = (name: string, origin: string) =>
  `'${name}' || @no, CAST('${name}' || @no AS BLOB), '${origin}', 1, 0, '', X'', @tag, X''`
const intoReferences = `INTO subject_references (reference_no, subject_no, version, active, model, capture_source, pad, created_ms,
  algorithm, nonce, tag, sealed) VALUES`
const referenceOf = (no: string) => `(${no}, @to, 1, 1, 'm', 'file', 'passed', 0, '', X'', @tag, X'')`
const intoSamples = 'INTO samples (reference_no, algorithm, nonce, tag, sealed)'

/** A number so far above all that were given out. */
const nextOf = (table: string, key: string, above: string) =>
  `(SELECT max((SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '${table}'), (SELECT coalesce(max(${key}), 0) FROM ${table})) + ${above})`
const nextReference = (above: string) => nextOf('subject_references', 'reference_no', above)

/** @no and @to are numbers of rows, @tag some bytes. */
const changes = {
  subject: `INSERT INTO subjects (subject_no, ${subjectColumns}) VALUES (${nextOf('subjects', 'subject_no', '@no')}, ${subjectOf('a', 'stored')})`,
  numberedSubject: `INSERT INTO subjects (${subjectColumns}) VALUES (${subjectOf('n', 'stored')})`,
  // Takes the place of whoever has the id.
  replacedSubject: `INSERT OR REPLACE INTO subjects (${subjectColumns}) VALUES (${subjectOf('a', 'enrolled')})`,
  changedSubjects: 'UPDATE subjects SET version = version + @no, identity_tag = @tag WHERE subject_no % 3 = @to % 3',
  goneSubject: 'DELETE FROM subjects WHERE subject_no = @no',
  goneNewest: 'DELETE FROM subjects WHERE subject_no = (SELECT max(subject_no) FROM subjects)',
  goneSubjects: 'DELETE FROM subjects WHERE subject_no % 3 = @no % 3',
  reference: `INSERT ${intoReferences} ${referenceOf(nextReference('@no'))}`,
  // Where both have one number, neither comes.
  twoReferences: `INSERT ${intoReferences} ${referenceOf(nextReference('@no'))}, ${referenceOf(nextReference('@to'))}`,
  // Where both have one number, the first stays.
  someReferences: `INSERT OR FAIL ${intoReferences} ${referenceOf(nextReference('@no'))}, ${referenceOf(nextReference('@to'))}`,
  supersededReferences: 'UPDATE subject_references SET active = 0, superseded_ms = @to, version = version + 1 WHERE subject_no = @no',
  goneReference: 'DELETE FROM subject_references WHERE reference_no = @no',
  sample: `INSERT ${intoSamples} VALUES (@no, '', X'', @tag, X'')`,
  sampleOfAnother: `INSERT ${intoSamples} SELECT @to, algorithm, nonce, tag, sealed FROM samples WHERE reference_no = @no`,
  samplesOfReferences: `INSERT OR IGNORE ${intoSamples} SELECT reference_no, algorithm, nonce, tag, sealed FROM subject_references`,
  movedSamples: 'UPDATE OR IGNORE samples SET reference_no = @to WHERE reference_no >= @no',
  goneSample: 'DELETE FROM samples WHERE reference_no = @no',
  setting: `INSERT INTO settings (name, value, changed_ms) VALUES ('s' || @no, hex(@tag), 0)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  goneSetting: `DELETE FROM settings WHERE name = 's' || @no`,
} as const

interface Change {
  readonly what: keyof typeof changes
  readonly no: number
  readonly to: number
  readonly tag: number
}
/** A part is a savepoint; one that fails is taken back to where it began, and the transaction goes on. */
interface Part {
  readonly fails: boolean
  readonly steps: readonly (Change | Part)[]
}

/** Low and high numbers, few enough to meet again. */
const numberIn = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1_000_000, max: 1_000_003 }))
const changeIn: fc.Arbitrary<Change> = fc.record({
  what: fc.constantFrom(...(Object.keys(changes) as Change['what'][])),
  no: numberIn,
  to: numberIn,
  tag: fc.integer({ min: 0, max: 3 }),
})
const { part: partIn } = fc.letrec<{ part: Part; step: Change | Part }>((tie) => ({
  part: fc.record({ fails: fc.boolean(), steps: fc.array(tie('step'), { minLength: 1, maxLength: 8 }) }),
  step: fc.oneof({ maxDepth: 3 }, { weight: 6, arbitrary: changeIn }, { weight: 1, arbitrary: tie('part') }),
}))

function newDatabase(): Database.Database {
  const database = new Database(':memory:')
  migrate(database)
  // What refers to what is not asked here: rows may come in any order.
  database.pragma('foreign_keys = OFF')
  database.prepare('INSERT INTO audit_head (only_row, records, hash, mac) VALUES (1, 0, ?, ?)').run(Buffer.alloc(32), Buffer.alloc(32))
  return database
}

function takeChange(database: Database.Database, { what, no, to, tag }: Change): void {
  const values = Object.entries({ no, to, tag: Buffer.from([tag]) }).filter(([name]) => changes[what].includes(`@${name}`))
  try {
    database.prepare(changes[what]).run(Object.fromEntries(values))
  } catch (error) {
    // The transaction goes on without what could not come.
    const taken = error instanceof Database.SqliteError && /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY|ROWID)$/.test(error.code)
    if (!taken) throw error
  }
}

function takePart(database: Database.Database, { fails, steps }: Part): void {
  database.exec('SAVEPOINT part')
  for (const step of steps) {
    if ('what' in step) takeChange(database, step)
    else takePart(database, step)
  }
  if (fails) database.exec('ROLLBACK TO part')
  database.exec('RELEASE part')
}

class TakenBack extends Error {}

/** As the vault does it. @param fails after the sum was written: as where the disk is full */
function transact(database: Database.Database, rows: RowDigest, part: Part, fails: boolean): void {
  const transaction = database.transaction(() => {
    takePart(database, part)
    rows.keep()
    if (fails) throw new TakenBack()
  })
  try {
    rows.follow(() => transaction.immediate())
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error
  }
}

const transactionsIn = fc.array(fc.record({ part: partIn, fails: fc.boolean() }), { minLength: 1, maxLength: 10 })

it('is the digest of the tables after each transaction, and a look at them between transactions agrees', () => {
  fc.assert(
    fc.property(transactionsIn, fc.nat({ max: 9 }), (transactions, lookedAtFrom) => {
      const database = newDatabase()
      const rows = new RowDigest(database, keys)
      let look: Generator<undefined, boolean> | undefined
      for (const [at, { part, fails }] of transactions.entries()) {
        if (at === lookedAtFrom) look = rows.look()
        transact(database, rows, part, fails)
        assertRows(database, keys)
        const step = look?.next()
        if (step?.done !== true) continue
        expect(step.value).toBe(true)
        look = rows.look()
      }
      for (let step = look?.next(); step !== undefined; step = look?.next()) {
        if (step.done !== true) continue
        expect(step.value).toBe(true)
        break
      }
      database.close()
    }),
    runs,
  )
})

type Row = Record<string, unknown>

const digested = digestedIn(migrations.at(-1)?.number ?? 0).map(([, table]) => table)

/** What is digested of each row, by the row's key. */
function rowsOf(database: Database.Database, { name, key, columns }: DigestedTable): Map<unknown, Row> {
  const rows = database.prepare<[], Row>(`SELECT ${[key, ...columns].join(', ')} FROM ${name}`).all()
  return new Map(rows.map((row) => [String(row[key]), row]))
}

/** Puts one row of before back into a table, by what is digested of it; where there was none, the row goes. */
function putBack(database: Database.Database, table: DigestedTable, now: Row | undefined, before: Row | undefined): void {
  const { name, key } = table
  if (before === undefined) {
    database.prepare(`DELETE FROM ${name} WHERE ${key} = ?`).run(now?.[key])
    return
  }
  // Of a row that is gone another one is a stand-in for what is not digested.
  const columns = database.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(name)
  if (now === undefined) {
    const known = new Map(Object.entries(before))
    const filler: Row = {
      audit_id: 'back',
      id_index: Buffer.from('back'),
      model: 'm',
      capture_source: 'file',
      pad: 'passed',
      algorithm: '',
    }
    const value = (column: string) =>
      known.has(column)
        ? known.get(column)
        : (filler[column] ?? (/nonce|sealed|tag|wrapped/.test(column) ? Buffer.alloc(0) : column === 'encoding' ? 'plain' : 0))
    database.prepare(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`).run(...columns.map(value))
    return
  }
  const set = Object.keys(before).filter((column) => column !== key)
  if (set.length === 0) return
  database.prepare(`UPDATE ${name} SET ${set.map((column) => `${column} = @${column}`).join(', ')} WHERE ${key} = @${key}`).run(before)
}

it('is not that of the tables with any one row of before', () => {
  let replayed = 0
  fc.assert(
    fc.property(transactionsIn, transactionsIn, (first, then) => {
      const database = newDatabase()
      const rows = new RowDigest(database, keys)
      for (const { part } of first) transact(database, rows, { ...part, fails: false }, false)
      const before = digested.map((table) => rowsOf(database, table))
      for (const { part } of then) transact(database, rows, { ...part, fails: false }, false)
      for (const [at, table] of digested.entries()) {
        const [old, now] = [before[at] as Map<unknown, Row>, rowsOf(database, table)]
        for (const key of new Set([...old.keys(), ...now.keys()])) {
          if (JSON.stringify(old.get(key)) === JSON.stringify(now.get(key))) continue
          database.exec('SAVEPOINT replay')
          putBack(database, table, now.get(key), old.get(key))
          expect(() => assertRows(database, keys), `${table.name} ${key}`).toThrow(VultusError)
          database.exec('ROLLBACK TO replay')
          database.exec('RELEASE replay')
          replayed += 1
        }
      }
      assertRows(database, keys)
      database.close()
    }),
    runs,
  )
  expect(replayed).toBeGreaterThan(100)
})
