import type Database from 'better-sqlite3'
import { wordsOf } from '../../../src/core/searchText.ts'
import type { Vault } from '../../../src/vault/vault.ts'
import { nameOf, randomOf } from './data.ts'
import { largePrefix } from './large.ts'
import { type Measured, measured, type Time, timeOf } from './measure.ts'
import { idOf } from './stores.ts'

const typings = 100
const pageRows = 20
const searchMsMax = 50

/** What somebody types who looks for this name: its beginning, a character more each time, then the next word. */
function typedOf(name: string): string[] {
  const [first = '', second = ''] = wordsOf(name)
  const characters = [...first]
  const beginnings = characters.map((_, at) => characters.slice(0, at + 1).join('')).filter((text) => [...text].length >= 3)
  return [...beginnings, ...[1, 2, 3].map((count) => `${first} ${[...second].slice(0, count).join('')}`)].filter(
    (text) => text.trim().length >= 3,
  )
}

/** Search as you type: the time of each keystroke's page; the largest one stands beside. */
export function searchSpeed(vault: Vault, plain: Database.Database, rows: number): Measured[] {
  const next = randomOf(7)
  const times = new Map<string, { vault: Time[]; plain: Time[] }>()
  const inPlain = plainSearch(plain)
  const search = (what: string, query: string, wanted: boolean) => {
    let page: ReturnType<Vault['subjects']['search']> | undefined
    const time = timeOf(() => {
      page = vault.subjects.search({ query, limit: pageRows, after: 0 })
    })
    // A page may be empty where more follow.
    if (wanted && page?.subjects.length === 0 && page.after === null) throw new Error(`Nobody was found by "${query}"`)
    const known = times.get(what) ?? { vault: [], plain: [] }
    known.vault.push(time)
    known.plain.push(timeOf(() => inPlain(query)))
    times.set(what, known)
  }
  for (let round = 0; round < typings; round++) {
    const row = Math.floor(next() * rows)
    for (const query of typedOf(nameOf(row))) search(query.includes(' ') ? 'two words' : 'a word', query, true)
    search('an id', idOf(largePrefix, row).slice(0, 8), true)
    search('nobody', `${nameOf(row).slice(0, 4)}zzzz`, false)
  }
  return [...times].flatMap(([what, of]) => [
    measured(`search ${rows}: ${what}`, 'vault', of.vault, searchMsMax),
    measured(`search ${rows}: ${what}`, 'plain', of.plain),
  ])
}

/** A page of names whose words begin as those of the query, out of an index of words in clear; or of ids. */
function plainSearch(plain: Database.Database): (query: string) => number {
  const end = '\u{10ffff}'
  const has = 'EXISTS (SELECT 1 FROM words w WHERE w.subject_no = s.subject_no AND w.word BETWEEN ? AND ?)'
  plain.exec('CREATE INDEX IF NOT EXISTS words_of_subject ON words (subject_no)')
  const byWord = plain.prepare(
    `SELECT DISTINCT s.* FROM words w JOIN subjects s USING (subject_no) WHERE w.word BETWEEN ? AND ? LIMIT ${pageRows}`,
  )
  const byWords = plain.prepare(
    `SELECT DISTINCT s.* FROM words f JOIN subjects s USING (subject_no) WHERE f.word BETWEEN ? AND ? AND ${has} LIMIT ${pageRows}`,
  )
  const byId = plain.prepare(`SELECT * FROM subjects WHERE id BETWEEN ? AND ? LIMIT ${pageRows}`)
  return (query) => {
    if (query.startsWith(`${largePrefix}-`)) return byId.all(query, query + end).length
    const [first = '', second] = wordsOf(query)
    if (second === undefined) return byWord.all(first, first + end).length
    return byWords.all(first, first + end, second, second + end).length
  }
}
