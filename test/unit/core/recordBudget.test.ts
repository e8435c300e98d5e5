import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RecordBudget } from '../../../src/core/recordBudget.ts'

it('gives a burst, then one for each interval, and tells what was left out with the next one', () => {
  const budget = new RecordBudget({ burst: 2, everyMs: 1000 })
  expect([budget.take(0), budget.take(0), budget.take(0), budget.take(999)]).toEqual([0, 0, undefined, undefined])
  expect([budget.take(1000), budget.take(1000)]).toEqual([2, undefined])
  expect(budget.flush()).toBe(1)
  expect(budget.flush()).toBe(0)
})

it('never gives more than the burst and the time allow, loses no count, and gains nothing from a clock that goes back', () => {
  const steps = fc.array(fc.integer({ min: -5000, max: 5000 }), { maxLength: 300 })
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 2000 }), (moves, burst, everyMs) => {
      const budget = new RecordBudget({ burst, everyMs })
      let nowMs = 1e6
      let forwardMs = 0
      let given = 0
      let told = 0
      for (const move of moves) {
        nowMs += move
        forwardMs += Math.max(0, move)
        const unrecorded = budget.take(nowMs)
        if (unrecorded === undefined) continue
        given += 1
        told += unrecorded
      }
      expect(given).toBeLessThanOrEqual(burst + Math.floor(forwardMs / everyMs))
      expect(given + told + budget.flush()).toBe(moves.length)
    }),
  )
})
