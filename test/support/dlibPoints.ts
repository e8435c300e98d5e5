import type { Point } from '../../src/core/geometry.ts'

/** Where dlib's alignment puts eyes, nose and the corners of the mouth, in pixels of a picture of 150. */
export const dlibPoints = [
  [47.55, 46.6],
  [100.48, 46.6],
  [74.01, 76.56],
  [50.42, 103.02],
  [97.61, 103.02],
] as [Point, Point, Point, Point, Point]
