/** A proposed number at the desk: asked for once, and never put over what somebody typed. */
import { beforeEach, expect, test, vi } from 'vitest'

let answer: () => Promise<{ number: string | null }>
const asked = vi.fn(() => answer())
vi.mock('../../../src/renderer/state/station.ts', () => ({ call: async () => await asked(), refusalFor: () => undefined }))
vi.mock('../../../src/renderer/state/takeCapture.ts', () => ({ takeCapture: async () => ({}), dropCaptures: () => undefined }))
const { proposeNumber } = await import('../../../src/renderer/features/enrol/proposedNumber.ts')
const { clearEnrolment, isBegun, setNumber, useEnrol } = await import('../../../src/renderer/features/enrol/enrolStore.ts')

beforeEach(() => {
  clearEnrolment()
  asked.mockClear()
  answer = async () => ({ number: '7ZQK3-M4XWA' })
})
const number = () => useEnrol.getState().number

test('stands there by itself, is asked for once, and nobody would miss it', async () => {
  await proposeNumber()
  expect(number()).toBe('7ZQK3-M4XWA')
  expect(isBegun(useEnrol.getState())).toBe(false)
  // Who empties the field wants it empty.
  setNumber('')
  await proposeNumber()
  expect(number()).toBe('')
  expect(asked).toHaveBeenCalledTimes(1)
  setNumber('R-1')
  expect(isBegun(useEnrol.getState())).toBe(true)
})

test('is never put over what was typed before, or while it was asked for', async () => {
  setNumber('R-1')
  await proposeNumber()
  expect(asked).not.toHaveBeenCalled()
  clearEnrolment()
  answer = async () => {
    setNumber('R-2')
    return { number: '7ZQK3-M4XWA' }
  }
  await proposeNumber()
  expect(number()).toBe('R-2')
})

test('a form that takes no drawn number, and a station that cannot be asked, leave the field empty', async () => {
  answer = async () => ({ number: null })
  await proposeNumber()
  expect(number()).toBe('')
  await proposeNumber()
  expect(asked).toHaveBeenCalledTimes(1)
  clearEnrolment()
  answer = async () => await Promise.reject(new Error('gone'))
  await proposeNumber()
  expect(number()).toBe('')
})
