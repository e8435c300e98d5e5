/**
 * What can be told of the live picture from box and points alone. Each check has a limit; once it fails it has to pass
 * by a margin before it counts as good again, so that a face at the limit does not flicker.
 * Point numbers are those of the 468-point mesh.
 */
import type { LiveFace, LivePacket } from '../../contract/live.ts'
import { guideOval } from './overlayMapping.ts'

/** In the order in which they are asked for: one instruction at a time, the first that fails. */
export const checkNames = ['onePerson', 'distance', 'centred', 'facing', 'level'] as const
export type CheckName = (typeof checkNames)[number]

/** What is asked of the subject. Left and right are the subject's own. */
export type Instruction = 'look' | 'onePerson' | 'closer' | 'back' | 'left' | 'right' | 'up' | 'down' | 'facing' | 'level' | 'hold'

export type Checks = Readonly<Record<CheckName, boolean>>

export interface Assessment {
  readonly face: boolean
  /** Good or not, for each check; all false without a face. */
  readonly checks: Checks
  readonly instruction: Instruction
}

/** Share of the oval's height that the face (top of the forehead to chin) has to fill, at least and at most. */
const faceHeightMin = 0.5
const faceHeightMax = 0.98
/** Distance of the face's middle from the oval's, over the oval's height. */
const offCentreMax = 0.3
/** A second face this large beside the subject, by area, may be meant. */
const secondFaceMax = 0.2
/** Nose from the middle of the face, over its width: frontal faces reach 0.19, turned ones begin at 0.25. */
const turnMax = 0.22
const rollDegreesMax = 14
/** A failing check passes again this much inside its limit. */
const margin = 0.08

const forehead = 10
const chin = 152
const nose = 1
const sideLeft = 234
const sideRight = 454
const eyeLeft = [33, 133] as const
const eyeRight = [362, 263] as const

const none: Checks = { onePerson: false, distance: false, centred: false, facing: false, level: false }

/** Assesses one packet. @param before the checks of the packet before, for the margins */
export function assess(packet: LivePacket, before: Checks): Assessment {
  const subject = packet.faces[0]
  if (subject === undefined || packet.width === 0 || packet.height === 0) return { face: false, checks: none, instruction: 'look' }
  const place = placeOf(subject)
  const oval = guideOval(packet)
  const height = place.height / (oval.radiusY * 2)
  const dx = (place.x - oval.x) / (oval.radiusY * 2)
  const dy = (place.y - oval.y) / (oval.radiusY * 2)
  const strict = (name: CheckName) => (before[name] ? 0 : margin)
  const near = strict('distance')
  const checks = {
    onePerson: secondFaceShare(packet.faces) <= secondFaceMax * (1 - strict('onePerson')),
    distance: height >= faceHeightMin * (1 + near) && height <= faceHeightMax * (1 - near),
    centred: Math.hypot(dx, dy) <= offCentreMax * (1 - strict('centred')),
    facing: Math.abs(turnOf(subject)) <= turnMax * (1 - strict('facing')),
    level: Math.abs(rollDegreesOf(subject)) <= rollDegreesMax * (1 - strict('level')),
  }
  return { face: true, checks, instruction: instructionOf(checks, height, dx, dy) }
}

function instructionOf(checks: Checks, height: number, dx: number, dy: number): Instruction {
  const failing = checkNames.find((name) => !checks[name])
  switch (failing) {
    case undefined:
      return 'hold'
    case 'distance':
      return height < 0.8 ? 'closer' : 'back'
    case 'centred':
      // A face at the left of the unmirrored frame is at the subject's right, so the subject moves to the left.
      if (Math.abs(dx) >= Math.abs(dy)) return dx < 0 ? 'left' : 'right'
      return dy < 0 ? 'down' : 'up'
    default:
      return failing
  }
}

/** Middle and height of the face: from the points where there are any, else from the box. */
function placeOf(face: LiveFace): { x: number; y: number; height: number } {
  const { x, y, width, height } = face.box
  if (face.points.length === 0) return { x: x + width / 2, y: y + height / 2, height: height * 1.15 }
  const [topX, topY] = pointOf(face, forehead)
  const [chinX, chinY] = pointOf(face, chin)
  return { x: (topX + chinX) / 2, y: (topY + chinY) / 2, height: Math.hypot(chinX - topX, chinY - topY) }
}

function secondFaceShare(faces: readonly LiveFace[]): number {
  const area = (face: LiveFace | undefined) => (face === undefined ? 0 : face.box.width * face.box.height)
  const first = area(faces[0])
  return first === 0 ? 0 : Math.max(0, ...faces.slice(1).map(area)) / first
}

/** How far the head is turned: nose from the middle of the face over its width; 0 without points. */
export function turnOf(face: LiveFace): number {
  if (face.points.length === 0) return 0
  const [leftX] = pointOf(face, sideLeft)
  const [rightX] = pointOf(face, sideRight)
  const width = rightX - leftX
  return width === 0 ? 0 : (pointOf(face, nose)[0] - (leftX + rightX) / 2) / width
}

/** How far the head leans to a side, degrees; 0 without points. */
export function rollDegreesOf(face: LiveFace): number {
  if (face.points.length === 0) return 0
  const [leftX, leftY] = middleOf(face, eyeLeft)
  const [rightX, rightY] = middleOf(face, eyeRight)
  return (Math.atan2(rightY - leftY, rightX - leftX) * 180) / Math.PI
}

function pointOf(face: LiveFace, index: number): [number, number] {
  return [face.points[index * 2] ?? 0, face.points[index * 2 + 1] ?? 0]
}

function middleOf(face: LiveFace, indices: readonly [number, number]): [number, number] {
  const [ax, ay] = pointOf(face, indices[0])
  const [bx, by] = pointOf(face, indices[1])
  return [(ax + bx) / 2, (ay + by) / 2]
}
