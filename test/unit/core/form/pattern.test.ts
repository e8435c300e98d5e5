/** Patterns of form policies: what they match is what JavaScript matches, and nothing makes them run away. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern, matchesPattern } from '../../../../src/core/form/pattern.ts'
import { PatternError } from '../../../../src/core/form/patternSyntax.ts'

const matches = (source: string, text: string) => matchesPattern(compilePattern(source), text)
const native = (source: string, text: string) => new RegExp(`^(?:${source})$`, 'u').test(text)

/** Patterns of the subset over few letters, so that texts meet them. */
const atom = fc.constantFrom(
  'a',
  'b',
  '[ab]',
  '[^a]',
  '[b-d-]',
  '\\d',
  '\\w',
  '\\D',
  '.',
  '\\p{L}',
  '\\p{Lu}',
  '\\.',
  '(?:ab|c)',
  'é',
  '😀',
)
const count = fc.constantFrom('', '', '', '?', '*', '+', '{2}', '{1,3}', '{2,}', '{0}')
const pattern: fc.Arbitrary<string> = fc.letrec<{ pattern: string; piece: string; sequence: string }>((tie) => ({
  piece: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(atom, count).map((parts) => parts.join('')),
    fc.tuple(tie('pattern'), count).map(([inner, times]) => `(${inner})${times}`),
  ),
  sequence: fc.array(tie('piece'), { maxLength: 4 }).map((parts) => parts.join('')),
  pattern: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('|')),
})).pattern
/** JavaScript itself runs away over repetitions of repetitions; it is asked about few of them only. */
const repetitionsMax = 4
const repetitionsOf = (source: string) => source.match(/[*+?{]/g)?.length ?? 0
const text = fc.array(fc.constantFrom('a', 'b', 'c', 'A', '1', '-', '.', 'é', '😀', ' '), { maxLength: 8 }).map((parts) => parts.join(''))

describe('patterns', () => {
  it('match what JavaScript matches', () => {
    fc.assert(
      fc.property(pattern, text, (source, value) => {
        fc.pre(repetitionsOf(source) <= repetitionsMax)
        let compiled: ReturnType<typeof compilePattern>
        try {
          compiled = compilePattern(source)
        } catch (error) {
          // Repetitions of repetitions may be too large; nothing else of these is refused.
          expect(error).toMatchObject({ message: 'it is too large' })
          return
        }
        expect(matchesPattern(compiled, value)).toBe(native(source, value))
      }),
      { numRuns: 3_000 },
    )
  })

  it.each([
    ['[A-Z]{2}[0-9]{6}', 'AB123456', true],
    ['[A-Z]{2}[0-9]{6}', 'AB12345', false],
    ['^\\d{3}-\\d{2}$', '123-45', true],
    ["\\p{L}[\\p{L}' -]*", "Renée O'Neil-Šimek", true],
    ['(?:M|F|X)', 'X', true],
    ['', 'a', false],
  ])('%s against %s: %s', (source, value, expected) => {
    expect(matches(source, value)).toBe(expected)
  })

  it.each([
    '(a)\\1',
    'a(?=b)',
    '(?<!a)b',
    '(?<name>a)',
    'a+?',
    'a**',
    '\\bword',
    '\\u0041',
    '\\p{Script=Latin}',
    '[[a]]',
    '[z-a]',
    'a{3,1}',
    'a{1000}',
    '(a',
    'a)',
    '[a',
    'a|$b',
    '*a',
    '\\',
    '((((a{99}){99}){99}){99})',
    '((((){99}){99}){99}){99}',
  ])('refuses %s', (source) => {
    expect(() => compilePattern(source)).toThrow(PatternError)
  })

  it('never throws anything but what it refuses, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (source) => {
        try {
          matchesPattern(compilePattern(source), 'some text')
        } catch (error) {
          expect(error).toBeInstanceOf(PatternError)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it.each(['(a+)+', '(a|a)*', '(a|aa)+', '(.*)*x', '(a?){30}a{30}', '([a-z]+)*[0-9]', 'a*a*a*a*a*a*a*b'])(
    '%s takes a bounded number of tests for a value of 500 characters',
    (source) => {
      const { instructions } = compilePattern(source)
      let tests = 0
      const counted = instructions.map((instruction) =>
        instruction.kind === 'split'
          ? instruction
          : {
              ...instruction,
              test: (codePoint: number) => {
                tests += 1
                return instruction.test(codePoint)
              },
            },
      )
      matchesPattern({ instructions: counted }, `${'a'.repeat(499)}!`)
      expect(tests).toBeLessThanOrEqual(500 * instructions.length)
      expect(instructions.length).toBeLessThanOrEqual(500)
    },
  )
})
