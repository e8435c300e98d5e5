import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameGate } from '../../../src/renderer/live/frameGate.ts'
import { meshTrails } from '../../../src/renderer/live/meshTrails.ts'
import { coverMapping, stageX, stageY } from '../../../src/renderer/live/overlayMapping.ts'

describe('the overlay mapping', () => {
  it('covers the stage and cuts the longer sides alike', () => {
    const mapping = coverMapping({ width: 640, height: 480 }, { width: 1280, height: 720 }, false)
    expect(mapping.scale).toBe(2)
    expect([stageX(mapping, 0), stageX(mapping, 640)]).toEqual([0, 1280])
    expect([stageY(mapping, 0), stageY(mapping, 480)]).toEqual([-120, 840])
  })

  it('mirrors left and right and leaves up and down', () => {
    const plain = coverMapping({ width: 640, height: 480 }, { width: 900, height: 500 }, false)
    const mirrored = coverMapping({ width: 640, height: 480 }, { width: 900, height: 500 }, true)
    expect(stageX(mirrored, 100) + stageX(plain, 100)).toBeCloseTo(900)
    expect(stageY(mirrored, 100)).toBe(stageY(plain, 100))
  })

  it('puts the middle of the frame on the middle of any stage', () => {
    const side = fc.integer({ min: 16, max: 4000 })
    fc.assert(
      fc.property(side, side, side, side, fc.boolean(), (frameWidth, frameHeight, width, height, mirrored) => {
        const mapping = coverMapping({ width: frameWidth, height: frameHeight }, { width, height }, mirrored)
        expect(stageX(mapping, frameWidth / 2)).toBeCloseTo(width / 2, 6)
        expect(stageY(mapping, frameHeight / 2)).toBeCloseTo(height / 2, 6)
      }),
    )
  })
})

describe('the mesh', () => {
  it('draws every edge of the 468-point mesh once', () => {
    const edges = meshTrails.flatMap((trail) =>
      Array.from(trail.slice(1), (point, index) => [Math.min(point, trail[index]!), Math.max(point, trail[index]!)].join()),
    )
    expect(new Set(edges).size).toBe(edges.length)
    // As many as the 880 triangles of the canonical face model have between them.
    expect(edges.length).toBe(1348)
    expect(new Set(edges.flatMap((edge) => edge.split(','))).size).toBe(468)
  })
})

describe('the frame gate', () => {
  it('lets two frames under way and no third', () => {
    const gate = new FrameGate(2, 1000)
    expect([gate.start(0), gate.start(1), gate.start(2)]).toEqual([1, 2, undefined])
  })

  it('takes an answer for older frames too, which were replaced on the way', () => {
    const gate = new FrameGate(2, 1000)
    gate.start(0)
    gate.start(1)
    gate.answered(2)
    expect([gate.start(2), gate.start(3), gate.start(4)]).toEqual([3, 4, undefined])
  })

  it('does not wait for ever for an answer that is lost', () => {
    const gate = new FrameGate(2, 1000)
    gate.start(0)
    gate.start(1)
    expect(gate.start(900)).toBeUndefined()
    expect(gate.start(1100)).toBe(3)
  })

  it('frees the place of a frame that was not sent', () => {
    const gate = new FrameGate(1, 1000)
    const frameNo = gate.start(0)!
    gate.dropped(frameNo)
    expect(gate.start(1)).toBe(2)
  })
})
