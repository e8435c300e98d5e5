/**
 * An active challenge: the subject is asked for movements in an order that nobody knows before. A deterrence, no measured detection of
 * attacks. Pure: the state goes in and comes out; time and randomness are passed in.
 * 1. Every step is measured against the person's own baseline. 2. Between two steps the head faces the camera, and its template has to
 * be that of the face at the beginning. 3. Each phase has a limit of time; a movement faster than anybody reacts fails. 4. It ends once.
 */
import type { ChallengeFailure, ChallengeStep, Liveness, LivenessReport, Unable } from '../../contract/liveness.ts'
import { chooseSteps, deviationOf, isNeutral, isWrong, type Movement, shows } from './steps.ts'

const baselineMs = 700
const baselineFramesMin = 5
const baselineTimeoutMs = 12_000
const stepTimeoutMs = 6_000
const returnTimeoutMs = 5_000
/** Nobody has turned or nodded so soon after being asked. */
const reactionMsMin = 200
/** The face may be away so long: a turned head is lost for a moment. */
const lostMsMax = 1_000
const neutralMs = 250
/** Pause before the next step, by chance. */
const pauseMs = [150, 800] as const
const wrongMovementsMax = 1

export interface ChallengeFrame {
  readonly atMs: number
  readonly movement: Movement | undefined
  readonly severalFaces: boolean
  /** Pictures that came before came again. */
  readonly repeatedFrames: boolean
  /** Comparison of the face with that of the baseline, where the state asked for it: whether it is the same. */
  readonly sameFace?: boolean | undefined
}

interface Common {
  readonly steps: readonly ChallengeStep[]
  readonly pauses: readonly number[]
  readonly unable: readonly Unable[]
  readonly sinceMs: number
  readonly lostSinceMs: number | undefined
}

export type ChallengeState =
  | (Common & { readonly phase: 'baseline'; readonly beganMs: number; readonly seen: readonly Movement[] })
  | (Common & {
      /** asking until the movement is seen, returning until the face is back and known; then the next step. */
      readonly phase: 'asking' | 'returning'
      readonly baseline: Movement
      readonly at: number
      readonly neutralSinceMs: number | undefined
      readonly known: boolean
      readonly wrong: number
      /** A wrong movement that still goes on counts once. */
      readonly wrongNow: boolean
    })
  | (Common & { readonly phase: 'ended'; readonly done: number; readonly failure: ChallengeFailure | null })

/** Begins a challenge. @param random 0 to 1, 1 excluded */
export function startChallenge(unable: readonly Unable[], random: () => number, nowMs: number): ChallengeState {
  const steps = chooseSteps(unable, random)
  const pauses = steps.map(() => pauseMs[0] + random() * (pauseMs[1] - pauseMs[0]))
  return { phase: 'baseline', steps, pauses, unable, sinceMs: nowMs, beganMs: nowMs, lostSinceMs: undefined, seen: [] }
}

/** Whether the next frame should come with a comparison of its face with that of the baseline. */
export function wantsTemplate(state: ChallengeState): boolean {
  return state.phase === 'returning' && !state.known && state.neutralSinceMs !== undefined
}

/** Whether the template of this moment is the one to compare with. */
export const isBaselineDone = (before: ChallengeState, after: ChallengeState) => before.phase === 'baseline' && after.phase === 'asking'

export function cancelled(state: ChallengeState): ChallengeState {
  return state.phase === 'ended' ? state : ended(state, 'cancelled')
}

/** The state after a frame. */
export function challenged(state: ChallengeState, frame: ChallengeFrame): ChallengeState {
  if (state.phase === 'ended') return state
  if (frame.repeatedFrames) return ended(state, 'repeatedFrames')
  if (frame.sameFace === false) return ended(state, 'otherFace')
  if (frame.movement === undefined || frame.severalFaces) return away(state, frame)
  const present = { ...state, lostSinceMs: undefined }
  if (present.phase === 'baseline') return gathered(present, frame.movement, frame.atMs)
  return present.phase === 'asking' ? asked(present, frame.movement, frame.atMs) : returned(present, frame, frame.movement)
}

type Running = Exclude<ChallengeState, { phase: 'ended' }>
type Stepping = Extract<ChallengeState, { phase: 'asking' | 'returning' }>

function ended(state: Running, failure: ChallengeFailure | null): ChallengeState {
  const { steps, pauses, unable, sinceMs } = state
  const done = failure === null ? steps.length : state.phase === 'baseline' ? 0 : state.at
  return { phase: 'ended', steps, pauses, unable, sinceMs, lostSinceMs: undefined, done, failure }
}

