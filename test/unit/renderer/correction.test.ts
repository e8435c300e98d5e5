/** What the window sends to correct a subject. */
import { expect, it } from 'vitest'
import { FormPolicy, formFormat } from '../../../src/contract/form.ts'
import { correctable, correctionOf, valuesOf } from '../../../src/renderer/features/subjects/correction.ts'

const label = { en: 'Field' }
const policy = FormPolicy.parse({
  format: formFormat,
  fields: [
    { id: 'number', type: 'text', label, required: true },
    { id: 'name', type: 'text', label, required: true },
    { id: 'born', type: 'date', label, required: true, max: 'today' },
    { id: 'people', type: 'number', label },
    { id: 'file', type: 'documentNumber', label, visibleTo: ['administrator'] },
  ],
})
const shown = correctable(policy, 'supervisor')
const subject = { name: 'Ada', form: { version: 1, values: { born: '1815-12-10', people: 3 } } }
const correct = (typed: object) => correctionOf(shown, subject, { ...valuesOf(shown, subject), ...typed }, '2031-05-06')

it('the number and fields that are hidden from the role are not offered', () => {
  expect(shown.fields.map(({ id }) => id)).toEqual(['name', 'born', 'people'])
  expect(valuesOf(shown, subject)).toEqual({ name: 'Ada', born: '1815-12-10', people: '3' })
  expect(valuesOf(shown, { name: null, form: null })).toEqual({ name: '', born: '', people: '' })
})

it('only what is different is sent: the name alone, the whole form, or nothing', () => {
  expect(correct({})).toEqual({ problems: {}, differs: false })
  expect(correct({ name: ' Ada ' }).differs).toBe(false)
  expect(correct({ name: 'Augusta' })).toEqual({ name: 'Augusta', problems: {}, differs: true })
  expect(correct({ people: '4' })).toEqual({ form: { born: '1815-12-10', people: 4 }, problems: {}, differs: true })
  expect(correct({ people: '' })).toEqual({ form: { born: '1815-12-10' }, problems: {}, differs: true })
})

it('what is wrong is told of what is sent, and of nothing else', () => {
  expect(correct({ name: '' }).problems).toEqual({ name: 'missing' })
  expect(correct({ born: '2031-05-07' }).problems).toEqual({ born: 'tooLarge' })
  const incomplete = { name: 'Ada', form: null }
  expect(correctionOf(shown, incomplete, { ...valuesOf(shown, incomplete), name: 'Augusta' }, '2031-05-06').problems).toEqual({})
})
