import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChallengeFailure, ChallengeStep, Unable } from '../../../../src/contract/liveness.ts'
import {
  type ChallengeFrame,
  type ChallengeState,
  cancelled,
  challenged,
  challengeReport,
  isEvidence,
  livenessOf,
  startChallenge,
  wantsTemplate,
} from '../../../../src/core/liveness/challenge.ts'
import { fusedPad } from '../../../../src/core/liveness/fusion.ts'
import { chooseSteps, closedShareOf, type Movement } from '../../../../src/core/liveness/steps.ts'
import { randomOf } from '../../../support/drawnCrowd.ts'

const neutral: Movement = { yaw: 2, pitch: -3, openness: 0.1, eyeDistance: 0.15 }
const moved: Readonly<Record<ChallengeStep, Partial<Movement>>> = {
  blink: { openness: 0.05 },
  turnLeft: { yaw: 30 },
  turnRight: { yaw: -26 },
  nod: { pitch: 9 },
  comeCloser: { eyeDistance: 0.19 },
}

interface Subject {
  /** Movement shown so long after a step was asked for. */
  readonly does: (step: ChallengeStep, sinceMs: number) => Partial<Movement>
  readonly change?: (frame: ChallengeFrame, state: ChallengeState) => ChallengeFrame
}

/** Somebody who does what is asked for after half a second, for 300 ms. */
const willing: Subject = { does: (step, sinceMs) => (sinceMs >= 500 && sinceMs < 800 ? moved[step] : {}) }

/** Plays a challenge at 20 frames a second until it ends. */
function play(subject: Subject, seed = 1, unable: readonly Unable[] = [], limitMs = 120_000): ChallengeState {
  let state = startChallenge(unable, randomOf(seed), 0)
  let asked: { step: ChallengeStep; sinceMs: number } | undefined
  for (let atMs = 0; atMs < limitMs && state.phase !== 'ended'; atMs += 50) {
    const { step } = challengeReport(state, atMs)
    if (step !== null && step !== asked?.step) asked = { step, sinceMs: atMs }
    else if (step === null && state.phase === 'baseline') asked = undefined
    const movement = { ...neutral, ...(asked === undefined ? {} : subject.does(asked.step, atMs - asked.sinceMs)) }
    const sameFace = wantsTemplate(state, movement, atMs) ? true : undefined
    const frame: ChallengeFrame = { atMs, movement, severalFaces: false, repeatedFrames: false, sameFace }
    state = challenged(state, subject.change?.(frame, state) ?? frame)
  }
  return state
}
const failureOf = (state: ChallengeState): ChallengeFailure | null | undefined => livenessOf(state)?.failure

