/**
 * BlazeFace, back camera model (MediaPipe): square input, anchors on two grids, boxes and six keypoints relative to their anchor.
 * Only the mathematics; sessions.ts runs the network.
 */
import { VultusError } from '../../contract/errors.ts'
import type { Box } from '../../contract/types.ts'
import { type AffineMap, applyMap, boxOverlap, type Point } from '../../core/geometry.ts'
import type { Detection, DetectorFamily } from './detection.ts'

/** Grids of the model: cells of so many pixels, so many anchors in each. */
const grids = [
  { stridePx: 16, anchors: 2 },
  { stridePx: 32, anchors: 6 },
] as const
const keypointCount = 6
const numbersPerBox = 4 + 2 * keypointCount

/** Centres of all anchors in input pixels, in the order of the outputs. */
export function blazefaceAnchors(sidePx: number): Point[] {
  return grids.flatMap(({ stridePx, anchors }) => {
    const cells = sidePx / stridePx
    return Array.from({ length: cells * cells * anchors }, (_, index): Point => {
      const cell = Math.floor(index / anchors)
      return [stridePx * ((cell % cells) + 0.5), stridePx * (Math.floor(cell / cells) + 0.5)]
    })
  })
}

/** Raw outputs in anchor order: a score before the logistic function, and 16 numbers, for each anchor. */
export interface BlazefaceOutputs {
  readonly scores: Float32Array
  readonly boxes: Float32Array
}

/**
 * Puts the four outputs in anchor order. They are told apart by their size, since their names depend on the converter.
 * @throws VultusError inference.failed where a size is not one of the model's
 */
export function joinOutputs(outputs: readonly Float32Array[], sidePx: number): BlazefaceOutputs {
  const counts = grids.map(({ stridePx, anchors }) => (sidePx / stridePx) ** 2 * anchors)
  const pick = (length: number) => {
    const found = outputs.filter((output) => output.length === length)
    if (found.length !== 1) throw new VultusError('inference.failed', 'detector output has an unexpected shape')
    return found[0]!
  }
  const join = (numbersEach: number) => {
    const joined = new Float32Array(counts.reduce((sum, count) => sum + count, 0) * numbersEach)
    let at = 0
    for (const count of counts) {
      joined.set(pick(count * numbersEach), at)
      at += count * numbersEach
    }
    return joined
  }
  return { scores: join(1), boxes: join(numbersPerBox) }
}

/** Maps the square input onto a region of the picture: centred, its longer side filling the input (letterbox). */
export function letterboxMap(region: Box, sidePx: number): AffineMap {
  const longer = Math.max(region.width, region.height)
  const scale = longer / sidePx
  return [scale, 0, region.x + (region.width - longer) / 2, 0, scale, region.y + (region.height - longer) / 2]
}

/**
 * Faces of one look at a picture, best first.
 * @param toPicture maps input pixels to pixels of the picture; no rotation
 */
export function decodeBlazeface(
  { scores, boxes }: BlazefaceOutputs,
  anchors: readonly Point[],
  toPicture: AffineMap,
  scoreThreshold: number,
  overlapMax: number,
): Detection[] {
  const found: Detection[] = []
  for (const [index, [anchorX, anchorY]] of anchors.entries()) {
    const detectionScore = 1 / (1 + Math.exp(-scores[index]!))
    if (!(detectionScore >= scoreThreshold)) continue
    const at = index * numbersPerBox
    const [width, height] = [boxes[at + 2]!, boxes[at + 3]!]
    if (!(width > 0 && height > 0)) continue
    const [x, y] = applyMap(toPicture, [boxes[at]! + anchorX - width / 2, boxes[at + 1]! + anchorY - height / 2])
    const box = { x, y, width: width * toPicture[0], height: height * toPicture[4] }
    const keypoints = Array.from({ length: keypointCount }, (_, point) =>
      applyMap(toPicture, [boxes[at + 4 + 2 * point]! + anchorX, boxes[at + 5 + 2 * point]! + anchorY]),
    )
    found.push({ box, detectionScore, keypoints })
  }
  return mergeDetections(found, overlapMax)
}

/** Weighted non-maximum suppression (BlazeFace paper, section 4.3): what overlaps the best is averaged into it, weighted by score. */
export function mergeDetections(detections: readonly Detection[], overlapMax: number): Detection[] {
  let rest = [...detections].sort((a, b) => b.detectionScore - a.detectionScore)
  const merged: Detection[] = []
  while (rest.length > 0) {
    const best = rest[0]!
    const group = rest.filter((other) => other === best || boxOverlap(best.box, other.box) > overlapMax)
    rest = rest.filter((other) => !group.includes(other))
    const total = group.reduce((sum, { detectionScore }) => sum + detectionScore, 0)
    const mean = (of: (detection: Detection) => number) =>
      group.reduce((sum, detection) => sum + detection.detectionScore * of(detection), 0) / total
    merged.push({
      detectionScore: best.detectionScore,
      box: {
        x: mean(({ box }) => box.x),
        y: mean(({ box }) => box.y),
        width: mean(({ box }) => box.width),
        height: mean(({ box }) => box.height),
      },
      keypoints: best.keypoints.map(
        (_, point): Point => [mean(({ keypoints }) => keypoints[point]![0]), mean(({ keypoints }) => keypoints[point]![1])],
      ),
    })
  }
  return merged
}

/** Anchors by the side of the input: a process looks through one or two sizes. */
const anchorsOf = new Map<number, readonly Point[]>()

export const blazeface: DetectorFamily = {
  inputMap: (region, input) => letterboxMap(region, input.width),
  decode(outputs, { input, scoreThreshold, overlapMax }, toPicture) {
    const anchors = anchorsOf.get(input.width) ?? blazefaceAnchors(input.width)
    anchorsOf.set(input.width, anchors)
    const joined = joinOutputs(
      outputs.map(({ data }) => data),
      input.width,
    )
    return decodeBlazeface(joined, anchors, toPicture, scoreThreshold, overlapMax)
  },
}
