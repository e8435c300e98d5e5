import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inOrder } from '../../../src/operations/inOrder.ts'

it('answers in the order of the things, begins in it, and never works on more than it may', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), async (pauses, atOnce) => {
      let [running, most] = [0, 0]
      const begun: number[] = []
      const answers = await inOrder(pauses, atOnce, async (pause, at) => {
        begun.push(at)
        return async () => {
          most = Math.max(most, ++running)
          for (let turn = 0; turn < pause; turn++) await new Promise((done) => setImmediate(done))
          running--
          return at
        }
      })
      expect(answers).toEqual(pauses.map((_, at) => at))
      expect(begun).toEqual(answers)
      expect(most).toBeLessThanOrEqual(atOnce)
    }),
    { numRuns: 50 },
  )
})

it('begins nothing more after a failure, and waits for what was begun', async () => {
  let ended = 0
  const begun: number[] = []
  const work = inOrder([0, 1, 2, 3, 4, 5], 2, async (thing) => {
    begun.push(thing)
    return async () => {
      await new Promise((done) => setImmediate(done))
      ended++
      if (thing === 1) throw new Error('one')
    }
  })
  await expect(work).rejects.toThrow('one')
  expect(ended).toBe(begun.length)
  expect(begun.length).toBeLessThan(6)
})
