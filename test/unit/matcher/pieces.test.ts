import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { ceil32, floor32, lengthUp } from '../../../src/core/gallery/rounding.ts'
import { labelBits, labelFilterOf, passesFilter } from '../../../src/core/labels.ts'
import { Best } from '../../../src/matcher/best.ts'
import { Freeing } from '../../../src/matcher/freeing.ts'
import { labelTestOf, passes } from '../../../src/matcher/labels.ts'
import { shapeOf } from '../../../src/matcher/shape.ts'
import { Slots } from '../../../src/matcher/slots.ts'

describe('slots', () => {
  it('hold what a map holds, through any changes', () => {
    const change = fc.record({
      referenceNo: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2 ** 32 - 1 })),
      remove: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 400 }), (changes) => {
        const referenceAt: number[] = []
        const slots = new Slots((slot) => referenceAt[slot]!)
        const kept = new Map<number, number>()
        for (const { referenceNo, remove } of changes) {
          if (remove) {
            const slot = slots.forget(referenceNo)
            expect(slot).toBe(kept.get(referenceNo))
            kept.delete(referenceNo)
            if (slot !== undefined) slots.give(slot)
          } else {
            // A new row of a reference stands in a new place before the old one is given up.
            const before = slots.slotOf(referenceNo)
            const slot = slots.take()
            referenceAt[slot] = referenceNo
            slots.keep(referenceNo, slot)
            if (before !== undefined) slots.give(before)
            kept.set(referenceNo, slot)
          }
          expect(slots.size).toBe(kept.size)
        }
        for (const [referenceNo, slot] of kept) expect(slots.slotOf(referenceNo)).toBe(slot)
        expect(new Set(kept.values()).size).toBe(kept.size)
      }),
      { seed: 4, numRuns: 150 },
    )
  })

  it('stay dense', () => {
    const referenceAt: number[] = []
    const slots = new Slots((slot) => referenceAt[slot]!)
    for (let round = 0; round < 50; round++) {
      for (let referenceNo = 1; referenceNo <= 100; referenceNo++) {
        const slot = slots.take()
        referenceAt[slot] = referenceNo
        slots.keep(referenceNo, slot)
      }
      for (let referenceNo = 1; referenceNo <= 100; referenceNo++) slots.give(slots.forget(referenceNo)!)
    }
    expect(slots.high).toBe(100)
    expect(slots.slotsNeededFor(130)).toBe(130)
  })
})

it('the best few are those of a sorted list', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true })), fc.integer({ min: 1, max: 20 }), (values, limit) => {
      const best = new Best(limit)
      for (const value of values) best.add(value)
      expect(best.floor).toBe([...values].sort((a, b) => b - a)[limit - 1] ?? Number.NEGATIVE_INFINITY)
    }),
    { seed: 5 },
  )
})

it('roundings are on their side, and next to the number', () => {
  fc.assert(
    fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (value) => {
      expect([floor32(value) <= value, ceil32(value) >= value]).toEqual([true, true])
      expect(ceil32(value) - floor32(value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -22 + 2 ** -148)
      // Squares below the smallest number are what the proof's underflow is for.
      if (Math.abs(value) > 1e-100) expect(lengthUp(value * value)).toBeGreaterThanOrEqual(Math.abs(value))
    }),
    { seed: 6 },
  )
})

it.each([1, 7, 64, 100, 512, 1000, 4096])('places of dimension %i lie apart and in order', (dimension) => {
  const shape = shapeOf(dimension, 3, 2 ** 32 - 65_536)
  const { headBytes, bottomAt, referencesAt, labelsAt, bornAt, diedAt, segmentBytes } = shape
  const scratch = [0, 1, 2, 3].flatMap((thread) => Object.values(shape.scratchOf(thread)))
  const places = [...scratch, headBytes]
  expect(places).toEqual([...places].sort((a, b) => a - b))
  expect(new Set(places).size).toBe(places.length)
  expect(places.every((place) => place % 8 === 0)).toBe(true)
  const inSegment = [0, bottomAt, referencesAt, labelsAt, bornAt, diedAt, segmentBytes]
  expect(inSegment).toEqual([...inSegment].sort((a, b) => a - b))
  expect(headBytes + shape.segmentsPerBank * segmentBytes).toBeLessThan(2 ** 32)
  // Rows of 512 numbers take 528 bytes and 16 for what else is known of them.
  if (dimension === 512) expect(segmentBytes / 16_384).toBeLessThanOrEqual(544)
})

it('used messages are collected by their size, and at once where that is asked for', () => {
  const collected = { minor: 0, major: 0 }
  const freeing = new Freeing((type) => {
    collected[type] += 1
  })
  for (let message = 0; message < 130; message++) freeing.used(1024 * 1024)
  expect(collected).toEqual({ minor: 30, major: 2 })
  freeing.now()
  expect(collected).toEqual({ minor: 30, major: 3 })
  new Freeing().now()
})

it('what used messages left is collected once no more come', () => {
  vi.useFakeTimers()
  try {
    const collected: string[] = []
    const freeing = new Freeing((type) => void collected.push(type))
    freeing.used(1024 * 1024)
    vi.advanceTimersByTime(5_000)
    expect(collected).toEqual([])
    for (let message = 0; message < 8; message++) {
      freeing.used(1024 * 1024)
      vi.advanceTimersByTime(900)
    }
    expect(collected).toEqual(['minor', 'minor'])
    vi.advanceTimersByTime(5_000)
    expect(collected).toEqual(['minor', 'minor', 'major'])
  } finally {
    vi.useRealTimers()
  }
})

it('labels pass a filter in 32 bits where they pass it as they are', () => {
  const numbers = (max: number) => fc.uniqueArray(fc.integer({ min: 1, max }))
  const label = fc.record({ category: fc.integer({ min: 0, max: 255 }), watchLists: numbers(16), purposes: numbers(8) })
  const filter = fc.record(
    {
      category: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 })),
      watchList: fc.integer({ min: 1, max: 16 }),
      purpose: fc.integer({ min: 1, max: 8 }),
    },
    { requiredKeys: [] },
  )
  let passed = 0
  fc.assert(
    fc.property(label, filter, fc.boolean(), (one, asked, same) => {
      const category = same ? asked.category : one.category
      const labelled = { ...one, category: category ?? one.category }
      const expected = passesFilter(labelled, asked)
      passed += expected ? 1 : 0
      expect(passes(labelBits(labelled), labelTestOf(labelFilterOf(asked)))).toBe(expected)
    }),
    { numRuns: 2_000 },
  )
  expect(passed).toBeGreaterThan(100)
})
