/**
 * Rigid points of MediaPipe's canonical face model (Apache-2.0), by their numbers in the 468-point mesh. Centimetres; x to the right of
 * the picture, y up, z towards the camera. Lips, lids, brows and jaw are left out because they move, cheeks because they differ.
 */
const sides: readonly (readonly [left: number, right: number, x: number, y: number, z: number])[] = [
  [33, 263, 4.446, 2.664, 3.173],
  [133, 362, 1.856, 2.585, 3.758],
  [129, 358, 1.786, -0.978, 4.85],
  [67, 297, 3.524, 8.006, 3.729],
  [54, 284, 6.279, 6.615, 1.426],
  [127, 356, 7.743, 2.365, -2.005],
  [143, 372, 6.408, 2.236, 1.561],
  [117, 346, 5.259, 0.946, 2.974],
]

const middle: readonly (readonly [index: number, y: number, z: number])[] = [
  [6, 2.473, 5.789],
  [168, 3.271, 5.236],
  [4, -0.463, 7.587],
  [1, -1.127, 7.476],
  [10, 8.262, 4.482],
  [151, 6.545, 5.027],
]

export interface HeadPoint {
  /** Number in the mesh. */
  readonly index: number
  readonly x: number
  readonly y: number
  readonly z: number
}

export const canonicalHead: readonly HeadPoint[] = [
  ...sides.flatMap(([left, right, x, y, z]) => [
    { index: left, x: -x, y, z },
    { index: right, x, y, z },
  ]),
  ...middle.map(([index, y, z]) => ({ index, x: 0, y, z })),
]
