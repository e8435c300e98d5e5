/** Rows of the blind index that are written together are those that are written one by one. */
import { createHmac, createSecretKey } from 'node:crypto'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { ManyMacs, PrefixRows } from '../../src/vault/prefixRows.ts'
import { enrolEntry, newVault, rawDatabase, referenceOf, temporaryFolder } from './fixtures.ts'

it('gives the bytes of createHmac for any key and text', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      fc.array(fc.string({ unit: 'binary', maxLength: 16 }), { maxLength: 20 }),
      (bytes, texts) => {
        const key = createSecretKey(bytes)
        const macs = new ManyMacs(key, 64)
        for (const text of texts) expect(macs.of(text)).toEqual(createHmac('sha256', key).update(text).digest())
        macs.end()
      },
    ),
  )
})

it('refuses a text that is longer than was told, and a key of more than a block', () => {
  const macs = new ManyMacs(createSecretKey(Buffer.alloc(32, 1)), 8)
  expect(macs.of('12345678')).toHaveLength(32)
  expect(() => macs.of('123456789')).toThrow(RangeError)
  expect(() => new ManyMacs(createSecretKey(Buffer.alloc(65, 1)), 8)).toThrow(RangeError)
})

it('writes every row once, whatever there was before and however many there are', () => {
  const database = new Database(':memory:')
  onTestFinished(() => void database.close())
  database.exec(
    'CREATE TABLE prefixes (prefix INTEGER NOT NULL, subject_no INTEGER NOT NULL, PRIMARY KEY (prefix, subject_no)) WITHOUT ROWID',
  )
  const rows = new PrefixRows(database)
  const seen = new Set<string>()
  const largest = 2 ** 48 - 1
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.oneof(fc.constant(largest), fc.integer({ min: 0, max: 40 })), fc.integer({ min: 1, max: 30 })), {
        maxLength: 200,
      }),
      (pairs) => {
        const held = new Map<number, number[]>()
        for (const [prefix, subjectNo] of pairs) {
          held.set(prefix, [...(held.get(prefix) ?? []), subjectNo])
          seen.add(`${prefix}/${subjectNo}`)
        }
        rows.addAll(held)
        const stored = database.prepare<[], string>(`SELECT prefix || '/' || subject_no FROM prefixes`).pluck().all()
        expect(new Set(stored)).toEqual(seen)
      },
    ),
  )
})

it('makes the same index of a batch as of single enrolments', async () => {
  const names = ['Anna Überall', 'Anna-Lena Strauß', '王小明', 'Li Q', 'Ὀδυσσεύς', 'anna', 'Bartholomäus von der Anna']
  const indexOf = async (store: (vault: Awaited<ReturnType<typeof newVault>>) => void) => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    store(vault)
    const found = ['anna', 'str', 'ann bar', '王', 'id-1', 'nobody'].map((query) =>
      vault.subjects.search({ query, limit: 20, after: 0 }).subjects.map(({ id }) => id),
    )
    vault.close()
    const raw = await rawDatabase(folder)
    // The hashes of two vaults have nothing in common; how many subjects share one has.
    const counts = raw.prepare('SELECT count(*) AS count, min(subject_no) AS first FROM prefixes GROUP BY prefix ORDER BY 1, 2').all()
    return { found, counts }
  }
  const entries = names.map((name, at) => ({ id: `ID-${at}`, name, references: [referenceOf(name)] }))
  const together = await indexOf((vault) => vault.enrolments.commitBatch({ entries, audit: enrolEntry }))
  const alone = await indexOf((vault) => {
    for (const entry of entries) vault.enrolments.commit({ ...entry, audit: enrolEntry })
  })
  expect(together).toEqual(alone)
  expect(together.found[0]).toHaveLength(4)
})
