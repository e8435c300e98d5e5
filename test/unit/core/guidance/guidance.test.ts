import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ComponentName, MeasuredComponents } from '../../../../src/contract/quality.ts'
import {
  type FrameMeasures,
  failAfterMs,
  freshGuidance,
  type Guided,
  guide,
  holdMs,
  patienceMs,
  restMs,
} from '../../../../src/core/guidance/guidance.ts'
import { settleMs, stayMs } from '../../../../src/core/guidance/steady.ts'
import { presetOf } from '../../../../src/core/quality/presets.ts'
import { measured } from '../../../../src/core/quality/scores.ts'

const preset = presetOf('enrolment')
const options = { preset, autoCapture: true }
const well: Readonly<Record<ComponentName, number>> = {
  backgroundUniformity: 60,
  illuminationUniformity: 0.6,
  luminanceMean: 0.4,
  luminanceVariance: 0.02,
  underExposure: 0.1,
  overExposure: 0,
  dynamicRange: 7,
  sharpness: 0.05,
  naturalColour: 0,
  singleFace: 0,
  eyesOpen: 0.09,
  mouthClosed: 0.02,
  interEyeDistance: 100,
  headSize: 0.32,
  leftwardCrop: 3,
  rightwardCrop: 3,
  marginAbove: 1.3,
  marginBelow: 1.8,
  yaw: 0,
  pitch: 0,
  roll: 0,
}
const components = (change: Partial<Record<ComponentName, number>> = {}): MeasuredComponents =>
  Object.fromEntries(Object.entries({ ...well, ...change }).map(([name, raw]) => [name, measured(name as ComponentName, raw)]))
const frame = (atMs: number, change: Partial<Record<ComponentName, number>> = {}, offset = { dx: 0, dy: 0 }): FrameMeasures => ({
  atMs,
  face: { components: components(change), offset },
  ambiguous: false,
})
const nobody = (atMs: number): FrameMeasures => ({ atMs, face: undefined, ambiguous: false })

/** Twenty frames a second from one time to another. */
function run(make: (atMs: number) => FrameMeasures, fromMs: number, toMs: number, from?: Guided, with_ = options): Guided {
  let guided = from ?? guide(freshGuidance, make(fromMs), with_)
  for (let atMs = fromMs; atMs <= toMs; atMs += 50) guided = guide(guided.state, make(atMs), with_)
  return guided
}
const instructionFor = (change: Partial<Record<ComponentName, number>>, offset?: { dx: number; dy: number }) =>
  run((atMs) => frame(atMs, change, offset), 0, settleMs + stayMs).report.instruction

describe('the instruction', () => {
  test('names what to do, in the subject’s own left and right', () => {
    expect(instructionFor({ headSize: 0.15 })).toBe('closer')
    expect(instructionFor({ headSize: 0.6 })).toBe('back')
    expect(instructionFor({}, { dx: -0.4, dy: 0 })).toBe('left')
    expect(instructionFor({}, { dx: 0.1, dy: 0.4 })).toBe('up')
    // To the own left is positive yaw: back is to the right.
    expect(instructionFor({ yaw: 12 })).toBe('turnRight')
    expect(instructionFor({ yaw: -12 })).toBe('turnLeft')
    expect(instructionFor({ pitch: 14 })).toBe('chinUp')
    expect(instructionFor({ roll: 12 })).toBe('tiltLeft')
    expect(instructionFor({ eyesOpen: 0.02 })).toBe('openEyes')
    expect(instructionFor({ mouthClosed: 0.15 })).toBe('closeMouth')
    expect(instructionFor({ singleFace: 0.4 })).toBe('onePerson')
  })

  test('is one, the first of several that fail', () => {
    expect(instructionFor({ headSize: 0.15, yaw: 14, eyesOpen: 0.01 })).toBe('closer')
  })

  test('asks the subject for nothing that only the operator can change, unless it is refused', () => {
    const dim = (atMs: number) => frame(atMs, { backgroundUniformity: 200, luminanceMean: 0.02, naturalColour: 40 })
    expect(run(dim, 0, settleMs + stayMs, undefined, { preset, autoCapture: false }).report.instruction).toBe('hold')
    expect(instructionFor({ sharpness: 0.004 })).toBe('steady')
  })

  test('asks for a face, or for one person only', () => {
    expect(run(nobody, 0, 2000).report).toMatchObject({ instruction: 'look', checks: [], phase: 'seeking' })
    expect(run((atMs) => ({ ...nobody(atMs), ambiguous: true }), 0, 2000).report.instruction).toBe('onePerson')
  })

  test('does not flicker at a limit', () => {
    let guided = guide(freshGuidance, frame(0, { yaw: 12 }), options)
    let changes = 0
    for (let at = 1; at < 200; at++) {
      const next = guide(guided.state, frame(at * 50, { yaw: at % 2 === 0 ? 8.2 : 7.9 }), options)
      if (next.report.instruction !== guided.report.instruction) changes++
      guided = next
    }
    expect(changes).toBe(0)
  })
})

