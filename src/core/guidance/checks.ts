/**
 * The checks of a live picture out of measured components and the preset's limits. A component that was not good has to be better than
 * its limit by a margin before it is good again, so that a face at the limit does not flicker.
 */
import type { CheckName, Instruction, LiveCheck } from '../../contract/guidance.ts'
import type { AssessedComponent, ComponentName, MeasuredComponents, QualityPreset, QualityVerdict } from '../../contract/quality.ts'
import { assessComponent } from '../quality/assess.ts'

/** Share of a span by which a component has to pass its limit again. */
const margin = 0.12
/** Distance of the face's middle from the oval's, over the oval's height, that is good, and that is refused. */
const offCentreGood = 0.3
const offCentreRefused = 0.5

const checkOf: Readonly<Record<ComponentName, CheckName>> = {
  singleFace: 'onePerson',
  headSize: 'distance',
  interEyeDistance: 'distance',
  leftwardCrop: 'centred',
  rightwardCrop: 'centred',
  marginAbove: 'centred',
  marginBelow: 'centred',
  yaw: 'facing',
  pitch: 'facing',
  roll: 'facing',
  eyesOpen: 'eyesOpen',
  mouthClosed: 'mouthClosed',
  sharpness: 'focus',
  luminanceMean: 'brightness',
  luminanceVariance: 'brightness',
  dynamicRange: 'brightness',
  underExposure: 'brightness',
  overExposure: 'brightness',
  illuminationUniformity: 'evenLight',
  naturalColour: 'colour',
  backgroundUniformity: 'background',
}

/** What is asked for where a component is too low, or too high. */
const instructionOf: Readonly<Partial<Record<ComponentName, readonly [low: Instruction, high: Instruction]>>> = {
  singleFace: ['onePerson', 'onePerson'],
  headSize: ['closer', 'back'],
  interEyeDistance: ['closer', 'closer'],
  leftwardCrop: ['left', 'left'],
  rightwardCrop: ['right', 'right'],
  marginAbove: ['down', 'down'],
  marginBelow: ['up', 'up'],
  yaw: ['turnLeft', 'turnRight'],
  pitch: ['chinDown', 'chinUp'],
  roll: ['tiltRight', 'tiltLeft'],
  eyesOpen: ['openEyes', 'openEyes'],
  mouthClosed: ['closeMouth', 'closeMouth'],
  sharpness: ['steady', 'steady'],
  luminanceMean: ['moreLight', 'lessLight'],
  luminanceVariance: ['moreLight', 'lessLight'],
  dynamicRange: ['moreLight', 'moreLight'],
  underExposure: ['moreLight', 'moreLight'],
  overExposure: ['lessLight', 'lessLight'],
  illuminationUniformity: ['evenLight', 'evenLight'],
  backgroundUniformity: ['plainBackground', 'plainBackground'],
}

/** Where the face is: distance of its middle from the oval's, over the oval's height; x to the right of the unmirrored frame. */
export interface Offset {
  readonly dx: number
  readonly dy: number
}

/** A check with the instruction that would mend it. */
export interface GuidedCheck extends LiveCheck {
  readonly instruction: Instruction
}

export interface Checked {
  readonly checks: readonly GuidedCheck[]
  /** Components, and `offset`, that were not good. */
  readonly failing: readonly (ComponentName | 'offset')[]
}

const rank: Readonly<Record<QualityVerdict, number>> = { good: 0, warn: 1, refuse: 2 }

function offsetCheck({ dx, dy }: Offset, failed: boolean): GuidedCheck {
  const off = Math.hypot(dx, dy)
  const limit = offCentreGood * (failed ? 1 - margin : 1)
  const verdict = off > offCentreRefused ? 'refuse' : off > limit ? 'warn' : 'good'
  // A face at the left of the unmirrored frame is at the subject's right, so the subject moves to the left.
  const instruction = Math.abs(dx) >= Math.abs(dy) ? (dx < 0 ? 'left' : 'right') : dy < 0 ? 'down' : 'up'
  return { name: 'centred', verdict, bar: Math.min(100, Math.max(0, 50 + (50 * (offCentreGood - off)) / offCentreGood)), instruction }
}

function checkFor({ component, verdict, bar, side }: AssessedComponent): GuidedCheck {
  const [low, high] = instructionOf[component] ?? ['hold', 'hold']
  return { name: checkOf[component], verdict, bar, instruction: side === 'low' ? low : high }
}

/** How far the bar of eyes that are closed for the moment reaches at most. */
const closedBar = 20

/**
 * The checks while the eyes are closed. A blink leaves its row where it is, so that nothing jumps; eyes that stay closed come first as any other check would.
 * A preset without a limit for the eyes, as for an exemption, knows no such check.
 */
export function withEyesClosed(checks: readonly GuidedCheck[], lasting: boolean): readonly GuidedCheck[] {
  const marked = checks.map((check): GuidedCheck => {
    if (check.name !== 'eyesOpen') return check
    const verdict = check.verdict === 'good' ? 'warn' : check.verdict
    return { ...check, verdict, bar: Math.min(check.bar, closedBar), instruction: 'openEyes' }
  })
  return lasting ? marked.sort(worse) : marked
}

const worse = (a: GuidedCheck, b: GuidedCheck) => rank[b.verdict] - rank[a.verdict] || a.bar - b.bar

/**
 * The checks that what was measured allows, each by its worst component.
 * @param before what was not good in the frame before
 */
export function checksOf(preset: QualityPreset, measured: MeasuredComponents, offset: Offset, before: Checked['failing']): Checked {
  const known = preset.limits.filter(({ component }) => typeof measured[component]?.raw === 'number')
  const assessed = known.map((limit) => assessComponent(limit, measured, before.includes(limit.component) ? margin : 0))
  const offCentre = offsetCheck(offset, before.includes('offset'))
  const worst = new Map<CheckName, GuidedCheck>()
  for (const check of [...assessed.map(checkFor), offCentre].sort(worse)) if (!worst.has(check.name)) worst.set(check.name, check)
  const failing: (ComponentName | 'offset')[] = assessed.filter(({ verdict }) => verdict !== 'good').map(({ component }) => component)
  if (offCentre.verdict !== 'good') failing.push('offset')
  return { checks: [...worst.values()], failing }
}
