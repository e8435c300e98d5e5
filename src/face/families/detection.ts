/** What every detector family gives, and the code of each. Only mathematics; sessions.ts runs the networks. */
import type { DetectorManifest } from '../../contract/manifest.ts'
import type { Box, FivePoints } from '../../contract/types.ts'
import { type AffineMap, boxOverlap, type Point } from '../../core/geometry.ts'

export interface Detection {
  /** Pixels of the picture that was looked at; may reach over its edge. */
  readonly box: Box
  readonly detectionScore: number
  /** Image-left eye, image-right eye, nose tip; then both corners of the mouth, or (BlazeFace) its middle and both ears. */
  readonly keypoints: readonly Point[]
}

/** An output of a network with its dimensions. */
export interface NetworkOutput {
  readonly data: Float32Array
  readonly dims: readonly number[]
}

/** A detector's way in and out of its network. */
export interface DetectorFamily {
  /** Maps the input onto a region of the picture. */
  readonly inputMap: (region: Box, input: DetectorManifest['input']) => AffineMap
  /** Faces of one look, best first. @throws VultusError inference.failed where an output has another shape */
  readonly decode: (outputs: readonly NetworkOutput[], manifest: DetectorManifest, toPicture: AffineMap) => Detection[]
}

/** Maps an input onto a region of the picture: at its top left, its longer side filling the input. */
export function topLeftMap(region: Box, input: { readonly width: number; readonly height: number }): AffineMap {
  const scale = Math.max(region.width / input.width, region.height / input.height)
  return [scale, 0, region.x, 0, scale, region.y]
}

/** Non-maximum suppression: of what overlaps the best one stays. @returns best first */
export function bestDetections(detections: readonly Detection[], overlapMax: number): Detection[] {
  const kept: Detection[] = []
  for (const detection of [...detections].sort((a, b) => b.detectionScore - a.detectionScore)) {
    if (kept.every(({ box }) => boxOverlap(box, detection.box) <= overlapMax)) kept.push(detection)
  }
  return kept
}

/** The five points of a detection with both corners of the mouth; undefined where the detector knows only its middle. */
export function ownFivePoints({ keypoints }: Detection): FivePoints | undefined {
  if (keypoints.length !== 5) return undefined
  const [left, right, nose, leftMouth, rightMouth] = keypoints as readonly [Point, Point, Point, Point, Point]
  return { left_eye: [...left], right_eye: [...right], nose: [...nose], left_mouth: [...leftMouth], right_mouth: [...rightMouth] }
}