describe('a challenge', () => {
  test('is passed by somebody who does what is asked for, whatever the order and the ability', () => {
    const unable = fc.subarray<Unable>(['blink', 'turn', 'nod'])
    fc.assert(
      fc.property(fc.integer(), unable, (seed, cannot) => {
        // Coming closer twice in a row is one step after the other: the movement starts again with the second prompt.
        const repeating: Subject = { does: (step, sinceMs) => (sinceMs % 2200 >= 500 && sinceMs % 2200 < 800 ? moved[step] : {}) }
        const state = play(repeating, seed, cannot)
        expect(livenessOf(state)).toMatchObject({ verdict: 'passed', failure: null, unable: cannot })
        expect(challengeReport(state, 0)).toMatchObject({ state: 'passed', step: null })
      }),
      { numRuns: 60 },
    )
  })

  test('a still picture times out', () => {
    expect(failureOf(play({ does: () => ({}) }))).toBe('timedOut')
    expect(livenessOf(play({ does: () => ({}) }))?.verdict).toBe('failed')
  })

  test('another movement than the one that is asked for fails, one mistake does not', () => {
    const other = (step: ChallengeStep) => (step === 'turnLeft' ? moved.turnRight : step === 'turnRight' ? moved.turnLeft : moved[step])
    expect(failureOf(play({ does: (step, ms) => (ms % 1000 >= 500 && ms % 1000 < 800 ? other(step) : {}) }))).toBe('wrongMovement')
    let mistakes = 0
    const mistaken: Subject = {
      does: (step, ms) => {
        if (ms < 500 || ms >= 2300) return {}
        if (ms < 800 && step === 'turnLeft') {
          mistakes++
          return moved.turnRight
        }
        return ms >= 2000 || step !== 'turnLeft' ? moved[step] : {}
      },
    }
    expect(failureOf(play(mistaken))).toBeNull()
    expect(mistakes).toBeGreaterThan(0)
  })

  test('a movement that was already going on fails; a blink does not count', () => {
    expect(failureOf(play({ does: (step, ms) => (step === 'blink' ? willing.does(step, ms) : ms < 300 ? moved[step] : {}) }))).toBe(
      'tooFast',
    )
    expect(failureOf(play({ does: (step, ms) => (step === 'blink' ? (ms < 150 ? moved.blink : {}) : willing.does(step, ms)) }))).toBe(
      'timedOut',
    )
  })

  test('another face, a lost face, several faces and pictures that come again end it', () => {
    const changed = (change: (frame: ChallengeFrame, state: ChallengeState) => ChallengeFrame) => failureOf(play({ ...willing, change }))
    expect(changed((frame) => (frame.sameFace === true ? { ...frame, sameFace: false } : frame))).toBe('otherFace')
    expect(changed((frame) => (frame.atMs > 3000 ? { ...frame, movement: undefined } : frame))).toBe('faceLost')
    expect(changed((frame) => (frame.atMs > 3000 ? { ...frame, severalFaces: true } : frame))).toBe('severalFaces')
    expect(changed((frame) => (frame.atMs > 3000 ? { ...frame, repeatedFrames: true } : frame))).toBe('repeatedFrames')
    // A face that is lost for a moment, as a turned one is, does not end it.
    expect(changed((frame) => (frame.atMs % 2000 < 400 ? { ...frame, movement: undefined } : frame))).toBeNull()
    expect(changed((frame) => ({ ...frame, movement: undefined }))).toBe('timedOut')
  })

  test('a face that takes the place of another for a third of a second near the front is seen; one blurred frame is no other face', () => {
    const swapped = (fromMs: number, untilMs: number): Subject => ({
      ...willing,
      change: (frame) =>
        frame.atMs >= fromMs && frame.atMs < untilMs && frame.sameFace !== undefined ? { ...frame, sameFace: false } : frame,
    })
    // Nothing is asked for before 700 ms of baseline and a pause; until then nobody moves.
    for (let fromMs = 800; fromMs < 1200; fromMs += 50) expect(failureOf(play(swapped(fromMs, fromMs + 350)))).toBe('otherFace')
    let blurred = 0
    const once: Subject = {
      ...willing,
      change: (frame) => {
        if (frame.sameFace !== true || frame.atMs < 3000 || blurred > 0) return frame
        blurred++
        return { ...frame, sameFace: false }
      },
    }
    expect([failureOf(play(once)), blurred]).toEqual([null, 1])
  })

  test('whoever comes for a movement alone, however short, shows nothing: every frame that shows one is compared', () => {
    for (let seed = 1; seed < 6; seed++) {
      let frames = 0
      const standIn: Subject = {
        ...willing,
        // Only the frames of the movement are somebody else's; they are seen because they are compared.
        change: (frame, state) => {
          if (!isEvidence(state, frame.movement, frame.atMs)) return frame
          expect(frame.sameFace).toBe(true)
          frames++
          return { ...frame, sameFace: false }
        },
      }
      expect(failureOf(play(standIn, seed))).toBe('timedOut')
      expect(frames).toBeGreaterThan(0)
    }
    // One blurred frame of a movement makes nobody fail: the next one counts.
    let blurred = 0
    const once: Subject = {
      ...willing,
      change: (frame, state) => {
        if (blurred > 0 || !isEvidence(state, frame.movement, frame.atMs)) return frame
        blurred++
        return { ...frame, sameFace: false }
      },
    }
    expect([failureOf(play(once)), blurred]).toEqual([null, 1])
  })

  test('lids that are measured steadily need to come down less; nobody needs them to come down further than before', () => {
    const around = (usual: number, noise: number) => Array.from({ length: 15 }, (_, at) => usual * (1 + noise * Math.sin(at * 2.4)))
    expect(closedShareOf(around(0.1, 0.005))).toBe(0.86)
    expect(closedShareOf(around(0.1, 0.1))).toBe(0.78)
    // One blink in the baseline changes nothing.
    expect(closedShareOf([...around(0.1, 0.005), 0.05, 0.05])).toBe(0.86)
    const halfClosed: Subject = {
      does: (step, ms) => (ms >= 500 && ms < 800 ? (step === 'blink' ? { openness: 0.082 } : moved[step]) : {}),
    }
    expect(failureOf(play(halfClosed))).toBeNull()
  })

  test('cannot be passed without the comparison of faces', () => {
    const without = play({ ...willing, change: (frame) => ({ ...frame, sameFace: undefined }) })
    expect(failureOf(without)).toBe('timedOut')
  })

  test('is not assessed where it was cancelled, and ends once', () => {
    const stopped = cancelled(startChallenge([], randomOf(1), 0))
    expect(livenessOf(stopped)).toMatchObject({ verdict: 'notAssessed', failure: 'cancelled' })
    expect(cancelled(stopped)).toBe(stopped)
    const passed = play(willing)
    expect(cancelled(passed)).toBe(passed)
    expect(livenessOf(startChallenge([], randomOf(1), 0))).toBeUndefined()
  })

  test('answers any sequence of frames, and answers it alike', () => {
    const movement = fc.record({
      yaw: fc.double({ min: -60, max: 60, noNaN: true }),
      pitch: fc.double({ min: -40, max: 40, noNaN: true }),
      openness: fc.double({ min: 0, max: 0.2, noNaN: true }),
      eyeDistance: fc.double({ min: 0.01, max: 0.4, noNaN: true }),
    })
    const frame = fc.record({
      stepMs: fc.integer({ min: 0, max: 900 }),
      movement: fc.option(movement, { nil: undefined, freq: 8 }),
      severalFaces: fc.boolean(),
      sameFace: fc.constantFrom(undefined, true, true, true),
    })
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 80 }), fc.integer(), (frames, seed) => {
        const run = () => {
          let [state, atMs] = [startChallenge([], randomOf(seed), 0), 0]
          return frames.map(({ stepMs, ...rest }) => {
            atMs += stepMs
            state = challenged(state, { ...rest, atMs, repeatedFrames: false })
            return challengeReport(state, atMs)
          })
        }
        const reports = run()
        expect(run()).toEqual(reports)
        for (const { progress, done, all } of reports) {
          expect(progress).toBeGreaterThanOrEqual(0)
          expect(progress).toBeLessThanOrEqual(1)
          expect(done).toBeLessThanOrEqual(all)
        }
      }),
    )
  })
})

