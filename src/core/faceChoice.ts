/**
 * Which of several faces is the subject. Size alone errs: behind a portrait a blurred bystander can fill a larger box.
 * So size, detection score, sharpness and distance from the centre weigh together, and when two faces come close nobody is chosen.
 */
import type { Box } from '../contract/types.ts'
import { boxCentre, boxIntersection } from './geometry.ts'

/** What is known of a face before one is chosen. */
export interface FaceEvidence {
  readonly box: Box
  readonly detectionScore: number
  /** Sharpness substitute S of core/quality. */
  readonly sharpness: number
}

export type FaceChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'chosen'; readonly index: number }
  | { readonly kind: 'ambiguous'; readonly index: number; readonly rivalIndex: number }

/** A second face with at least this share of the best face's weight makes the choice ambiguous. */
const rivalShareMax = 0.5
/** Sharpness at which a face counts half, and the width of the step; as in the quality score of core/quality. */
const sharpnessHalf = 0.012
const sharpnessWidth = 0.35
/** A face also counts half that is this much less sharp than the sharpest of the large ones: a crisp camera shows blur earlier. */
const sharpnessShare = 0.35
/** Faces of this share of the largest one's area tell how sharp the picture can be. */
const largeShare = 0.25
/** A blurred face still counts this much, so that in a picture that is soft all over size decides. */
const blurredWeight = 0.05
/** Weight of a face in the corner of the picture; one in the centre has 1. */
const cornerWeight = 0.35

interface Size {
  readonly width: number
  readonly height: number
}

const logistic = (value: number, centre: number, width: number) => 1 / (1 + Math.exp((centre - value) / width))

function areaInside({ box }: FaceEvidence, picture: Size): number {
  return boxIntersection(box, { x: 0, y: 0, ...picture }) / (picture.width * picture.height)
}

/**
 * How much a face looks like the subject: the area that lies inside the picture in units of the picture's,
 * times a factor of 0 to 1 each for detection score, sharpness and centrality. Only ratios between faces of one picture mean something.
 * @param sharpnessMax of the large faces of the picture
 */
export function subjectWeight(face: FaceEvidence, picture: Size, sharpnessMax: number): number {
  const score = face.detectionScore ** 2
  const half = Math.log(Math.max(sharpnessHalf, sharpnessShare * sharpnessMax))
  const sharp = blurredWeight + (1 - blurredWeight) * logistic(Math.log(Math.max(face.sharpness, 1e-9)), half, sharpnessWidth)
  const [x, y] = boxCentre(face.box)
  const offCentre = Math.min(1, Math.hypot(x / picture.width - 0.5, y / picture.height - 0.5) / Math.SQRT1_2)
  return areaInside(face, picture) * score * sharp * cornerWeight ** (offCentre * offCentre)
}

/** Faces with any weight, the likeliest subject first. */
export function rankFaces(faces: readonly FaceEvidence[], picture: Size): { index: number; weight: number }[] {
  const areas = faces.map((face) => areaInside(face, picture))
  const largest = Math.max(...areas)
  const sharpnessMax = Math.max(0, ...faces.filter((_, index) => areas[index]! >= largeShare * largest).map(({ sharpness }) => sharpness))
  return faces
    .map((face, index) => ({ index, weight: subjectWeight(face, picture, sharpnessMax) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.index - b.index)
}

/** Chooses the subject among the faces of a picture, or says that two are too close to choose for the operator. */
export function chooseFace(faces: readonly FaceEvidence[], picture: Size): FaceChoice {
  const [best, rival] = rankFaces(faces, picture)
  if (best === undefined) return { kind: 'none' }
  if (rival !== undefined && rival.weight >= rivalShareMax * best.weight)
    return { kind: 'ambiguous', index: best.index, rivalIndex: rival.index }
  return { kind: 'chosen', index: best.index }
}
