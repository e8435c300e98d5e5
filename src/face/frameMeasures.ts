/** The measures of the subject of one frame: geometry at once, light and background now and then. */
import type { MeasuredComponents } from '../contract/quality.ts'
import { distance } from '../core/geometry.ts'
import type { Offset } from '../core/guidance/checks.ts'
import { guideOval } from '../core/guidance/oval.ts'
import { eyeCentres, eyesToChin, lidGap, meshPoint } from '../core/landmarks.ts'
import type { Movement } from '../core/liveness/steps.ts'
import type { HeadPose } from '../core/pose/headPose.ts'
import { geometryMeasures } from '../core/quality/geometry.ts'
import { measured } from '../core/quality/scores.ts'
import type { FaceMesh } from './families/facemesh.ts'

interface Size {
  readonly width: number
  readonly height: number
}

/** Components that come from the landmarks alone. @param scale pixels of the frame for each pixel that was looked at */
export function frameComponents(mesh: FaceMesh, picture: Size, scale: number, pose: HeadPose | undefined, secondFace: number) {
  const components: MeasuredComponents = { singleFace: measured('singleFace', secondFace) }
  const geometry = geometryMeasures(mesh.points, 3, picture, scale, pose)
  for (const [name, raw] of Object.entries(geometry)) {
    const component = name as keyof typeof geometry
    components[component] = measured(component, raw)
  }
  return components
}

/** Where the middle of the face, from the top of the forehead to the chin, is in the oval. */
export function ovalOffset({ points }: FaceMesh, picture: Size): Offset {
  const oval = guideOval(picture)
  const [top, chin] = [meshPoint(points, 10, 3), meshPoint(points, 152, 3)]
  return {
    dx: ((top[0] + chin[0]) / 2 - oval.x) / (oval.radiusY * 2),
    dy: ((top[1] + chin[1]) / 2 - oval.y) / (oval.radiusY * 2),
  }
}

/** What a challenge looks at. */
export function movementOf({ points }: FaceMesh, picture: Size, pose: HeadPose | undefined): Movement | undefined {
  if (pose === undefined) return undefined
  const [left, right] = eyeCentres(points, 3)
  const chin = eyesToChin(points, 3)
  return {
    yaw: pose.yaw,
    pitch: pose.pitch,
    openness: lidGap(points, 3) / Math.max(1e-6, chin),
    eyeDistance: distance(left, right) / Math.cos((pose.yaw * Math.PI) / 180) / picture.width,
  }
}
