/**
 * SCRFD (InsightFace) with key points: three grids, two anchors in each cell; scores are probabilities, boxes and points are
 * distances from the anchor in strides. Guo and others, "Sample and Computation Redistribution for Efficient Face Detection", 2021.
 */
import { VultusError } from '../../contract/errors.ts'
import type { DetectorManifest } from '../../contract/manifest.ts'
import { type AffineMap, applyMap, type Point } from '../../core/geometry.ts'
import { bestDetections, type Detection, type DetectorFamily, type NetworkOutput, topLeftMap } from './detection.ts'

const stridesPx = [8, 16, 32] as const
const anchorsPerCell = 2
const pointCount = 5
const candidatesMax = 2000

interface Level {
  readonly stridePx: number
  readonly columns: number
  readonly scores: Float32Array
  readonly boxes: Float32Array
  readonly points: Float32Array
}

function levelsOf(outputs: readonly NetworkOutput[], { width, height }: DetectorManifest['input']): Level[] {
  return stridesPx.map((stridePx) => {
    const columns = Math.floor(width / stridePx)
    const anchors = columns * Math.floor(height / stridePx) * anchorsPerCell
    const of = (each: number) => outputs.filter(({ data, dims }) => data.length === anchors * each && dims.at(-1) === each)
    const [scores, boxes, points] = [of(1), of(4), of(2 * pointCount)]
    if (scores.length !== 1 || boxes.length !== 1 || points.length !== 1)
      throw new VultusError('inference.failed', 'detector output has an unexpected shape')
    return { stridePx, columns, scores: scores[0]!.data, boxes: boxes[0]!.data, points: points[0]!.data }
  })
}

function* facesOf({ stridePx, columns, scores, boxes, points }: Level, toPicture: AffineMap, scoreThreshold: number): Iterable<Detection> {
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index]!
    if (!(score >= scoreThreshold)) continue
    const cell = Math.floor(index / anchorsPerCell)
    const [anchorX, anchorY] = [(cell % columns) * stridePx, Math.floor(cell / columns) * stridePx]
    const [left, top, right, bottom] = [0, 1, 2, 3].map((side) => boxes[4 * index + side]! * stridePx) as [number, number, number, number]
    if (!(right + left > 0 && bottom + top > 0)) continue
    const [x, y] = applyMap(toPicture, [anchorX - left, anchorY - top])
    const keypoints = Array.from({ length: pointCount }, (_, point): Point => {
      const at = (index * pointCount + point) * 2
      return applyMap(toPicture, [anchorX + points[at]! * stridePx, anchorY + points[at + 1]! * stridePx])
    })
    const box = { x, y, width: (left + right) * toPicture[0], height: (top + bottom) * toPicture[4] }
    yield { box, detectionScore: Math.min(1, score), keypoints }
  }
}

export const scrfd: DetectorFamily = {
  inputMap: topLeftMap,
  decode(outputs, { input, scoreThreshold, overlapMax }, toPicture) {
    const found = levelsOf(outputs, input).flatMap((level) => [...facesOf(level, toPicture, scoreThreshold)])
    found.sort((a, b) => b.detectionScore - a.detectionScore)
    return bestDetections(found.slice(0, candidatesMax), overlapMax)
  },
}
