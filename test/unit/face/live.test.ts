import { describe, expect, test } from 'vitest'
import { bestWindowMs, frameFitness } from '../../../src/core/guidance/bestFrames.ts'
import { type KeptFrame, keepFrame } from '../../../src/face/live.ts'

const frame = (seenAtMs: number, fitness: number): KeptFrame => ({ jpeg: Uint8Array.of(7), seenAtMs, fitness })
const kept = (frames: readonly KeptFrame[]) => frames.map(({ seenAtMs }) => seenAtMs)

describe('frames that may become the capture', () => {
  test('are those that no newer one beats', () => {
    let frames: KeptFrame[] = []
    for (const [at, fitness] of [
      [0, 0.5],
      [10, 0.9],
      [20, 0.3],
      [30, 0.4],
    ] as const)
      frames = keepFrame(frames, frame(at, fitness), at)
    expect(kept(frames)).toEqual([10, 30])
  })

  test('are forgotten and overwritten when they are too old', () => {
    const old = frame(0, 0.9)
    const frames = keepFrame([old, frame(1000, 0.5)], undefined, bestWindowMs + 1)
    expect(kept(frames)).toEqual([1000])
    expect([...old.jpeg]).toEqual([0])
  })

  test('stay few, however the fitness falls', () => {
    let frames: KeptFrame[] = []
    for (let at = 0; at < 100; at++) frames = keepFrame(frames, frame(at, 1 - at / 200), at)
    expect(frames.length).toBeLessThanOrEqual(16)
    expect(frames.at(-1)?.seenAtMs).toBe(99)
  })
})

describe('fitness of a frame', () => {
  test('falls with a turned head and closed eyes, relative to how open they usually are', () => {
    const best = frameFitness(0.9, 0, 0.3, 0.3)
    expect(best).toBeGreaterThan(0.8)
    expect(frameFitness(0.9, 20, 0.3, 0.3)).toBeLessThan(best / 2)
    expect(frameFitness(0.9, 0, 0.1, 0.3)).toBeLessThan(best / 2)
    expect(frameFitness(0.9, 0, 0.2, 0.2)).toBeCloseTo(best)
  })
})
