/** Views of drawn subjects: numbered ones for enrolment and search, and a moving one for the simulated camera. */
import type { ChallengeStep } from '../contract/liveness.ts'
import type { PortraitView } from './portraitParameters.ts'

/** The enrolment picture: frontal, evenly lit, neutral. */
export const frontalView: PortraitView = {
  width: 640,
  height: 480,
  place: [0.5, 0.48],
  scale: 1.15,
  yaw: 0,
  pitch: 0,
  roll: 0,
  eyeOpenness: 1,
  smile: 0,
  light: { brightness: 1, side: 0 },
  background: 0x9fb0bf,
  grain: 1,
  grainSeed: 1,
}

const backgrounds = [0x9fb0bf, 0xb9b1a4, 0x8fa39a, 0xa9a3b4, 0xc3c7cb] as const

/** A deterministic number in -1..1 for a variation and one of its properties. */
function swing(variation: number, property: number): number {
  const x = Math.sin(variation * 12.9898 + property * 78.233) * 43758.5453
  return (x - Math.floor(x)) * 2 - 1
}

/**
 * A view by number: 0 is the frontal enrolment picture, the others differ in light, place, size, pose and smile,
 * as pictures of one person on different days do. The same number gives the same view.
 */
export function viewOf(variation: number): PortraitView {
  if (variation === 0) return frontalView
  const s = (property: number) => swing(variation, property)
  return {
    ...frontalView,
    place: [0.5 + 0.07 * s(1), 0.48 + 0.03 * s(2)],
    scale: 1.12 + 0.16 * s(3),
    yaw: 6 * s(4),
    pitch: 3 * s(5),
    roll: 4 * s(6),
    eyeOpenness: 0.94 + 0.08 * s(7),
    smile: 0.2 + 0.3 * s(8),
    light: { brightness: 1 + 0.12 * s(9), side: 0.4 * s(10) },
    background: backgrounds[Math.abs(Math.trunc(variation)) % backgrounds.length]!,
    grainSeed: 1 + Math.abs(Math.trunc(variation)),
  }
}

const blinkEveryMs = 3700
/** Closing, closed, opening. The eyes stay closed for two frames of a slow camera, else it could miss a blink. */
const blinkMs = { closing: 80, closed: 160, opening: 120 } as const

/** 1 open to 0 closed: closes and opens again once in every interval. */
function blink(tMs: number): number {
  const phase = (tMs + blinkEveryMs * 0.4) % blinkEveryMs
  const { closing, closed, opening } = blinkMs
  if (phase < closing) return 1 - phase / closing
  return Math.min(1, Math.max(0, (phase - closing - closed) / opening))
}

/**
 * The view of somebody who sits before a camera: sways a little, blinks every few seconds.
 * Without grain, whose filter costs more than the rest; a caller that draws to a canvas adds its own.
 * @param tMs time since the camera was opened
 */
export function liveView(tMs: number): PortraitView {
  const wave = (periodMs: number, phase = 0) => Math.sin((2 * Math.PI * tMs) / periodMs + phase)
  return {
    ...frontalView,
    place: [0.5 + 0.012 * wave(5300), 0.48 + 0.008 * wave(3900, 1)],
    scale: 1.15 + 0.015 * wave(7100),
    yaw: 3.5 * wave(6100) + 1.5 * wave(2300, 2),
    pitch: 1.5 * wave(4700, 0.5),
    roll: 1.2 * wave(5900, 2),
    eyeOpenness: blink(tMs),
    smile: 0.1 + 0.1 * wave(8300),
    grain: 0,
  }
}

/** The view at the far end of each movement that a challenge asks for. Turning to the own left is towards the right edge. */
const movedViews: Readonly<Record<ChallengeStep, Partial<PortraitView>>> = {
  blink: { eyeOpenness: 0 },
  turnLeft: { yaw: 34 },
  turnRight: { yaw: -34 },
  nod: { pitch: -36 },
  comeCloser: { scale: frontalView.scale * 1.4 },
}

/**
 * The view of a drawn subject on the way of a movement that a challenge asks for.
 * @param share 0 at rest, 1 at the far end
 */
export function movementView(step: ChallengeStep, share: number): PortraitView {
  const rest: PortraitView = { ...frontalView, grain: 0 }
  const far = { ...rest, ...movedViews[step] }
  const between = (from: number, to: number) => from + (to - from) * Math.min(1, Math.max(0, share))
  return {
    ...rest,
    yaw: between(rest.yaw, far.yaw),
    pitch: between(rest.pitch, far.pitch),
    scale: between(rest.scale, far.scale),
    eyeOpenness: between(rest.eyeOpenness, far.eyeOpenness),
  }
}
