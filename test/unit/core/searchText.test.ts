import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginsWords, isSearchable, prefixesOf, prefixOf, wordsOf } from '../../../src/core/searchText.ts'

describe('words of a name', () => {
  it('are the same whatever the case, the diacritics and the composition', () => {
    expect(wordsOf('Wilhelmine ÜBERALL-Groß')).toEqual(['wilhelmine', 'uberall', 'gross'])
    expect(wordsOf('José')).toEqual(wordsOf('JOSÉ'))
    expect(wordsOf("O'Brien, Ｊane")).toEqual(['o', 'brien', 'jane'])
    expect(wordsOf('ΟΔΥΣΣΕΥΣ')).toEqual(wordsOf('οδυσσεύς'))
    expect(wordsOf('Straße')).toEqual(wordsOf('STRASSE'))
    expect(wordsOf(' -- ')).toEqual([])
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        expect(wordsOf(text.normalize('NFD'))).toEqual(wordsOf(text.normalize('NFC')))
      }),
    )
  })

  it('are found by prefixes of 3 to 8 characters, short ones as a whole', () => {
    expect(prefixesOf(['wilhelmine', 'li', 'bea'])).toEqual(['wil', 'wilh', 'wilhe', 'wilhel', 'wilhelm', 'wilhelmi', 'li', 'bea'])
    expect(prefixesOf(['𝒳𝒳𝒳𝒳'])).toEqual(['𝒳𝒳𝒳', '𝒳𝒳𝒳𝒳'])
    expect(prefixOf('wilhelmine')).toBe('wilhelmi')
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀'), minLength: 1, maxLength: 12 }), { maxLength: 4 })
    fc.assert(
      fc.property(words, fc.nat({ max: 11 }), (list, cut) => {
        const all = prefixesOf(list)
        expect(new Set(all).size).toBe(all.length)
        for (const word of list) {
          const typed = [...word].slice(0, cut).join('')
          if ([...typed].length >= 3) expect(all).toContain(prefixOf(typed))
        }
      }),
    )
  })

  it('are enough to search for with 3 characters, or a Chinese one', () => {
    expect(['ab', 'a b', '', '--'].map((text) => isSearchable(wordsOf(text)))).toEqual([false, false, false, false])
    expect(['abc', 'wu li', '王伟', '김'].map((text) => isSearchable(wordsOf(text)))).toEqual([true, true, true, true])
  })

  it('are begun by each word of a query', () => {
    const name = wordsOf('Anna Maria Müller')
    expect(['mul', 'anna mu', 'maria anna', 'muller'].map((text) => beginsWords(wordsOf(text), name))).toEqual([true, true, true, true])
    expect(['nna', 'anna x', ''].map((text) => beginsWords(wordsOf(text), name))).toEqual([false, false, false])
  })
})
