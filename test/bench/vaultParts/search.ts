import { wordsOf } from '../../../src/core/searchText.ts'
import type { Vault } from '../../../src/vault/vault.ts'
import { nameOf, randomOf } from './data.ts'
import { type Measured, measured, timeMs } from './measure.ts'

const typings = 60
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

/** Search as you type: the time of each keystroke's page, and of the slowest. */
export function searchSpeed(vault: Vault, rows: number): Measured[] {
  const next = randomOf(7)
  const times: Record<'letters' | 'words' | 'id' | 'nobody', number[]> = { letters: [], words: [], id: [], nobody: [] }
  const search = (query: string) => {
    let count = 0
    const ms = timeMs(() => {
      count = vault.searchSubjects({ query, limit: pageRows, after: 0 }).subjects.length
    })
    return { ms, count }
  }
  for (let round = 0; round < typings; round++) {
    const row = Math.floor(next() * rows)
    for (const query of typedOf(nameOf(row))) {
      const { ms, count } = search(query)
      if (count === 0) throw new Error(`Nobody was found by "${query}"`)
      times[query.includes(' ') ? 'words' : 'letters'].push(ms)
    }
    times.id.push(search(`B-${String(row).padStart(8, '0').slice(0, 6)}`).ms)
    times.nobody.push(search(`${nameOf(row).slice(0, 4)}zzzz`).ms)
  }
  const slowest = Math.max(...Object.values(times).flat())
  return [
    measured(`search ${rows}: a word`, 'vault', times.letters, searchMsMax),
    measured(`search ${rows}: two words`, 'vault', times.words, searchMsMax),
    measured(`search ${rows}: an id`, 'vault', times.id, searchMsMax),
    measured(`search ${rows}: nobody`, 'vault', times.nobody, searchMsMax),
    measured(`search ${rows}: the slowest`, 'vault', [slowest], searchMsMax),
  ]
}
