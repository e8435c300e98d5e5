/**
 * Face Mesh (MediaPipe): 468 points with depth from a square region that is turned upright, and a flag that says whether a face is there.
 * Only the mathematics; sessions.ts runs the network.
 */
import { VultusError } from '../../contract/errors.ts'
import type { FivePoints } from '../../contract/types.ts'
import { applyMap, boundingBox, boxCentre, type Point, regionMap, type SquareRegion } from '../../core/geometry.ts'
import { eyeCentres, meshPoint } from '../../core/landmarks.ts'
import { type Detection, ownFivePoints } from './detection.ts'

export const meshPointCount = 468

export interface FaceMesh {
  /** x, y, z for each point, pixels of the picture that was looked at; z grows away from the camera. */
  readonly points: Float32Array
  /** 0 no face to 1 a face. */
  readonly presence: number
}

const angleOf = (left: Point, right: Point) => Math.atan2(right[1] - left[1], right[0] - left[0])

/** Where to look for the mesh of a detection: around its box, turned to the line of the eyes. */
export function regionOfDetection({ box, keypoints }: Detection, regionScale: number): SquareRegion {
  return {
    centre: boxCentre(box),
    side: Math.max(box.width, box.height) * regionScale,
    angleRad: angleOf(keypoints[0]!, keypoints[1]!),
  }
}

/** Where to look again: around the points of a mesh, which sit closer to the face than a detector's box. */
export function regionOfMesh(points: Float32Array, regionScale: number): SquareRegion {
  const [left, right] = eyeCentres(points, 3)
  const angleRad = angleOf(left, right)
  const [cosine, sine] = [Math.cos(angleRad), Math.sin(angleRad)]
  // The box is taken in turned coordinates, so that a tilted head gives the same region as an upright one.
  const turned = Array.from({ length: meshPointCount }, (_, index): Point => {
    const [x, y] = meshPoint(points, index, 3)
    return [cosine * x + sine * y, cosine * y - sine * x]
  })
  const box = boundingBox(turned)
  const [x, y] = boxCentre(box)
  return { centre: [cosine * x - sine * y, cosine * y + sine * x], side: Math.max(box.width, box.height) * regionScale, angleRad }
}

/**
 * The outputs of one region as points of the picture. They are told apart by their size, since their names depend on the converter.
 * @throws VultusError inference.failed where a size is not one of the model's
 */
export function decodeFacemesh(outputs: readonly Float32Array[], region: SquareRegion, sidePx: number): FaceMesh {
  const values = outputs.find((output) => output.length === 3 * meshPointCount)
  const presence = outputs.find((output) => output.length === 1)?.[0]
  if (values === undefined || presence === undefined) throw new VultusError('inference.failed', 'landmark output has an unexpected shape')
  const map = regionMap(region, sidePx)
  const depthScale = region.side / sidePx
  const points = new Float32Array(values.length)
  for (let at = 0; at < values.length; at += 3) {
    const [x, y] = applyMap(map, [values[at]!, values[at + 1]!])
    points[at] = x
    points[at + 1] = y
    points[at + 2] = values[at + 2]! * depthScale
  }
  return { points, presence }
}

/**
 * The tip of the nose as the 68 points of iBUG have it, by which dlib's chips were cut. Point 1 lies lower, between tip and nostrils:
 * on a chip of 150 pixels by six of them.
 */
const noseTipIndex = 4

/** Centres of the eyes, tip of the nose, corners of the mouth. */
export function fivePointsOfMesh(points: Float32Array): FivePoints {
  const [left, right] = eyeCentres(points, 3)
  const at = (index: number): [number, number] => [...meshPoint(points, index, 3)]
  return { left_eye: [...left], right_eye: [...right], nose: at(noseTipIndex), left_mouth: at(61), right_mouth: at(291) }
}

/**
 * Five points of a detection whose mesh was not placed. Where the detector knows only the middle of the mouth,
 * the corners are put on the line of the eyes' direction, 0.4 of the eye distance to each side, as faces have them on average.
 */
export function fivePointsOfDetection(detection: Detection): FivePoints {
  const own = ownFivePoints(detection)
  if (own !== undefined) return own
  const { keypoints } = detection
  const [left, right, nose, mouth] = keypoints as readonly [Point, Point, Point, Point]
  const [dx, dy] = [(right[0] - left[0]) * 0.4, (right[1] - left[1]) * 0.4]
  return {
    left_eye: [...left],
    right_eye: [...right],
    nose: [...nose],
    left_mouth: [mouth[0] - dx, mouth[1] - dy],
    right_mouth: [mouth[0] + dx, mouth[1] + dy],
  }
}