function away(state: Running, { atMs, severalFaces }: ChallengeFrame): ChallengeState {
  const lostSinceMs = state.lostSinceMs ?? atMs
  if (atMs - lostSinceMs > lostMsMax && state.phase !== 'baseline') return ended(state, severalFaces ? 'severalFaces' : 'faceLost')
  if (state.phase !== 'baseline') return { ...state, lostSinceMs, neutralSinceMs: undefined }
  return atMs - state.beganMs > baselineTimeoutMs ? ended(state, 'timedOut') : { ...state, lostSinceMs, seen: [], sinceMs: atMs }
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!

function baselineOf(seen: readonly Movement[]): Movement {
  const of = (name: keyof Movement) => median(seen.map((movement) => movement[name]))
  return { yaw: of('yaw'), pitch: of('pitch'), openness: of('openness'), eyeDistance: of('eyeDistance') }
}

/** Gathers the baseline; a head that turns away begins it again, a blink does not. */
function gathered(state: Extract<Running, { phase: 'baseline' }>, movement: Movement, atMs: number): ChallengeState {
  if (atMs - state.beganMs > baselineTimeoutMs) return ended(state, 'timedOut')
  const first = state.seen[0]
  const still = first === undefined || (Math.abs(movement.yaw - first.yaw) < 8 && Math.abs(movement.pitch - first.pitch) < 6)
  if (!still || Math.abs(movement.yaw) > 20) return { ...state, seen: [], sinceMs: atMs }
  const seen = [...state.seen, movement].slice(-40)
  const sinceMs = first === undefined ? atMs : state.sinceMs
  if (atMs - sinceMs < baselineMs || seen.length < baselineFramesMin) return { ...state, seen, sinceMs }
  const { steps, pauses, unable } = state
  const common = { steps, pauses, unable, lostSinceMs: undefined, neutralSinceMs: undefined, known: false, wrong: 0, wrongNow: false }
  return { ...common, phase: 'asking', baseline: baselineOf(seen), at: 0, sinceMs: atMs + pauses[0]! }
}

function asked(state: Stepping, movement: Movement, atMs: number): ChallengeState {
  const step = state.steps[state.at]!
  const deviation = deviationOf(movement, state.baseline)
  const wrongNow = isWrong(step, deviation)
  const wrong = state.wrong + (wrongNow && !state.wrongNow ? 1 : 0)
  if (wrong > wrongMovementsMax) return ended(state, 'wrongMovement')
  if (atMs - state.sinceMs > stepTimeoutMs) return ended(state, 'timedOut')
  if (!shows(step, deviation)) return { ...state, wrong, wrongNow }
  if (atMs - state.sinceMs >= reactionMsMin)
    return { ...state, phase: 'returning', sinceMs: atMs, neutralSinceMs: undefined, known: false, wrong, wrongNow }
  // Eyes blink by themselves: one that came too soon does not count. A head does not turn by itself.
  return step === 'blink' ? { ...state, wrong, wrongNow } : ended(state, 'tooFast')
}

function returned(state: Stepping, frame: ChallengeFrame, movement: Movement): ChallengeState {
  const { atMs } = frame
  if (atMs - state.sinceMs > returnTimeoutMs) return ended(state, 'timedOut')
  const known = state.known || frame.sameFace === true
  if (!isNeutral(deviationOf(movement, state.baseline))) return { ...state, known, neutralSinceMs: undefined }
  const neutralSinceMs = state.neutralSinceMs ?? atMs
  if (!known || atMs - neutralSinceMs < neutralMs) return { ...state, known, neutralSinceMs }
  const at = state.at + 1
  if (at === state.steps.length) return ended(state, null)
  return { ...state, phase: 'asking', at, sinceMs: atMs + state.pauses[at]!, neutralSinceMs: undefined, known: false, wrongNow: false }
}

/** What the screen shows of a challenge. */
export function challengeReport(state: ChallengeState, nowMs: number): LivenessReport {
  const all = state.steps.length
  if (state.phase === 'ended') {
    const { done, failure } = state
    return { state: failure === null ? 'passed' : 'failed', step: null, done, all, progress: 1, failure }
  }
  const progress = (limitMs: number) => Math.min(1, Math.max(0, (nowMs - state.sinceMs) / limitMs))
  if (state.phase === 'baseline') return { state: 'baseline', step: null, done: 0, all, progress: progress(baselineMs), failure: null }
  // Until the pause is over nothing is asked for.
  if (state.phase === 'asking' && nowMs >= state.sinceMs) {
    return { state: 'asking', step: state.steps[state.at]!, done: state.at, all, progress: progress(stepTimeoutMs), failure: null }
  }
  const done = state.phase === 'returning' ? state.at + 1 : state.at
  return { state: 'returning', step: null, done, all, progress: 0, failure: null }
}

/** The verdict that a capture gets; undefined while the challenge still runs. */
export function livenessOf(state: ChallengeState): Omit<Liveness, 'injection'> | undefined {
  if (state.phase !== 'ended') return undefined
  const { failure, steps, unable } = state
  const verdict = failure === null ? 'passed' : failure === 'cancelled' ? 'notAssessed' : 'failed'
  return { verdict, failure, steps: [...steps], unable: [...unable] }
}
