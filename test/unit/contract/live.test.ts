import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LiveReport } from '../../../src/contract/guidance.ts'
import { decodeFrame, decodeLive, encodeFrame, encodeLive, type LiveFace } from '../../../src/contract/live.ts'

const f32 = fc.float({ noNaN: true, noDefaultInfinity: true, min: -4096, max: 4096 })
const sessionId = fc.stringMatching(/^[A-Za-z0-9_-]{16,64}$/)
const face: fc.Arbitrary<LiveFace> = fc
  .record({ x: f32, y: f32, width: f32, height: f32, detectionScore: f32, withPoints: fc.boolean() })
  .map(({ x, y, width, height, detectionScore, withPoints }) => ({
    box: { x, y, width, height },
    detectionScore,
    points: withPoints ? Float32Array.from({ length: 936 }, (_, index) => index / 2) : new Float32Array(),
  }))

const report: LiveReport = {
  instruction: 'closer',
  phase: 'failed',
  progress: 0.5,
  captures: 2,
  checks: [{ name: 'distance', verdict: 'warn', bar: 31 }],
  reasons: ['distance'],
  pose: { yaw: 1.5, pitch: -2, roll: 0 },
  liveness: { state: 'asking', step: 'nod', done: 1, all: 4, progress: 0.25, failure: null },
}

describe('live packets', () => {
  it('come back as they were sent', () => {
    const packet = fc.record({
      sessionId,
      frameNo: fc.nat(),
      capturedAtMs: fc.double({ noNaN: true }),
      width: fc.nat(),
      height: fc.nat(),
      faceMs: f32,
      faces: fc.array(face, { maxLength: 4 }),
      report: fc.constantFrom(null, report),
    })
    fc.assert(
      fc.property(packet, (sent) => {
        // A packet that arrives at an odd offset of a larger buffer is read all the same.
        const bytes = encodeLive(sent)
        const shifted = new Uint8Array(bytes.length + 3)
        shifted.set(bytes, 3)
        expect(decodeLive(shifted.subarray(3))).toEqual(sent)
      }),
    )
  })
  it('frames come back as they were sent', () => {
    const packet = fc.record({
      sessionId,
      frameNo: fc.nat(),
      capturedAtMs: fc.double({ noNaN: true }),
      jpeg: fc.uint8Array({ minLength: 1, maxLength: 200 }),
    })
    fc.assert(
      fc.property(packet, (sent) => {
        expect(decodeFrame(encodeFrame(sent))).toEqual(sent)
      }),
    )
  })
  it('garbage is refused, never thrown on', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(0, 1, 2, 255), (bytes, kind) => {
        if (bytes.length > 0) bytes[0] = kind
        decodeFrame(bytes)
        const live = decodeLive(bytes)
        if (kind !== 2) expect(live).toBeUndefined()
      }),
    )
  })
})
