/**
 * YuNet (libfacedetection): three grids without anchors, for each cell two scores, a box and five points.
 * Wu, Peng, Yu, "YuNet: A Tiny Millisecond-level Face Detector", 2023; decoding as in OpenCV's FaceDetectorYN.
 */
import { VultusError } from '../../contract/errors.ts'
import type { DetectorManifest } from '../../contract/manifest.ts'
import { type AffineMap, applyMap, type Point } from '../../core/geometry.ts'
import { bestDetections, type Detection, type DetectorFamily, type NetworkOutput, topLeftMap } from './detection.ts'

const stridesPx = [8, 16, 32] as const
const pointCount = 5
/** A picture full of noise must not make the suppression slow. */
const candidatesMax = 2000

interface Level {
  readonly stridePx: number
  readonly columns: number
  readonly rows: number
  /** The product of both is what counts, so that their order does not matter. */
  readonly scores: readonly [Float32Array, Float32Array]
  readonly boxes: Float32Array
  readonly points: Float32Array
}

/** The outputs by grid; told apart by their size and how many numbers a cell has, since names depend on the converter. */
function levelsOf(outputs: readonly NetworkOutput[], { width, height }: DetectorManifest['input']): Level[] {
  return stridesPx.map((stridePx) => {
    const [columns, rows] = [Math.floor(width / stridePx), Math.floor(height / stridePx)]
    const of = (each: number) =>
      outputs.filter(({ data, dims }) => data.length === columns * rows * each && dims.at(-1) === each).map(({ data }) => data)
    const [scores, boxes, points] = [of(1), of(4), of(2 * pointCount)]
    if (scores.length !== 2 || boxes.length !== 1 || points.length !== 1)
      throw new VultusError('inference.failed', 'detector output has an unexpected shape')
    return { stridePx, columns, rows, scores: [scores[0]!, scores[1]!], boxes: boxes[0]!, points: points[0]! }
  })
}

function* facesOf(level: Level, toPicture: AffineMap, scoreThreshold: number): Iterable<Detection> {
  const { stridePx, columns, scores, boxes, points } = level
  for (let index = 0; index < scores[0].length; index++) {
    const detectionScore = Math.sqrt(clamp(scores[0][index]!) * clamp(scores[1][index]!))
    if (!(detectionScore >= scoreThreshold)) continue
    const [column, row] = [index % columns, Math.floor(index / columns)]
    const [dx, dy, w, h] = [boxes[4 * index]!, boxes[4 * index + 1]!, boxes[4 * index + 2]!, boxes[4 * index + 3]!]
    const [width, height] = [Math.exp(w) * stridePx, Math.exp(h) * stridePx]
    const centre: Point = [(column + dx) * stridePx, (row + dy) * stridePx]
    if (!Number.isFinite(width * height)) continue
    const [x, y] = applyMap(toPicture, [centre[0] - width / 2, centre[1] - height / 2])
    const keypoints = Array.from({ length: pointCount }, (_, point) => {
      const at = (index * pointCount + point) * 2
      return applyMap(toPicture, [(column + points[at]!) * stridePx, (row + points[at + 1]!) * stridePx])
    })
    yield { box: { x, y, width: width * toPicture[0], height: height * toPicture[4] }, detectionScore, keypoints }
  }
}

const clamp = (value: number) => Math.min(1, Math.max(0, value))

export const yunet: DetectorFamily = {
  inputMap: topLeftMap,
  decode(outputs, { input, scoreThreshold, overlapMax }, toPicture) {
    const found = levelsOf(outputs, input).flatMap((level) => [...facesOf(level, toPicture, scoreThreshold)])
    found.sort((a, b) => b.detectionScore - a.detectionScore)
    return bestDetections(found.slice(0, candidatesMax), overlapMax)
  },
}
