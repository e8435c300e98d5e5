/** Search as you type: what the index finds is what a look at every name finds. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginsWords, wordsOf } from '../../src/core/searchText.ts'
import type { Vault } from '../../src/vault/vault.ts'
import {
  codeOf,
  enrolEntry,
  eraseEntry,
  filesWith,
  model,
  newVault,
  rawDatabase,
  referenceOf,
  reopened,
  storeEntry,
  templateOf,
  temporaryFolder,
} from './fixtures.ts'

const seed = Number(process.env.VULTUS_SEED ?? 20_310_506)
const reference = referenceOf('a', { sample: null, quality: null })

const enrol = (vault: Vault, id: string, name?: string) => vault.enrolments.commit({ id, name, references: [reference], audit: enrolEntry })

/** Ids of all pages. */
function found(vault: Vault, query: string, limit = 7): string[] {
  const ids: string[] = []
  let after: number | null = 0
  while (after !== null) {
    const page: ReturnType<Vault['subjects']['search']> = vault.subjects.search({ query, limit, after })
    expect(page.subjects.length).toBeLessThanOrEqual(limit)
    ids.push(...page.subjects.map((subject) => subject.id))
    after = page.after
  }
  return ids
}

const prefixRows = async (folder: string) => (await rawDatabase(folder)).prepare<[], number>('SELECT count(*) FROM prefixes').pluck().get()

describe('a search', () => {
  it('finds by the beginnings of words, by the id and by its beginning', async () => {
    const vault = await newVault(temporaryFolder())
    enrol(vault, 'R-1001', 'Wilhelmine Überall')
    enrol(vault, 'R-1002', 'Wilma Groß')
    enrol(vault, 'X-7', 'Wu Li')
    enrol(vault, 'X-8')
    vault.storedTemplates.commit({ id: 'R-1003', model, template: templateOf('t'), metadata: {}, audit: storeEntry })
    expect(found(vault, 'wil')).toEqual(['R-1001', 'R-1002'])
    expect(found(vault, 'WILHELMINE')).toEqual(['R-1001'])
    expect(found(vault, 'wilhelmino')).toEqual([])
    expect(found(vault, 'ube wilh')).toEqual(['R-1001'])
    expect(found(vault, 'gross')).toEqual(['R-1002'])
    expect(found(vault, 'gro w')).toEqual(['R-1002'])
    expect(found(vault, 'wu li')).toEqual(['X-7'])
    expect(found(vault, 'r-100')).toEqual(['R-1001', 'R-1002'])
    expect(found(vault, 'R-1002')).toEqual(['R-1002'])
    expect(found(vault, 'X-8')).toEqual(['X-8'])
    expect(found(vault, 'R-1003')).toEqual(['R-1003'])
    expect(vault.subjects.search({ query: 'wil', limit: 10, after: 0 }).subjects[0]).toMatchObject({
      name: 'Wilhelmine Überall',
      references: 1,
    })
    for (const query of ['wi', 'r-', 'a b', '-', 'X-']) expect(await codeOf(() => found(vault, query))).toBe('search.tooShort')
  })

  it('finds what a look at every name finds, page by page, after any changes', async () => {
    const vault = await newVault(temporaryFolder())
    const word = fc.string({ unit: fc.constantFrom('a', 'B', 'é', 'ß', '王'), minLength: 1, maxLength: 10 })
    const name = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '))
    const change = fc.record({
      no: fc.nat({ max: 25 }),
      name: fc.option(name, { nil: undefined }),
      erase: fc.nat({ max: 4 }).map((n) => n === 0),
    })
    const names = new Map<string, string | undefined>()
    const query = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'e', 's', '王'), minLength: 3, maxLength: 9 }), {
      minLength: 1,
      maxLength: 2,
    })
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 12 }),
        fc.array(query, { maxLength: 4 }),
        fc.integer({ min: 1, max: 5 }),
        (changes, queries, limit) => {
          for (const { no, name: given, erase } of changes) {
            const id = `N-${no}`
            if (erase && names.has(id)) {
              vault.erasures.erase({ id, audit: eraseEntry })
              names.delete(id)
            } else {
              enrol(vault, id, given)
              names.set(id, given ?? names.get(id))
            }
          }
          for (const words of queries) {
            const text = words.join(' ')
            const expected = [...names]
              .filter(([, known]) => known !== undefined && beginsWords(wordsOf(text), wordsOf(known)))
              .map(([id]) => id)
            expect(found(vault, text, limit).sort()).toEqual(expected.sort())
          }
        },
      ),
      { seed, numRuns: 25 },
    )
  })

  it('leaves no row of what was erased or renamed', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    enrol(vault, 'R-1', 'Ada Example')
    enrol(vault, 'R-1', 'Bea Other')
    expect(found(vault, 'ada')).toEqual([])
    expect(found(vault, 'bea')).toEqual(['R-1'])
    enrol(vault, 'R-1')
    expect(found(vault, 'bea')).toEqual(['R-1'])
    vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
    vault.close()
    expect(await prefixRows(folder)).toBe(0)
  })

  it('indexes the subjects of an older vault when it is opened', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    for (let no = 0; no < 12; no++) enrol(vault, `R-${no}`, `Ada Nr${no}`)
    vault.close()
    const raw = await rawDatabase(folder)
    raw.exec('DELETE FROM prefixes; UPDATE prefix_backlog SET done_until = 3, missing_until = 10')
    raw.close()
    const again = await reopened(folder)
    expect(found(again, 'ada')).toEqual(['R-3', 'R-4', 'R-5', 'R-6', 'R-7', 'R-8', 'R-9'])
  })

  it('keeps no beginning of a name in clear', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    enrol(vault, 'R-1', 'Wilhelmine')
    vault.close()
    for (const text of ['wilhe', 'Wilhelmi']) expect(filesWith(folder, Buffer.from(text))).toEqual([])
  })
})

it('a list comes in pages, in the order in which the subjects came', async () => {
  const vault = await newVault(temporaryFolder())
  for (let no = 1; no <= 5; no++) enrol(vault, `R-${no}`)
  const first = vault.subjects.page({ after: 0, limit: 3 })
  expect(first.subjects.map((subject) => subject.id)).toEqual(['R-1', 'R-2', 'R-3'])
  expect(vault.subjects.page({ after: first.after as number, limit: 3 })).toMatchObject({
    subjects: [{ id: 'R-4' }, { id: 'R-5' }],
    after: null,
  })
  expect(vault.subjects.page({ after: 5, limit: 3 })).toEqual({ subjects: [], after: null })
})