describe('the steps', () => {
  test('come in every order, each at least once in 400', () => {
    const orders = new Map<string, number>()
    for (let seed = 0; seed < 2400; seed++) {
      const order = chooseSteps([], randomOf(seed)).join()
      orders.set(order, (orders.get(order) ?? 0) + 1)
    }
    expect(orders.size).toBe(24)
    for (const count of orders.values()) expect(count).toBeGreaterThan(60)
  })

  test('leave out what somebody cannot do, and are at least three', () => {
    const unable = fc.subarray<Unable>(['blink', 'turn', 'nod'], { minLength: 1 })
    fc.assert(
      fc.property(unable, fc.integer(), (cannot, seed) => {
        const steps = chooseSteps(cannot, randomOf(seed))
        expect(steps.length).toBeGreaterThanOrEqual(3)
        expect(steps).toContain('comeCloser')
        for (const step of steps)
          expect(
            cannot.includes('turn') && step.startsWith('turn') ? step : cannot.includes(step as Unable) ? step : undefined,
          ).toBeUndefined()
        if (new Set(steps).size > 1) expect(steps.some((step, at) => step === steps[at - 1])).toBe(false)
      }),
    )
  })
})

test('a challenge alone never makes an assessment of presentation attacks; a failed one takes back that of a model', () => {
  for (const verdict of ['passed', 'failed', 'notAssessed'] as const) expect(fusedPad('notAssessed', verdict)).toBe('notAssessed')
  expect(fusedPad('passed', 'passed')).toBe('passed')
  expect(fusedPad('passed', 'notAssessed')).toBe('passed')
  expect(fusedPad('passed', 'failed')).toBe('failed')
  expect(fusedPad('failed', 'passed')).toBe('failed')
})
