/**
 * Embedding networks that are fed a face aligned by five points (dlib's ResNet and its kin): alignment before, unit length after.
 * Only the mathematics; sessions.ts runs the network.
 */
import { VultusError } from '../../contract/errors.ts'
import type { EmbeddingManifest } from '../../contract/manifest.ts'
import type { FivePoints } from '../../contract/types.ts'
import { type AffineMap, invertMap, type Point, similarityFit } from '../../core/geometry.ts'

/**
 * Maps the network's input onto the picture, by the similarity that fits the five points best.
 * The manifest's points name pixels (the first pixel's centre is 0), as their authors published them.
 * @throws VultusError face.alignmentFailed for points that no face has
 */
export function alignmentMap(points: FivePoints, alignment: EmbeddingManifest['alignment']): AffineMap {
  const from = [points.left_eye, points.right_eye, points.nose, points.left_mouth, points.right_mouth]
  const to = alignment.map(([x, y]): Point => [x + 0.5, y + 0.5])
  const toInput = similarityFit(from, to)
  const toPicture = toInput && invertMap(toInput)
  if (toPicture === undefined) throw new VultusError('face.alignmentFailed')
  return toPicture
}

/**
 * The template of a face: the mean of the vectors of the picture and its mirror image, at unit length.
 * @param values one or two vectors of `dimension`, one after the other
 * @throws VultusError inference.failed where the output has another size or no direction
 */
export function templateOf(values: Float32Array, dimension: number, pictures: 1 | 2): Float32Array {
  if (values.length !== dimension * pictures) throw new VultusError('inference.failed', 'embedding output has an unexpected shape')
  const template = new Float32Array(dimension)
  let squares = 0
  for (let index = 0; index < dimension; index++) {
    const sum = pictures === 2 ? values[index]! + values[index + dimension]! : values[index]!
    template[index] = sum
    squares += sum * sum
  }
  const length = Math.sqrt(squares)
  if (!(length > 1e-6) || !Number.isFinite(length)) throw new VultusError('inference.failed', 'the template has no direction')
  for (let index = 0; index < dimension; index++) template[index]! /= length
  return template
}