describe('capture', () => {
  test('is asked for when all has been well for a moment, and not again at once', () => {
    expect(run((atMs) => frame(atMs), 0, holdMs - 50).report.captures).toBe(0)
    const taken = run((atMs) => frame(atMs), 0, holdMs)
    expect(taken.report).toMatchObject({ captures: 1, phase: 'captured' })
    expect(run((atMs) => frame(atMs), holdMs + 50, holdMs + restMs, taken).report.captures).toBe(1)
    expect(run((atMs) => frame(atMs), holdMs + 50, 2 * (holdMs + restMs), taken).report.captures).toBe(2)
  })

  test('is left to the operator where it is switched off', () => {
    const manual = run((atMs) => frame(atMs), 0, 10_000, undefined, { preset, autoCapture: false })
    expect(manual.report).toMatchObject({ captures: 0, phase: 'holding', progress: 1 })
  })

  test('narrow eyes delay it and never keep anybody out', () => {
    const narrow = (atMs: number) => frame(atMs, { eyesOpen: 0.035 })
    expect(run(narrow, 0, patienceMs - 50).report.captures).toBe(0)
    expect(run(narrow, 0, patienceMs + 50).report.captures).toBe(1)
  })

  test('warnings of light and colour do not delay it, refusals prevent it', () => {
    expect(run((atMs) => frame(atMs, { luminanceMean: 0.03, underExposure: 0.95, dynamicRange: 4 }), 0, holdMs).report.captures).toBe(1)
    expect(run((atMs) => frame(atMs, { sharpness: 0.004 }), 0, 20_000).report.captures).toBe(0)
    expect(run((atMs) => frame(atMs, { yaw: 12 }), 0, 20_000).report.captures).toBe(0)
  })

  test('fails with the reasons after a time with a face, and the time without one does not count', () => {
    const turned = (atMs: number) => frame(atMs, { yaw: 30, mouthClosed: atMs > 20_000 ? 0.3 : 0.02 })
    const failed = run(turned, 0, failAfterMs + 100)
    expect(failed.report).toMatchObject({ phase: 'failed', reasons: ['facing', 'mouthClosed'] })
    expect(run(nobody, 0, 3 * failAfterMs).report.phase).toBe('seeking')
    // It still goes on, and a good picture ends the failure.
    expect(run((atMs) => frame(atMs), failAfterMs + 150, failAfterMs + 3000, failed).report).toMatchObject({ captures: 1, reasons: [] })
  })
})

test('a recorded sequence gives the same answers again, whatever it holds', () => {
  const raw = fc.double({ min: -40, max: 200, noNaN: true })
  const measures = fc.record({
    stepMs: fc.integer({ min: 0, max: 3000 }),
    face: fc.option(fc.dictionary(fc.constantFrom(...(Object.keys(well) as ComponentName[])), raw), { nil: undefined }),
    dx: fc.double({ min: -1, max: 1, noNaN: true }),
    ambiguous: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(measures, { maxLength: 60 }), fc.boolean(), (sequence, autoCapture) => {
      const play = () => {
        let [state, atMs] = [freshGuidance, 0]
        return sequence.map(({ stepMs, face, dx, ambiguous }) => {
          atMs += stepMs
          const change = face as Partial<Record<ComponentName, number>> | undefined
          const seen = change && { components: components(change), offset: { dx, dy: 0 } }
          const guided = guide(state, { atMs, face: seen, ambiguous }, { preset, autoCapture })
          state = guided.state
          return guided.report
        })
      }
      const [first, again] = [play(), play()]
      expect(again).toEqual(first)
      let captures = 0
      for (const report of first) {
        expect(report.captures - captures).toBeLessThanOrEqual(autoCapture ? 1 : 0)
        captures = report.captures
        expect(report.progress).toBeGreaterThanOrEqual(0)
        expect(report.progress).toBeLessThanOrEqual(1)
      }
    }),
  )
})

describe('eyes that close', () => {
  // The mesh keeps more than half of the opening of closed lids: far above the limit of the preset.
  const blink = (atMs: number) => frame(atMs, { eyesOpen: atMs >= 2000 && atMs < 2300 ? 0.06 : 0.09 })
  const eyesIn = ({ report }: Guided) => report.checks.find(({ name }) => name === 'eyesOpen')
  const quiet = { preset, autoCapture: false }

  test('are told at once, against how far this person opens them, and the row stays where it is', () => {
    const open = run(blink, 0, 1950, undefined, quiet)
    expect(eyesIn(open)?.verdict).toBe('good')
    const closed = run(blink, 2000, 2200, open, quiet)
    expect(eyesIn(closed)?.verdict).toBe('warn')
    expect(closed.report.checks.map(({ name }) => name)).toEqual(open.report.checks.map(({ name }) => name))
    expect(closed.report.instruction).toBe('hold')
    expect(eyesIn(run(blink, 2250, 2400, closed, quiet))?.verdict).toBe('good')
  })

  test('hold a picture back until they are open again', () => {
    const before = run(blink, 1600, 2250)
    expect([before.report.captures, before.report.phase]).toEqual([0, 'seeking'])
    const after = run(blink, 2300, 2300 + holdMs - 50, before)
    expect(after.report.captures).toBe(0)
    expect(run(blink, 2300 + holdMs, 2300 + holdMs, after).report.captures).toBe(1)
  })

  test('come first with their remedy where they stay closed', () => {
    const open = run(blink, 0, 1950, undefined, quiet)
    const closed = run((atMs) => frame(atMs, { eyesOpen: 0.06 }), 2000, 2000 + settleMs + stayMs, open, quiet)
    expect(closed.report.checks[0]?.name).toBe('eyesOpen')
    expect(closed.report.instruction).toBe('openEyes')
  })

  test('are the usual eyes of somebody whose eyes are narrow', () => {
    const narrow = run((atMs) => frame(atMs, { eyesOpen: 0.05 }), 0, 3000, undefined, quiet)
    expect(eyesIn(narrow)?.verdict).toBe('good')
  })
})
