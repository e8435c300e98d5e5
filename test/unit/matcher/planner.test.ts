import { describe, expect, it } from 'vitest'
import type { PassPart } from '../../../src/matcher/passJob.ts'
import { Planner } from '../../../src/matcher/planner.ts'

const part = (more: Partial<PassPart>): PassPart => ({
  found: [],
  survivors: [0],
  survivorsPacked: [0],
  rowsPacked: [0],
  rowsFlat: [0],
  packedMs: 0,
  flatMs: 0,
  refineMs: 0,
  ...more,
})

describe('the planner', () => {
  it('enters by the packed stage where nothing is known, and where few survive', () => {
    const planner = new Planner(512)
    expect(planner.choose(0.3, undefined)).toMatchObject({ stage: 'packed', shareExpected: null })
    planner.learnShare(0.3, 1_000_000, 50)
    expect(planner.choose(0.3, undefined)).toMatchObject({ stage: 'packed', reason: 'expected', shareExpected: 5e-5 })
    // A higher threshold leaves no more than a lower one did.
    expect(planner.choose(0.5, undefined).shareExpected).toBe(5e-5)
    expect(planner.choose(0.1, undefined).shareExpected).toBeNull()
  })

  it('scans flat where too many survive, and tries the other now and then', () => {
    const planner = new Planner(512)
    planner.learnShare(0, 1_000_000, 500_000)
    const stages = Array.from({ length: 64 }, () => planner.choose(0, undefined).stage)
    expect(stages.filter((stage) => stage === 'packed')).toHaveLength(2)
    // What it meets then changes its mind again.
    for (let search = 0; search < 60; search++) planner.learnShare(0, 1_000_000, 10)
    expect(planner.choose(0, undefined).stage).toBe('packed')
  })

  it('weighs the finish of survivors by what it has cost', () => {
    const cheap = new Planner(512)
    const dear = new Planner(512)
    for (let pass = 0; pass < 60; pass++) {
      const rows = { rowsPacked: [100_000], packedMs: 1, survivors: [1_000] }
      cheap.learnCosts([part({ ...rows, refineMs: 0.05 }), part({ rowsFlat: [100_000], flatMs: 2 })])
      dear.learnCosts([part({ ...rows, refineMs: 5 }), part({ rowsFlat: [100_000], flatMs: 2 })])
    }
    for (const planner of [cheap, dear]) planner.learnShare(0.2, 1_000_000, 20_000)
    expect([cheap, dear].map((planner) => planner.choose(0.2, undefined).stage)).toEqual(['packed', 'flat'])
  })

  it('takes what is asked for, to the end', () => {
    const planner = new Planner(512)
    planner.learnShare(0, 1_000_000, 999_999)
    expect(planner.choose(0, 'packed')).toMatchObject({ stage: 'packed', reason: 'asked', shareMax: 1 })
  })
})
