/**
 * Guidance of a capture: from the measures of each frame to one instruction, and to the moment when a picture is taken.
 * Pure: the state goes in and comes out, time is passed in, so that a recorded sequence gives the same answers again.
 * 1. One instruction holds at a time, and it changes only when the next has lasted. 2. A picture is asked for when all that the subject
 * can change has been good for holdMs; narrow eyes, which only warn, delay it to patienceMs and never keep anybody out.
 * 3. The clock of failure runs while a face is there.
 */
import { type CheckName, checkNames, type Instruction, type LiveReport } from '../../contract/guidance.ts'
import type { MeasuredComponents, QualityPreset } from '../../contract/quality.ts'
import { type Checked, checksOf, type GuidedCheck, type Offset, withEyesClosed } from './checks.ts'
import { type Lids, lidsAfter } from './lids.ts'
import { type Steadied, settleMs, steadied, steady } from './steady.ts'

/** All has to be well for this long before a picture is taken. */
export const holdMs = 800
/** So long all but the eyes has to be well, where the eyes are narrower than the preset has them. */
export const patienceMs = 4000
/** Nothing is asked for so long after a capture. */
export const restMs = 2500
/** Time with a face after which a failure to acquire is told. */
export const failAfterMs = 30_000
/** A longer gap between two frames is no time that somebody spent before the camera. */
const gapMsMax = 1000
const reasonsMax = 3

/** What the subject can change at once; the rest is for the operator and asked for only where it is refused. */
const subjectChecks: readonly CheckName[] = ['onePerson', 'distance', 'centred', 'facing', 'eyesOpen', 'mouthClosed']

/** What was measured of a frame. */
export interface FrameMeasures {
  readonly atMs: number
  readonly face: FaceMeasures | undefined
  /** Two faces could both be the subject. */
  readonly ambiguous: boolean
}

export interface FaceMeasures {
  /** Components of this frame; those of light and background come less often. */
  readonly components: MeasuredComponents
  readonly offset: Offset
}

export interface GuidanceOptions {
  readonly preset: QualityPreset
  /** Whether a picture is asked for by itself. */
  readonly autoCapture: boolean
}

export interface GuidanceState {
  readonly lastMs: number | undefined
  /** The newest value of every component since the face came. */
  readonly components: MeasuredComponents
  readonly failing: Checked['failing']
  readonly lids: Lids | undefined
  readonly instruction: Steadied<Instruction> | undefined
  readonly wellSinceMs: number | undefined
  readonly passableSinceMs: number | undefined
  readonly capturedMs: number | undefined
  readonly captures: number
  /** Time with a face since the last capture, and how much of it each check was not good. */
  readonly presentMs: number
  readonly troubleMs: Readonly<Partial<Record<CheckName, number>>>
}

export const freshGuidance: GuidanceState = {
  lastMs: undefined,
  components: {},
  failing: [],
  lids: undefined,
  instruction: undefined,
  wellSinceMs: undefined,
  passableSinceMs: undefined,
  capturedMs: undefined,
  captures: 0,
  presentMs: 0,
  troubleMs: {},
}

export type Guided = { readonly state: GuidanceState; readonly report: Omit<LiveReport, 'pose' | 'liveness'> }

