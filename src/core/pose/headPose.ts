/**
 * Yaw, pitch and roll of a head by weak perspective: the least-squares 2 x 3 map from a canonical head to the points in the picture,
 * made orthogonal. Signs as in ISO/IEC 39794-5: yaw grows as the subject turns to the own left (the right of an unmirrored picture),
 * pitch as the subject looks down, roll as the head tips to the own right shoulder (anticlockwise in the picture).
 */
import { meshPoint, type Stride } from '../landmarks.ts'
import { canonicalHead, type HeadPoint } from './canonicalHead.ts'

/** Degrees. */
export interface HeadPose {
  readonly yaw: number
  readonly pitch: number
  readonly roll: number
}

type Row3 = readonly [number, number, number]

const degrees = (radians: number) => (radians * 180) / Math.PI
const scaled = ([x, y, z]: Row3, by: number): Row3 => [x * by, y * by, z * by]
const plus = (a: Row3, b: Row3): Row3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
const dot = (a: Row3, b: Row3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const cross = (a: Row3, b: Row3): Row3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
const unit = (row: Row3) => scaled(row, 1 / Math.sqrt(dot(row, row)))

const centre: Row3 = scaled(
  canonicalHead.reduce<Row3>((sum, { x, y, z }) => plus(sum, [x, y, z]), [0, 0, 0]),
  1 / canonicalHead.length,
)
const centred: readonly Row3[] = canonicalHead.map(({ x, y, z }) => [x - centre[0], y - centre[1], z - centre[2]])
const solver = inverse(centred)

/** The inverse of the 3 x 3 matrix of second moments of the model, which the least squares need; it is fixed. */
function inverse(points: readonly Row3[]): readonly [Row3, Row3, Row3] {
  const moment = (i: 0 | 1 | 2, j: 0 | 1 | 2) => points.reduce((sum, point) => sum + point[i] * point[j], 0)
  const rows: readonly [Row3, Row3, Row3] = [
    [moment(0, 0), moment(0, 1), moment(0, 2)],
    [moment(1, 0), moment(1, 1), moment(1, 2)],
    [moment(2, 0), moment(2, 1), moment(2, 2)],
  ]
  const [a, b, c] = rows
  const determinant = dot(a, cross(b, c))
  const columns = [cross(b, c), cross(c, a), cross(a, b)].map((column) => scaled(column, 1 / determinant)) as unknown as [Row3, Row3, Row3]
  return [0, 1, 2].map((i) => columns.map((column) => column[i as 0 | 1 | 2]) as unknown as Row3) as unknown as [Row3, Row3, Row3]
}

/** The row of the map that explains one coordinate of the points in the picture. */
function fittedRow(values: readonly number[]): Row3 {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  let moments: Row3 = [0, 0, 0]
  for (const [index, point] of centred.entries()) moments = plus(moments, scaled(point, values[index]! - mean))
  return [dot(solver[0], moments), dot(solver[1], moments), dot(solver[2], moments)]
}

/** Angles of a rotation Rx(pitch) Ry(yaw) Rz(roll), given by its rows. */
function anglesOf(first: Row3, second: Row3, third: Row3): HeadPose {
  return {
    yaw: degrees(Math.asin(Math.min(1, Math.max(-1, first[2])))),
    pitch: degrees(Math.atan2(-second[2], third[2])),
    roll: degrees(Math.atan2(-first[1], first[0])),
  }
}

/**
 * The pose of a head from its landmarks.
 * @param pitchZero what this camera measures of a head that is held level, degrees: it is taken off the pitch
 * @returns undefined where the points are degenerate
 */
export function headPoseOf(points: Float32Array, stride: Stride, pitchZero = 0): HeadPose | undefined {
  const seen = canonicalHead.map(({ index }: HeadPoint) => meshPoint(points, index, stride))
  const across = fittedRow(seen.map(([x]) => x))
  // y grows downwards in pictures and upwards in the model.
  const up = fittedRow(seen.map(([, y]) => -y))
  const [sizeA, sizeB] = [Math.sqrt(dot(across, across)), Math.sqrt(dot(up, up))]
  if (!(sizeA > 1e-9 && sizeB > 1e-9)) return undefined
  const [a, b] = [scaled(across, 1 / sizeA), scaled(up, 1 / sizeB)]
  const [sum, difference] = [plus(a, b), plus(a, scaled(b, -1))]
  if (!(dot(sum, sum) > 1e-9 && dot(difference, difference) > 1e-9)) return undefined
  // The two rows share the error of their angle: the halves of sum and difference are at right angles.
  const [s, d] = [unit(sum), unit(difference)]
  const first = scaled(plus(s, d), Math.SQRT1_2)
  const second = scaled(plus(s, scaled(d, -1)), Math.SQRT1_2)
  const pose = anglesOf(first, second, cross(first, second))
  return { ...pose, pitch: pose.pitch - pitchZero }
}

/** The pitch that a camera measures of level heads: the median of what was seen while they faced it; degrees, within 20 of 0. */
export function pitchZeroOf(pitches: readonly number[]): number | undefined {
  if (pitches.length === 0) return undefined
  const sorted = [...pitches].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return Math.min(20, Math.max(-20, median))
}
