/** Rows that are inserted several by one statement are those that were put in, in their order. */
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RowsTogether } from '../../src/vault/rowsTogether.ts'
import { seedOf } from '../fault/rounds.ts'

const rowIn = fc.record({
  own: fc.tuple(fc.string({ maxLength: 4 }), fc.integer()),
  shared: fc.record({ kind: fc.constantFrom('a', 'b'), at: fc.integer({ min: 1, max: 3 }) }),
})
/** Rows of one kind follow each other for a while, as they do in batches. */
const rowsIn = fc
  .array(fc.record({ row: rowIn, times: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 130 })), later: fc.boolean() }), {
    maxLength: 6,
  })
  .map((parts) => parts.flatMap(({ row, times, later }) => Array.from({ length: times }, () => ({ ...row, later }))))

function table() {
  const database = new Database(':memory:')
  database.exec('CREATE TABLE t (no INTEGER PRIMARY KEY, text TEXT, number INTEGER, kind TEXT, at INTEGER) STRICT')
  const rows = new RowsTogether<[string, number], { kind: string; at: number }>(database, 'INSERT INTO t', {
    own: ['text', 'number'],
    shared: ['kind', 'at'],
  })
  const all = () => database.prepare('SELECT text, number, kind, at FROM t ORDER BY no').raw().all()
  return { rows, all }
}

it('with values of their own and values in common, those that do not wait before those that do', () => {
  fc.assert(
    fc.property(rowsIn, (given) => {
      const { rows, all } = table()
      for (const { own, shared, later } of given) rows.put(own, shared, later)
      rows.flush()
      rows.flush()
      const inOrder = [...given.filter(({ later }) => !later), ...given.filter(({ later }) => later)]
      expect(all()).toEqual(inOrder.map(({ own, shared }) => [...own, shared.kind, shared.at]))
    }),
    { seed: seedOf(4_100_977), numRuns: 60 },
  )
})

it('and none of what was dropped', () => {
  const { rows, all } = table()
  rows.put(['dropped', 1], { kind: 'a', at: 1 }, true)
  rows.drop()
  rows.put(['kept', 2], { kind: 'a', at: 1 }, true)
  rows.flush()
  expect(all()).toEqual([['kept', 2, 'a', 1]])
})
