/** Numbers for who has none. */
import fc from 'fast-check'
import { beforeEach, expect, test, vi } from 'vitest'
import { SubjectId } from '../../../src/contract/types.ts'

vi.mock('../../../src/renderer/state/station.ts', () => ({ call: async () => ({}), refusalFor: () => undefined }))
vi.mock('../../../src/renderer/state/takeCapture.ts', () => ({ takeCapture: async () => ({}), dropCaptures: () => undefined }))
const { drawNumber, proposeNumber } = await import('../../../src/renderer/features/enrol/proposedNumber.ts')
const { agree, clearEnrolment, isBegun, setNumber, useEnrol } = await import('../../../src/renderer/features/enrol/enrolStore.ts')

beforeEach(() => clearEnrolment())

test('every draw is a number of two groups that a station takes, without letters that are mistaken for others', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 10, maxLength: 10 }), (bytes) => {
      const number = drawNumber((place) => place.set(bytes))
      expect(number).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
      expect(SubjectId.safeParse(number).success).toBe(true)
    }),
  )
})

test('two draws differ, and every bit of a letter counts', () => {
  expect(drawNumber()).not.toBe(drawNumber())
  expect(new Set(Array.from({ length: 32 }, (_, byte) => drawNumber((place) => place.fill(byte)))).size).toBe(32)
})

test('is proposed once the subject has agreed, and never over a number that stands there', () => {
  expect(proposeNumber()).toBe(false)
  expect(useEnrol.getState().number).toBe('')
  agree({ version: 1, language: 'en' })
  setNumber('R-1')
  expect(proposeNumber()).toBe(false)
  expect(useEnrol.getState().number).toBe('R-1')
  setNumber(' ')
  expect(proposeNumber()).toBe(true)
  expect(useEnrol.getState().number).toMatch(/^.{5}-.{5}$/)
  // Nobody would miss a number that nobody typed.
  expect(isBegun(useEnrol.getState())).toBe(false)
  setNumber('R-1')
  expect(isBegun(useEnrol.getState())).toBe(true)
})
