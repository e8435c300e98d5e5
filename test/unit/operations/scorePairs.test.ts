import fc from 'fast-check'
import { expect, test } from 'vitest'
import { comparisonScore } from '../../../src/core/comparison.ts'
import type { LookedAt } from '../../../src/operations/pictureSet.ts'
import { scorePairs } from '../../../src/operations/scorePairs.ts'

const watch = { turn: async () => undefined, tell: () => undefined }
const looked = (person: string, template: Float32Array | undefined): LookedAt => ({
  picture: { file: person, person },
  template,
  belowQualityLimit: false,
  lightScores: [],
})
const pictures = fc.array(
  fc.record({
    person: fc.constantFrom('a', 'b', 'c'),
    angle: fc.option(fc.double({ min: 0, max: 6, noNaN: true }), { nil: undefined }),
  }),
  { maxLength: 12 },
)

test('every pair is counted once, mates and impostors apart, and refused pictures not at all', async () => {
  await fc.assert(
    fc.asyncProperty(pictures, async (list) => {
      const all = list.map(({ person, angle }) =>
        looked(person, angle === undefined ? undefined : Float32Array.of(Math.cos(angle), Math.sin(angle))),
      )
      const expected = { mates: [] as number[], impostors: [] as number[] }
      for (const [index, one] of all.entries()) {
        for (const other of all.slice(index + 1)) {
          if (one.template === undefined || other.template === undefined) continue
          const score = comparisonScore(one.template, other.template)
          expected[one.picture.person === other.picture.person ? 'mates' : 'impostors'].push(score)
        }
      }
      const { mates, impostors } = await scorePairs(all, undefined, watch)
      for (const [set, scores] of [[mates, expected.mates] as const, [impostors, expected.impostors] as const]) {
        expect(set.count).toBe(scores.length)
        for (const score of scores) expect(set.below(score)).toBe(scores.filter((value) => value < score).length)
      }
    }),
    { numRuns: 60 },
  )
})

test('listed pairs are those that are compared', async () => {
  const all = [
    looked('a', Float32Array.of(1, 0)),
    looked('a', Float32Array.of(0, 1)),
    looked('b', undefined),
    looked('c', Float32Array.of(1, 0)),
  ]
  const pairs = { first: Uint32Array.of(0, 0, 0), second: Uint32Array.of(1, 2, 3), same: Uint8Array.of(1, 0, 0) }
  const { mates, impostors } = await scorePairs(all, pairs, watch)
  expect([mates.count, mates.max, impostors.count, impostors.max]).toEqual([1, 0, 1, 1])
})

test('a cancelled count ends at the next turn', async () => {
  const all = Array.from({ length: 300 }, () => looked('a', Float32Array.of(1, 0)))
  const turn = () => Promise.reject(new Error('cancelled'))
  await expect(scorePairs(all, undefined, { ...watch, turn })).rejects.toThrow('cancelled')
})
