/**
 * How names are searched: word by word, by their beginnings, whatever the letters' case and diacritics.
 * Words are compared as Unicode NFKD without the combining diacritics U+0300 to U+036F, case folded.
 */

export const prefixCharactersMin = 3
export const prefixCharactersMax = 8

const diacritics = /[̀-ͯ]/gu
const between = /[^\p{L}\p{M}\p{N}]+/u
const ideograph = /\p{Script=Han}/u

/** The words of a text as they are compared. */
export function wordsOf(text: string): string[] {
  // Upper case first: it unfolds letters that have no other single capital (ß to SS), as case folding does.
  const folded = text.normalize('NFKD').replace(diacritics, '').toUpperCase().toLowerCase().replaceAll('ς', 'σ')
  return folded.split(between).filter((word) => word !== '')
}

/** An id as it is compared. */
export function foldedId(id: string): string {
  return id.toLowerCase()
}

/** The beginning of a word by which it is looked up, or the whole word where it is short. */
export function prefixOf(word: string): string {
  return [...word].slice(0, prefixCharactersMax).join('')
}

/** Everything by which a text is found: the prefixes of 3 to 8 characters of its words, and words that are shorter. */
export function prefixesOf(words: readonly string[]): string[] {
  const prefixes = new Set<string>()
  for (const word of words) {
    const characters = [...word]
    if (characters.length < prefixCharactersMin) prefixes.add(word)
    const longest = Math.min(prefixCharactersMax, characters.length)
    for (let length = prefixCharactersMin; length <= longest; length++) prefixes.add(characters.slice(0, length).join(''))
  }
  return [...prefixes]
}

/** Whether there is enough to look for: 3 characters, or a Chinese character, of which names often have two. */
export function isSearchable(words: readonly string[]): boolean {
  return words.reduce((sum, word) => sum + [...word].length, 0) >= prefixCharactersMin || words.some((word) => ideograph.test(word))
}

/** Whether each word of a query begins a word of the name. */
export function beginsWords(query: readonly string[], name: readonly string[]): boolean {
  return query.length > 0 && query.every((wanted) => name.some((word) => word.startsWith(wanted)))
}
