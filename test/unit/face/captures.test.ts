import { describe, expect, test } from 'vitest'
import { noLiveness } from '../../../src/contract/liveness.ts'
import type { LooseCapture } from '../../../src/contract/processes.ts'
import { CaptureStore } from '../../../src/face/captures.ts'

const quality = { qualityScore: 0.9, components: { sharpness: { raw: 0.04, score: 97 } } }
function capture(): LooseCapture {
  const common = { captureSource: 'file' as const, pad: 'notAssessed' as const, liveness: noLiveness, quality }
  return {
    summary: { ...common, width: 640, height: 480, box: { x: 1, y: 2, width: 3, height: 4 }, detectionScore: 0.9, facesInPicture: 1 },
    sample: { ...common, picture: Uint8Array.of(1, 2, 3), model: 'starter@1.0.0', template: Float32Array.of(0.6, 0.8) },
  }
}

function store() {
  const clock = { nowMs: 0 }
  let ids = 0
  const newId = () => `capture-number-${String(++ids).padStart(4, '0')}`
  return { clock, captures: new CaptureStore({ capturesMax: 3, lifeMs: 1000, nowMs: () => clock.nowMs, newId }) }
}
const unknown = expect.objectContaining({ code: 'capture.unknown' })

describe('captures', () => {
  test('are given out again and again until they are dropped', () => {
    const { captures } = store()
    const { captureId, sample } = captures.add(capture())
    expect([...sample]).toEqual([1, 2, 3])
    expect(captures.sample(captureId).template).toEqual(Float32Array.of(0.6, 0.8))
    expect(captures.sample(captureId).template).toEqual(Float32Array.of(0.6, 0.8))
    captures.drop(captureId)
    captures.drop(captureId)
    expect(() => captures.sample(captureId)).toThrow(unknown)
  })

  test('are gone when their time is over', () => {
    const { captures, clock } = store()
    const { captureId } = captures.add(capture())
    clock.nowMs = 999
    expect(captures.sample(captureId)).toBeDefined()
    clock.nowMs = 1000
    expect(() => captures.sample(captureId)).toThrow(unknown)
    expect(captures.size).toBe(0)
  })

  test('give way to newer ones, the oldest first', () => {
    const { captures } = store()
    const [first, second] = [captures.add(capture()), captures.add(capture())]
    captures.add(capture())
    captures.add(capture())
    expect(captures.size).toBe(3)
    expect(() => captures.sample(first.captureId)).toThrow(unknown)
    expect(captures.sample(second.captureId)).toBeDefined()
  })

  test('are overwritten when they are dropped', () => {
    const { captures } = store()
    const held = capture()
    const { captureId, sample } = captures.add(held)
    captures.drop(captureId)
    expect([...held.sample.template]).toEqual([0, 0])
    expect([...held.sample.picture]).toEqual([0, 0, 0])
    // What was answered is the caller's.
    expect([...sample]).toEqual([1, 2, 3])
  })
})
