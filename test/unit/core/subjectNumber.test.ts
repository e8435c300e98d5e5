/** Numbers for who has none. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SubjectId } from '../../../src/contract/types.ts'
import { numberBytes, numberOf } from '../../../src/core/subjectNumber.ts'

test('every draw is a number of two groups that a station takes, without letters that are mistaken for others', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: numberBytes, maxLength: numberBytes }), (bytes) => {
      const number = numberOf(bytes)
      expect(number).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
      expect(SubjectId.safeParse(number).success).toBe(true)
    }),
  )
})

test('every bit of a letter counts', () => {
  const drawn = Array.from({ length: 32 }, (_, byte) => numberOf(new Uint8Array(numberBytes).fill(byte)))
  expect(new Set(drawn).size).toBe(32)
})
