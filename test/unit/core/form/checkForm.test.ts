/** The form policy: what may stand in it, and what may stand in its fields. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { builtInForm, FormPolicy, FormValues, formFormat, formLimits } from '../../../../src/contract/form.ts'
import { checkForm, problemOfPolicy } from '../../../../src/core/form/checkForm.ts'

const label = { en: 'A field' }
const number = { id: 'number', type: 'text', label, required: true } as const
const policyOf = (...fields: object[]) => FormPolicy.parse({ format: formFormat, fields: [number, ...fields] })
const today = '2031-05-06'
const check = (policy: FormPolicy, filled: FormValues) => checkForm(policy, filled, { today })
const problemsOf = (policy: FormPolicy, filled: FormValues) =>
  check(policy, { number: 'R-1', ...filled }).faults.map(({ field, problem }) => `${field} ${problem}`)

describe('values', () => {
  it('of the built-in form are number and name', () => {
    expect(check(builtInForm, { number: ' R-1 ', name: ' Ada ' })).toEqual({ values: { number: 'R-1', name: 'Ada' }, faults: [] })
    expect(check(builtInForm, { name: 'Ada', born: '2000-01-01' }).faults).toEqual([
      { field: 'number', problem: 'missing' },
      { field: 'born', problem: 'unknown' },
    ])
    expect(check(builtInForm, { number: 'R 1/2' }).faults).toEqual([{ field: 'number', problem: 'pattern' }])
  })

  it('are checked by the type of their field', () => {
    const policy = policyOf(
      { id: 'born', type: 'date', label, min: '1900-01-01', max: 'today', required: true },
      { id: 'passport', type: 'documentNumber', label, pattern: '[A-Z][0-9]{8}' },
      { id: 'height', type: 'number', label, min: 30, max: 272, integer: true },
      { id: 'sex', type: 'choice', label, choices: ['F', 'M', 'X'].map((value) => ({ value, label })) },
      { id: 'remark', type: 'text', label, lengthMin: 2, lengthMax: 5 },
    )
    expect(
      check(policy, { number: 'R-1', born: '2000-02-29', passport: ' c0123 4567 ', height: '180', sex: 'X', remark: 'e\u0301t\u00e9' }),
    ).toEqual({
      values: { number: 'R-1', born: '2000-02-29', passport: 'C01234567', height: 180, sex: 'X', remark: '\u00e9t\u00e9' },
      faults: [],
    })
    const wrong: [FormValues, string][] = [
      [{}, 'born missing'],
      [{ born: '   ' }, 'born missing'],
      [{ born: '2001-02-29' }, 'born date'],
      [{ born: '06.05.2031' }, 'born date'],
      [{ born: 20000101 }, 'born date'],
      [{ born: '2031-05-07' }, 'born tooLarge'],
      [{ born: '1899-12-31' }, 'born tooSmall'],
      [{ born: today, passport: 'C0123456' }, 'passport pattern'],
      [{ born: today, passport: 'Č01234567' }, 'passport pattern'],
      [{ born: today, passport: 12345678 }, 'passport type'],
      [{ born: today, height: 'tall' }, 'height type'],
      [{ born: today, height: '0x40' }, 'height type'],
      [{ born: today, height: 180.5 }, 'height type'],
      [{ born: today, height: 29 }, 'height tooSmall'],
      [{ born: today, height: 273 }, 'height tooLarge'],
      [{ born: today, sex: 'female' }, 'sex choice'],
      [{ born: today, remark: 'a' }, 'remark tooShort'],
      [{ born: today, remark: '😀😀😀😀😀😀' }, 'remark tooLong'],
      [{ born: today, remark: 'a\u001bb' }, 'remark pattern'],
      [{ born: today, more: 'x' }, 'more unknown'],
    ]
    for (const [filled, problem] of wrong) expect([filled, problemsOf(policy, filled)]).toEqual([filled, [problem]])
  })

  it('whatever is filled in either has a fault or comes out as it went in once more', () => {
    const policy = policyOf(
      { id: 'born', type: 'date', label, max: 'today' },
      { id: 'document', type: 'documentNumber', label },
      { id: 'height', type: 'number', label, min: 0 },
      { id: 'remark', type: 'text', label, lengthMax: 20, pattern: '[\\p{L}\\p{N} ]*' },
    )
    const value = fc.oneof(fc.string({ maxLength: 30, unit: 'binary' }), fc.double(), fc.constantFrom('2000-01-01', 'ab 12', '12.5', ' x '))
    const filled = fc.dictionary(fc.constantFrom('number', 'born', 'document', 'height', 'remark', 'constructor'), value)
    fc.assert(
      fc.property(filled, (given) => {
        const once = check(policy, given as FormValues)
        if (once.faults.length > 0) return
        expect(check(policy, once.values)).toEqual(once)
        expect(FormValues.safeParse(once.values).success).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a policy', () => {
  it('is refused for what cannot hold', () => {
    const refused: [object, string][] = [
      [{ id: 'number', type: 'text', label, required: true }, 'number: it stands twice'],
      [{ id: 'name', type: 'date', label }, 'name: it has to be a text'],
      [{ id: 'remark', type: 'text', label, pattern: '(a' }, 'remark: pattern: it ends too early'],
      [{ id: 'remark', type: 'text', label, pattern: '(a)\\1' }, 'remark: pattern: "\\1" is not in the subset'],
      [{ id: 'remark', type: 'text', label, lengthMin: 5, lengthMax: 4 }, 'remark: lengthMin above lengthMax'],
      [{ id: 'height', type: 'number', label, min: 2, max: 1 }, 'height: min above max'],
      [{ id: 'born', type: 'date', label, min: '2001-01-01', max: '2000-01-01' }, 'born: min above max'],
      [
        {
          id: 'sex',
          type: 'choice',
          label,
          choices: [
            { value: 'F', label },
            { value: 'F', label },
          ],
        },
        'sex: a choice stands twice',
      ],
    ]
    for (const [field, problem] of refused) expect(problemOfPolicy(policyOf(field))).toBe(problem)
    expect(problemOfPolicy(FormPolicy.parse({ format: formFormat, fields: [{ id: 'name', type: 'text', label }] }))).toContain('number')
    const choices = Array.from({ length: 100 }, (_, at) => ({ value: `c${at}`, label: { en: 'x'.repeat(100) } }))
    const large = policyOf(...Array.from({ length: 8 }, (_, at) => ({ id: `f${at}`, type: 'choice', label, choices })))
    expect(problemOfPolicy(large)).toBe('a policy has at most 64 KiB')
    expect(problemOfPolicy(builtInForm)).toBeUndefined()
  })

  it('has a shape and limits', () => {
    const field = { id: 'remark', type: 'text', label }
    const refused = [
      {},
      { format: 'vultus.form/2', fields: [number] },
      { format: formFormat, fields: [] },
      { format: formFormat, fields: Array.from({ length: formLimits.fieldsMax + 1 }, (_, at) => ({ ...field, id: `f${at}` })) },
      { format: formFormat, fields: [{ ...field, id: 'With space' }] },
      { format: formFormat, fields: [{ ...field, id: '__proto__' }] },
      { format: formFormat, fields: [{ ...field, label: {} }] },
      { format: formFormat, fields: [{ ...field, label: { english: 'A field', 'en<': 'x' } }] },
      { format: formFormat, fields: [{ ...field, pattern: 'a'.repeat(201) }] },
      { format: formFormat, fields: [{ ...field, unknown: 1 }] },
      { format: formFormat, fields: [{ ...field, type: 'picture' }] },
      { format: formFormat, fields: [{ ...field, type: 'choice', choices: [] }] },
      { format: formFormat, fields: [{ ...field, visibleTo: ['anybody'] }] },
    ]
    for (const policy of refused) expect([policy, FormPolicy.safeParse(policy).success]).toEqual([policy, false])
    expect(FormPolicy.parse(builtInForm)).toEqual(builtInForm)
  })
})
