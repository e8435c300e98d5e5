/**
 * An active challenge: the subject is asked for movements in an order that nobody knows before. A deterrence, no measured detection of
 * attacks. Pure: the state goes in and comes out; time and randomness are passed in.
 * 1. Every step is measured against the person's own baseline. 2. Between two steps the head faces the camera, and its template has to
 * be that of the face at the beginning; so has that of every compareEveryMs while the head is near the front. 3. A frame shows a movement only
 * where its own face was compared: who comes for a movement alone shows nothing. 4. Each phase has a limit of time; a movement faster than
 * anybody reacts fails. 5. It ends once.
 */
import type { ChallengeFailure, ChallengeStep, Liveness, LivenessReport, Unable } from '../../contract/liveness.ts'
import { chooseSteps, closedShareOf, deviationOf, isComparable, isNeutral, isWrong, type Movement, shows } from './steps.ts'

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
/** Between two comparisons of the face while the head is near the front. */
export const compareEveryMs = 200
/** Comparisons in a row that fail before it is another face: a single frame may be blurred. */
const doubtsMax = 1

export interface ChallengeFrame {
  readonly atMs: number
  readonly movement: Movement | undefined
  readonly severalFaces: boolean
  /** Pictures that came before came again. */
  readonly repeatedFrames: boolean
  /**
   * Comparison of the face with that of the baseline, where the state asked for it: whether it is the same; of a frame that is evidence
   * whether it may be, since a turned head is less like itself.
   */
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
      /** The share of the usual opening below which the lids are closed. */
      readonly closed: number
      readonly at: number
      /** When the face was last known; before the first frame of a face that was lost it counts as never. */
      readonly comparedMs: number
      /** Comparisons in a row that said that it is another face. */
      readonly doubts: number
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

/** Whether a frame shows the movement that is asked for, by somebody who could react: it counts where its face was compared. */
export function isEvidence(state: ChallengeState, movement: Movement | undefined, atMs: number): boolean {
  if (state.phase !== 'asking' || movement === undefined || atMs - state.sinceMs < reactionMsMin) return false
  return shows(state.steps[state.at]!, deviationOf(movement, state.baseline), state.closed)
}

/**
 * Whether a frame should come with a comparison of its face with that of the baseline.
 * @param everyMs between two comparisons, where one takes longer than usual
 */
export function wantsTemplate(state: ChallengeState, movement: Movement | undefined, atMs: number, everyMs = compareEveryMs): boolean {
  if ((state.phase !== 'returning' && state.phase !== 'asking') || movement === undefined) return false
  if (state.phase === 'returning' && !state.known && state.neutralSinceMs !== undefined) return true
  if (isEvidence(state, movement, atMs)) return true
  if (!isComparable(deviationOf(movement, state.baseline), state.closed)) return false
  return state.doubts > 0 || atMs - state.comparedMs >= everyMs
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
  if (frame.movement === undefined || frame.severalFaces) return away(state, frame)
  const there = { ...state, lostSinceMs: undefined }
  // What a frame of a movement says of the face is weaker than what a frontal one says, and counts for the movement alone.
  const present = isEvidence(state, frame.movement, frame.atMs) ? there : compared(there, frame)
  if (present.phase !== 'baseline' && present.doubts > doubtsMax) return ended(present, 'otherFace')
  if (present.phase === 'baseline') return gathered(present, frame.movement, frame.atMs)
  return present.phase === 'asking' ? asked(present, frame, frame.movement) : returned(present, frame, frame.movement)
}

/** What a comparison says; without one, nothing. */
function compared<State extends Running>(state: State, { sameFace, atMs }: ChallengeFrame): State {
  if (state.phase === 'baseline' || sameFace === undefined) return state
  return sameFace ? { ...state, comparedMs: atMs, doubts: 0 } : { ...state, known: false, doubts: state.doubts + 1 }
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
  // Whoever comes back is compared at once.
  if (state.phase !== 'baseline') return { ...state, lostSinceMs, neutralSinceMs: undefined, comparedMs: Number.NEGATIVE_INFINITY }
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
  const fresh = { lostSinceMs: undefined, neutralSinceMs: undefined, known: false, wrong: 0, wrongNow: false, comparedMs: atMs, doubts: 0 }
  const baseline = baselineOf(seen)
  const closed = closedShareOf(seen.map(({ openness }) => openness))
  return { ...fresh, steps, pauses, unable, phase: 'asking', baseline, closed, at: 0, sinceMs: atMs + pauses[0]! }
}

function asked(state: Stepping, { atMs, sameFace }: ChallengeFrame, movement: Movement): ChallengeState {
  const step = state.steps[state.at]!
  const deviation = deviationOf(movement, state.baseline)
  const wrongNow = isWrong(step, deviation, state.closed)
  const wrong = state.wrong + (wrongNow && !state.wrongNow ? 1 : 0)
  if (wrong > wrongMovementsMax) return ended(state, 'wrongMovement')
  if (atMs - state.sinceMs > stepTimeoutMs) return ended(state, 'timedOut')
  if (!shows(step, deviation, state.closed)) return { ...state, wrong, wrongNow }
  if (atMs - state.sinceMs >= reactionMsMin && sameFace !== true) return { ...state, wrong, wrongNow }
  if (atMs - state.sinceMs >= reactionMsMin)
    return { ...state, phase: 'returning', sinceMs: atMs, neutralSinceMs: undefined, known: false, wrong, wrongNow }
  // Eyes blink by themselves: one that came too soon does not count. A head does not turn by itself.
  return step === 'blink' ? { ...state, wrong, wrongNow } : ended(state, 'tooFast')
}

function returned(state: Stepping, frame: ChallengeFrame, movement: Movement): ChallengeState {
  const { atMs } = frame
  if (atMs - state.sinceMs > returnTimeoutMs) return ended(state, 'timedOut')
  const known = frame.sameFace === undefined ? state.known : frame.sameFace
  if (!isNeutral(deviationOf(movement, state.baseline), state.closed)) return { ...state, known, neutralSinceMs: undefined }
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
