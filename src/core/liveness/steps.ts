/** What the steps of a challenge ask for, and in which order. Movements count against the person's own baseline. */
import type { ChallengeStep, Unable } from '../../contract/liveness.ts'

/** What a challenge looks at in a frame. */
export interface Movement {
  /** Degrees, signs of ISO/IEC 39794-5. */
  readonly yaw: number
  readonly pitch: number
  /** Opening of the less open eye over the length of the face. */
  readonly openness: number
  /** Distance of the eyes over the width of the frame. */
  readonly eyeDistance: number
}

const turnDegrees = 20
const nodDegrees = 8
/**
 * The mesh keeps some of the opening of closed lids: 0.39 to 0.78 of the usual one on drawn subjects. How far lids have to come down
 * depends on the person: where the eyes were measured steadily in the baseline, less is told from open ones.
 */
const closedShare = { min: 0.78, max: 0.86 }
/** Deviations (median, of the opening in the baseline) that closed lids lie below the usual opening. */
const closedDeviations = 12
/** Lids count as open again from here on, and a little above closed ones. */
const openShare = 0.84
const openAbove = 0.02
const closerShare = 1.2

/** How far a movement is from the baseline. */
export interface Deviation {
  readonly yaw: number
  readonly pitch: number
  /** 1 is as open as usual. */
  readonly openness: number
  /** 1 is as near as at the beginning. */
  readonly nearness: number
}

export function deviationOf(movement: Movement, baseline: Movement): Deviation {
  return {
    yaw: movement.yaw - baseline.yaw,
    pitch: movement.pitch - baseline.pitch,
    openness: movement.openness / Math.max(1e-6, baseline.openness),
    nearness: movement.eyeDistance / Math.max(1e-6, baseline.eyeDistance),
  }
}

/** Whether the head faces the camera as at the beginning, the eyes open. */
export function isNeutral(deviation: Deviation, closed: number): boolean {
  const { yaw, pitch, nearness } = deviation
  return Math.abs(yaw) < 10 && Math.abs(pitch) < 6 && isOpen(deviation, closed) && nearness < 1.12 && nearness > 0.8
}

const isOpen = ({ openness }: Deviation, closed: number) => openness > Math.max(openShare, closed + openAbove)

/** Whether a template of this frame can be held against that of the baseline: frontal enough, the eyes open. */
export function isComparable(deviation: Deviation, closed: number): boolean {
  return Math.abs(deviation.yaw) < 12 && Math.abs(deviation.pitch) < nodDegrees && isOpen(deviation, closed)
}

/**
 * The share of the usual opening below which the lids of this person are closed.
 * @param seen the opening in the frames of the baseline
 */
export function closedShareOf(seen: readonly number[]): number {
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
  const usual = median(seen)
  const deviation = median(seen.map((openness) => Math.abs(openness - usual))) / Math.max(1e-6, usual)
  return Math.min(closedShare.max, Math.max(closedShare.min, 1 - closedDeviations * deviation))
}

/** Whether a frame shows the extreme of what a step asks for. @param closed of closedShareOf */
export function shows(step: ChallengeStep, { yaw, pitch, openness, nearness }: Deviation, closed: number): boolean {
  switch (step) {
    case 'blink':
      // Lids also come down with the eyes: a blink is one only while the head faces the camera.
      return openness < closed && Math.abs(yaw) < 12 && Math.abs(pitch) < nodDegrees
    case 'turnLeft':
      return yaw > turnDegrees
    case 'turnRight':
      return yaw < -turnDegrees
    case 'nod':
      return pitch > nodDegrees && Math.abs(yaw) < turnDegrees
    case 'comeCloser':
      return nearness > closerShare
  }
}

/** A movement that nobody makes by chance and that was not asked for. */
export function isWrong(step: ChallengeStep, deviation: Deviation, closed: number): boolean {
  const turns = (['turnLeft', 'turnRight'] as const).filter((turn) => turn !== step)
  return turns.some((turn) => shows(turn, deviation, closed))
}

/** Puts values into a random order (Fisher and Yates). @param random 0 to 1, 1 excluded */
function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const result = [...values]
  for (let left = result.length - 1; left > 0; left--) {
    const at = Math.floor(random() * (left + 1))
    ;[result[left], result[at]] = [result[at]!, result[left]!]
  }
  return result
}

const stepsMin = 3
const ordersTriedMax = 32

/**
 * The steps of a challenge in a random order: blink, both turns and a nod; coming closer stands in for what somebody cannot do.
 * The same step does not come twice in a row unless nothing else is left.
 */
export function chooseSteps(unable: readonly Unable[], random: () => number): ChallengeStep[] {
  const able: ChallengeStep[] = []
  if (!unable.includes('blink')) able.push('blink')
  if (!unable.includes('turn')) able.push('turnLeft', 'turnRight')
  if (!unable.includes('nod')) able.push('nod')
  if (unable.length > 0) able.push('comeCloser')
  const steps = [...able]
  for (let at = 0; steps.length < stepsMin; at++) steps.push(able[at % able.length]!)
  let order = shuffled(steps, random)
  for (let tried = 0; tried < ordersTriedMax && order.some((step, at) => step === order[at - 1]); tried++) order = shuffled(steps, random)
  return order
}
