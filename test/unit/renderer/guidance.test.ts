import { describe, expect, it } from 'vitest'
import type { LiveFace, LivePacket } from '../../../src/contract/live.ts'
import { assess, type Checks } from '../../../src/renderer/live/checks.ts'
import { type Steadied, settleMs, stayMs, steadied, steady } from '../../../src/renderer/live/guidance.ts'

const allGood: Checks = { onePerson: true, distance: true, centred: true, facing: true, level: true }

interface FaceAt {
  x?: number
  y?: number
  /** Forehead to chin, pixels. */
  height?: number
  turn?: number
  rollDegrees?: number
}

/** A face in a frame of 640 by 480 whose points that matter are where they are asked to be. */
function faceAt({ x = 320, y = 240, height = 220, turn = 0, rollDegrees = 0 }: FaceAt = {}): LiveFace {
  const points = new Float32Array(936)
  const width = height * 0.75
  const angle = (rollDegrees * Math.PI) / 180
  const put = (index: number, dx: number, dy: number) => {
    points[index * 2] = x + dx * Math.cos(angle) - dy * Math.sin(angle)
    points[index * 2 + 1] = y + dx * Math.sin(angle) + dy * Math.cos(angle)
  }
  put(10, 0, -height / 2)
  put(152, 0, height / 2)
  put(234, -width / 2, 0)
  put(454, width / 2, 0)
  put(1, turn * width, height * 0.1)
  for (const index of [33, 133]) put(index, -width / 4, -height * 0.1)
  for (const index of [362, 263]) put(index, width / 4, -height * 0.1)
  return { box: { x: x - width / 2, y: y - height / 2, width, height }, detectionScore: 0.95, points }
}

const packetOf = (...faces: LiveFace[]): LivePacket => ({
  sessionId: 'session',
  frameNo: 1,
  capturedAtMs: 0,
  width: 640,
  height: 480,
  faceMs: 20,
  faces,
})
const instructionFor = (...faces: LiveFace[]) => assess(packetOf(...faces), allGood).instruction

describe('the instruction', () => {
  it('asks for a face where there is none', () => {
    expect(assess(packetOf(), allGood)).toMatchObject({ face: false, instruction: 'look' })
  })

  it('asks to hold still when all is good', () => {
    expect(assess(packetOf(faceAt()), allGood)).toEqual({ face: true, checks: allGood, instruction: 'hold' })
  })

  it('asks others to leave only when they are large enough to be meant', () => {
    expect(instructionFor(faceAt(), faceAt({ x: 560, height: 140 }))).toBe('onePerson')
    expect(instructionFor(faceAt(), faceAt({ x: 560, height: 60 }))).toBe('hold')
  })

  it('asks to come closer and to move back', () => {
    expect(instructionFor(faceAt({ height: 110 }))).toBe('closer')
    expect(instructionFor(faceAt({ height: 360 }))).toBe('back')
  })

  it("names the subject's own left and right: the frame is not mirrored", () => {
    expect(instructionFor(faceAt({ x: 160 }))).toBe('left')
    expect(instructionFor(faceAt({ x: 480 }))).toBe('right')
    expect(instructionFor(faceAt({ y: 110 }))).toBe('down')
    expect(instructionFor(faceAt({ y: 370 }))).toBe('up')
  })

  it('asks to face the camera and to hold the head straight', () => {
    expect(instructionFor(faceAt({ turn: 0.26 }))).toBe('facing')
    expect(instructionFor(faceAt({ turn: -0.26 }))).toBe('facing')
    expect(instructionFor(faceAt({ rollDegrees: 20 }))).toBe('level')
  })

  it('asks for one thing at a time, distance before position', () => {
    expect(instructionFor(faceAt({ height: 110, x: 160, turn: 0.3 }))).toBe('closer')
  })

  it('works from the box where there are no points', () => {
    expect(instructionFor({ ...faceAt(), points: new Float32Array() })).toBe('hold')
    expect(instructionFor({ ...faceAt({ x: 120 }), points: new Float32Array() })).toBe('left')
  })

  it('keeps a failing check failing until it passes by a margin', () => {
    const nearLimit = packetOf(faceAt({ turn: 0.21 }))
    expect(assess(nearLimit, allGood).checks.facing).toBe(true)
    expect(assess(nearLimit, { ...allGood, facing: false }).checks.facing).toBe(false)
  })
})

describe('what is shown', () => {
  /** Feeds one value every 50 ms. */
  const feed = (state: Steadied<string>, value: string, fromMs: number, forMs: number) => {
    let now = state
    for (let atMs = fromMs; atMs <= fromMs + forMs; atMs += 50) now = steadied(now, value, atMs)
    return now
  }

  it('changes when a value lasts', () => {
    const start = steady('hold', 0)
    expect(feed(start, 'closer', 5000, settleMs - 50).shown).toBe('hold')
    expect(feed(start, 'closer', 5000, settleMs).shown).toBe('closer')
  })

  it('does not follow a value that flickers', () => {
    let state = steady('hold', 0)
    for (let atMs = 5000; atMs < 9000; atMs += 300) state = feed(state, atMs % 600 === 200 ? 'hold' : 'closer', atMs, 250)
    expect(state.shown).toBe('hold')
  })

  it('stays at least 1.2 s', () => {
    const shown = feed(steady('hold', 0), 'closer', 5000, settleMs)
    const since = shown.shownSinceMs
    expect(feed(shown, 'left', since + 50, stayMs - 100).shown).toBe('closer')
    expect(feed(shown, 'left', since + 50, stayMs).shown).toBe('left')
  })

  it('is the same object while nothing changes, so that nothing is drawn again', () => {
    const state = steady('hold', 0)
    expect(steadied(state, 'hold', 10_000)).toBe(state)
  })
})
