/** No language misses a sentence, a place to fill, or a plural form. */
import { expect, test } from 'vitest'
import { errorTable } from '../../../src/contract/errors.ts'
import { errorCatalogues, errorRemedy, errorWords, reasonWords } from '../../../src/renderer/locale/errors/words.ts'
import { catalogues, count, fill, number, speak, text } from '../../../src/renderer/locale/text.ts'

type Sentences = Map<string, string | Record<string, string>>
const isPlural = (value: object): value is Record<string, string> =>
  'other' in value && Object.keys(value).every((key) => categories.has(key))
const categories = new Set(['zero', 'one', 'two', 'few', 'many', 'other'])

function sentencesOf(value: object, path = '', found: Sentences = new Map()): Sentences {
  for (const [name, inner] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`
    if (typeof inner === 'string' || isPlural(inner)) found.set(at, inner)
    else sentencesOf(inner, at, found)
  }
  return found
}

const english = sentencesOf(catalogues.en)
const places = (sentence: string) => [...new Set(sentence.match(/\{\w+\}/g) ?? [])].sort()
const formsOf = (value: string | Record<string, string>) => (typeof value === 'string' ? [value] : Object.values(value))
/** Names and units are the same in every language. */
const international = /^(languages\.|product$|language$|direction$|.*\.(ms|megabytes|elapsed|madeBy)$|drafts\.(begun|by)$)/

test('there are sentences and plurals to compare', () => {
  expect(english.size).toBeGreaterThan(500)
  expect([...english.values()].filter((value) => typeof value !== 'string').length).toBeGreaterThan(8)
})

for (const [language, catalogue] of Object.entries(catalogues)) {
  const sentences = sentencesOf(catalogue)
  test(`${language} has every sentence with its places and nothing else`, () => {
    expect([...sentences.keys()].sort()).toEqual([...english.keys()].sort())
    for (const [at, value] of sentences) {
      const original = english.get(at) ?? ''
      expect(typeof value, at).toBe(typeof original)
      const allowed = places(formsOf(original).join(' '))
      for (const form of formsOf(value)) {
        expect(form.trim(), at).not.toBe('')
        expect(form, at).not.toMatch(/TODO|FIXME|lorem|undefined/i)
        const used = places(form)
        // A form for one, two or none may leave the number out.
        if (typeof value === 'string') expect(used, at).toEqual(allowed)
        else expect(allowed, at).toEqual(expect.arrayContaining(used.filter((place) => place !== '{n}')))
      }
    }
  })

  test(`${language} has a form for each of its plural categories`, () => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    for (const [at, value] of sentences) {
      if (typeof value !== 'string') expect(Object.keys(value), at).toEqual(expect.arrayContaining([...needed]))
    }
  })

  if (language === 'en') continue
  test(`no whole sentence of ${language} is left in English`, () => {
    const left = [...sentences].filter(
      ([at, value]) => !international.test(at) && typeof value === 'string' && / .* /.test(value) && value === english.get(at),
    )
    expect(left).toEqual([])
  })

  test(`refusals in ${language} are codes of the error table, with message and remedy`, () => {
    const words = Object.entries(errorCatalogues[language as 'de'] ?? {})
    expect(words.length).toBeGreaterThan(50)
    for (const [code, [message, remedy]] of words) {
      expect(Object.keys(errorTable)).toContain(code)
      expect(message).not.toBe(errorTable[code as keyof typeof errorTable].message)
      expect(remedy.trim()).not.toBe('')
    }
  })
}

/** Told by commands, endpoints, set-up and the logs alone, never by the window. */
const ofOtherDoors =
  /^(template\.|request\.(unknown|methodRefused|mediaTypeRefused|hostRefused|originRefused)$|setup\.|browser\.|file\.|gallery\.blockRefused$|backup\.(missing|mismatch)$|audit\.witnessUnusable$|certificate\.invalid$|evaluation\.cancelled$)/

test('every refusal that the window may show has words in every language, and none names a command', () => {
  try {
    for (const language of ['en', 'de', 'fr', 'ar'] as const) {
      speak(language)
      const codes = Object.keys(errorTable) as (keyof typeof errorTable)[]
      if (language !== 'en') expect(codes.filter((code) => !ofOtherDoors.test(code) && errorWords(code) === undefined)).toEqual([])
      const remedies = codes.filter((code) => !ofOtherDoors.test(code)).map((code) => `${reasonWords(code)} ${errorRemedy(code)}`)
      expect(remedies.filter((words) => /vultus |npm |--[a-z]/.test(words))).toEqual([])
    }
  } finally {
    speak('en')
  }
})

test('the language changes sentences, plurals and numbers at once', () => {
  try {
    speak('de')
    expect(text.areas.enrol).toBe(catalogues.de.areas.enrol)
    expect(number(48_210)).toBe('48.210')
    expect(count(text.subjects.found, 1)).toBe('1 Person')
    speak('ar')
    expect(count(text.subjects.found, 2)).toBe('شخصان')
    expect(count(text.subjects.found, 3)).toContain('أشخاص')
  } finally {
    speak('en')
  }
  expect(fill('{a} and {b}', { a: 'one' })).toBe('one and {b}')
})
