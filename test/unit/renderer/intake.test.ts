/** What the enrolment desk reckons by itself: labels, ages, files of forms, and what can be decided. */
import { afterEach, describe, expect, test } from 'vitest'
import { builtInForm, type FormField, FormPolicy, formLimits } from '../../../src/contract/form.ts'
import { DecisionReason } from '../../../src/contract/intake.ts'
import { chooseDecision, forgetChosen, isComplete, reasonsFor, useChosen } from '../../../src/renderer/features/decision/choices.ts'
import { problemWords } from '../../../src/renderer/features/enrol/fieldWords.ts'
import { wholeNumber } from '../../../src/renderer/features/settings/EnrolmentPolicyCard.tsx'
import { rulesOf } from '../../../src/renderer/features/settings/FormPreview.tsx'
import { readFormPolicy } from '../../../src/renderer/features/settings/readFormPolicy.ts'
import { ago } from '../../../src/renderer/locale/ago.ts'
import { speak, text } from '../../../src/renderer/locale/text.ts'
import { areaKey, areasOf } from '../../../src/renderer/state/desk.ts'
import { labelIn, valueWords } from '../../../src/renderer/state/formPolicy.ts'

afterEach(() => {
  speak('en')
  forgetChosen()
})

const field = (changes: object): FormField =>
  FormPolicy.shape.fields.element.parse({ id: 'a', type: 'text', label: { en: 'A' }, ...changes })
const fileOf = (fields: readonly object[]) => JSON.stringify({ format: 'vultus.form/1', fields })
const number = { id: 'number', type: 'text', label: { en: 'Number' }, required: true }

test('a label is read in the language of the desk, else in English, else in the first that it has', () => {
  speak('fr')
  expect(labelIn({ en: 'Born', fr: 'Né le' })).toEqual({ words: 'Né le', lang: 'fr' })
  expect(labelIn({ de: 'Geboren', en: 'Born' })).toEqual({ words: 'Born', lang: 'en' })
  expect(labelIn({ 'fr-CA': 'Né', en: 'Born' })).toEqual({ words: 'Né', lang: 'fr-CA' })
  expect(labelIn({ sv: 'Född' })).toEqual({ words: 'Född', lang: 'sv' })
  const choice = field({ type: 'choice', choices: [{ value: 'f', label: { en: 'Female', fr: 'Femme' } }] })
  expect([valueWords(choice, 'f'), valueWords(choice, 'x'), valueWords(undefined, 3)]).toEqual(['Femme', 'x', '3'])
})

test('an age is told in one unit', () => {
  const now = Date.parse('2026-06-09T12:00:00Z')
  const at = (minutes: number) => ago(new Date(now - minutes * 60_000).toISOString(), now)
  expect([at(-5), at(0), at(1), at(59), at(60), at(23 * 60 + 59), at(24 * 60), at(72 * 60)]).toEqual([
    'just now',
    'just now',
    '1 minute ago',
    '59 minutes ago',
    '1 hour ago',
    '23 hours ago',
    '1 day ago',
    '3 days ago',
  ])
})

test('what is wrong with a field is said with its bound', () => {
  expect(problemWords(field({ type: 'date', max: 'today' }), 'tooLarge', true)).toBe('Not after today.')
  expect(problemWords(field({ type: 'number', min: 2 }), 'tooSmall', true)).toBe('Not less than 2.')
  expect(problemWords(field({ type: 'number', integer: true }), 'type', true)).toBe(text.form.problems.integer)
  expect(problemWords(field({ lengthMin: 3 }), 'tooShort', true)).toBe('At least 3 characters.')
  expect(problemWords(builtInForm.fields[0] as FormField, 'missing', false)).toBe(text.enrol.numberMissing)
  expect(problemWords(builtInForm.fields[0] as FormField, undefined, false)).toBeUndefined()
})

test('the rules of a field are told in words', () => {
  expect(rulesOf(field({ required: true, lengthMin: 2, lengthMax: 9, pattern: '[A-Z]+' }))).toEqual([
    'Text',
    'required',
    '2 to 9 characters',
    'written as [A-Z]+',
  ])
  expect(rulesOf(field({ type: 'date', min: '1900-01-01', max: 'today', visibleTo: ['supervisor'] }))).toEqual([
    'Date',
    'from 1900-01-01',
    'to today',
    'seen by: Supervisor',
  ])
})

describe('a file of a form', () => {
  test('is taken as the station takes it', () => {
    const read = readFormPolicy(fileOf([number]))
    expect(read).toMatchObject({ policy: { fields: [{ id: 'number', required: true }] } })
  })

  test.each([
    ['{', 'File', /JSON/],
    [fileOf([{ ...number, type: 'colour' }]), 'number.type', /./],
    [fileOf([number, { id: 'b' }]), 'b.type', /./],
    [fileOf([number, { type: 'text' }]), 'fields.2.id', /./],
    [fileOf([{ ...number, required: false }]), 'number', /required/],
    [fileOf([number, number]), 'number', /twice/],
    [fileOf([number, { id: 'b', type: 'text', label: { en: 'B' }, pattern: '(a' }]), 'b', /pattern/],
    [' '.repeat(formLimits.policyBytesMax + 1), 'File', /64 KiB/],
  ])('%# is refused where it is wrong', (source, at, words) => {
    const read = readFormPolicy(source)
    expect('faults' in read && read.faults[0]).toMatchObject({ at, words: expect.stringMatching(words) })
  })

  test('is refused in the language of the desk', () => {
    speak('de')
    const read = readFormPolicy(fileOf([{ ...number, type: 'colour' }]))
    expect('faults' in read && read.faults[0]?.words).toMatch(/ungültig/i)
  })
})

test('a decision needs its reason, and words where the reason says nothing', () => {
  expect(isComplete(useChosen.getState())).toBe(false)
  chooseDecision('same')
  useChosen.setState({ reason: 'samePerson' })
  expect(isComplete(useChosen.getState())).toBe(true)
  // A reason of one answer does not stay for another.
  chooseDecision('different')
  expect(useChosen.getState().reason).toBeUndefined()
  useChosen.setState({ reason: 'other' })
  expect(isComplete(useChosen.getState())).toBe(false)
  useChosen.setState({ words: 'The ears differ.' })
  expect(isComplete(useChosen.getState())).toBe(true)
  chooseDecision('reject')
  expect(useChosen.getState().reason).toBe('other')
  expect(new Set(Object.values(reasonsFor).flat())).toEqual(new Set(DecisionReason.options))
})

test('a whole number within bounds, and nothing else', () => {
  const bounds = [1, 720] as const
  expect(['1', ' 720 ', '0', '721', '1.5', '', '1e2', '-1'].map((typed) => wholeNumber(typed, bounds))).toEqual([
    1,
    720,
    ...Array(6).fill(undefined),
  ])
})

test('the inbox is for those who decide, and has a letter as its key', () => {
  expect(areasOf('operator')).not.toContain('inbox')
  expect(areasOf('auditor')).not.toContain('inbox')
  expect(areasOf('supervisor')).toContain('inbox')
  expect([areaKey('inbox'), areaKey('enrol'), areaKey('settings')]).toEqual(['Alt I', 'Alt 1', 'Alt 9'])
})