/** The state and the report after a frame. */
export function guide(state: GuidanceState, frame: FrameMeasures, options: GuidanceOptions): Guided {
  const nowMs = Math.max(frame.atMs, state.lastMs ?? frame.atMs)
  if (frame.face === undefined) return withoutFace(state, nowMs, frame.ambiguous)
  const lids = lidsAfter(state.lids, frame.face.components.eyesOpen?.raw ?? undefined, nowMs)
  const closedMs = lids?.closedSinceMs === undefined ? undefined : nowMs - lids.closedSinceMs
  const blinks = closedMs !== undefined && closedMs < settleMs
  // What was measured of open eyes keeps its place in the order while they blink.
  const eyes = blinks && state.components.eyesOpen !== undefined ? { eyesOpen: state.components.eyesOpen } : {}
  const components = { ...state.components, ...frame.face.components, ...eyes }
  const { checks: measured, failing } = checksOf(options.preset, components, frame.face.offset, state.failing)
  const checks = closedMs === undefined ? measured : withEyesClosed(measured, !blinks)
  const well = checks.every(fine)
  const passable = checks.every((check) => fine(check) || (check.name === 'eyesOpen' && check.verdict === 'warn'))
  const wellSinceMs = well ? (state.wellSinceMs ?? nowMs) : undefined
  const passableSinceMs = passable ? (state.passableSinceMs ?? nowMs) : undefined
  const resting = state.capturedMs !== undefined && nowMs - state.capturedMs < restMs
  const due = nowMs - (wellSinceMs ?? Infinity) >= holdMs || nowMs - (passableSinceMs ?? Infinity) >= patienceMs
  const captures = options.autoCapture && due && !resting
  const spentMs = Math.min(gapMsMax, nowMs - (state.lastMs ?? nowMs))
  const next: GuidanceState = {
    lastMs: nowMs,
    components,
    failing,
    lids,
    instruction: follow(state.instruction, captures || resting ? 'captured' : asked(checks), nowMs),
    wellSinceMs: captures || resting ? undefined : wellSinceMs,
    passableSinceMs: captures || resting ? undefined : passableSinceMs,
    capturedMs: captures ? nowMs : state.capturedMs,
    captures: state.captures + (captures ? 1 : 0),
    presentMs: captures ? 0 : state.presentMs + spentMs,
    troubleMs: captures ? {} : withTrouble(state.troubleMs, checks, spentMs),
  }
  const progress = captures || resting ? 1 : Math.min(1, Math.max(0, (nowMs - (wellSinceMs ?? nowMs)) / holdMs))
  return { state: next, report: reportOf(next, checks, captures || resting ? 'captured' : well ? 'holding' : 'seeking', progress) }
}

/** Good, or a warning that the subject cannot change. */
const fine = ({ name, verdict }: GuidedCheck) => verdict === 'good' || (verdict === 'warn' && !subjectChecks.includes(name))

function withoutFace(state: GuidanceState, nowMs: number, ambiguous: boolean): Guided {
  const instruction = follow(state.instruction, ambiguous ? 'onePerson' : 'look', nowMs)
  const next: GuidanceState = {
    ...state,
    lastMs: nowMs,
    components: {},
    failing: [],
    lids: undefined,
    instruction,
    wellSinceMs: undefined,
    passableSinceMs: undefined,
  }
  return { state: next, report: reportOf(next, [], 'seeking', 0) }
}

const follow = (instruction: Steadied<Instruction> | undefined, value: Instruction, nowMs: number) =>
  instruction === undefined ? steady(value, nowMs) : steadied(instruction, value, nowMs)

/** The first thing to ask for: what the subject can change, then what is refused. */
function asked(checks: readonly GuidedCheck[]): Instruction {
  const inOrder = checkNames.flatMap((name) => checks.filter((check) => check.name === name))
  const first =
    inOrder.find(({ name, verdict }) => verdict !== 'good' && subjectChecks.includes(name)) ??
    inOrder.find(({ verdict }) => verdict === 'refuse')
  return first?.instruction ?? 'hold'
}

function withTrouble(trouble: GuidanceState['troubleMs'], checks: readonly GuidedCheck[], spentMs: number): GuidanceState['troubleMs'] {
  const next = { ...trouble }
  for (const { name, verdict } of checks) if (verdict !== 'good') next[name] = (next[name] ?? 0) + spentMs
  return next
}

function reportOf(
  state: GuidanceState,
  checks: readonly GuidedCheck[],
  phase: LiveReport['phase'],
  progress: number,
): Omit<LiveReport, 'pose' | 'liveness'> {
  const failed = phase === 'seeking' && state.presentMs >= failAfterMs
  return {
    instruction: state.instruction?.shown ?? 'look',
    phase: failed ? 'failed' : phase,
    progress,
    captures: state.captures,
    checks: checks.map(({ name, verdict, bar }) => ({ name, verdict, bar: Math.round(bar) })),
    reasons: failed ? reasonsOf(state) : [],
  }
}

/** What was wrong longest, the longest first. */
function reasonsOf({ troubleMs }: GuidanceState): CheckName[] {
  return checkNames
    .filter((name) => (troubleMs[name] ?? 0) > 0)
    .sort((a, b) => troubleMs[b]! - troubleMs[a]!)
    .slice(0, reasonsMax)
}
