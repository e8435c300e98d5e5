import { expect, it } from 'vitest'
import { LabelChange, noLabel, type SubjectLabel } from '../../../src/contract/label.ts'
import { changeDetails, changedLabel, changesLabel, passesFilter } from '../../../src/core/labels.ts'

const label: SubjectLabel = { category: 2, watchLists: [1, 16], purposes: [3] }

it.each([
  [{}, true],
  [{ category: 2 }, true],
  [{ category: 0 }, false],
  [{ watchList: 16 }, true],
  [{ watchList: 2 }, false],
  [{ purpose: 3 }, true],
  [{ purpose: 1 }, false],
  [{ category: 2, watchList: 1, purpose: 3 }, true],
  [{ category: 2, watchList: 1, purpose: 4 }, false],
] as const)('a search for %o is about somebody in category 2, on lists 1 and 16, with purpose 3: %s', (filter, passes) => {
  expect(passesFilter(label, filter)).toBe(passes)
})

it('who has no label is in category 0 and on no list', () => {
  expect(passesFilter(noLabel, { category: 0 })).toBe(true)
  expect(passesFilter(noLabel, { watchList: 1 })).toBe(false)
})

it('a change leaves what it does not give, and puts numbers in order', () => {
  expect(changedLabel(label, { watchLists: [5, 3] })).toEqual({ category: 2, watchLists: [3, 5], purposes: [3] })
  expect(changedLabel(label, { category: 0, purposes: [] })).toEqual({ category: 0, watchLists: [1, 16], purposes: [] })
  expect(changeDetails({ watchLists: [3, 5] })).toEqual({ watchLists: '3 5' })
  expect([changesLabel({}), changesLabel({ category: 0 }), changesLabel({ watchLists: [] })]).toEqual([false, true, true])
})

it.each([{ category: 256 }, { category: -1 }, { watchLists: [0] }, { watchLists: [17] }, { watchLists: [1, 1] }, { purposes: [9] }])(
  'no label is %o',
  (change) => {
    expect(LabelChange.safeParse(change).success).toBe(false)
  },
)
