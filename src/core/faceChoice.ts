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
export const rivalShareMax = 0.5
/** Sharpness at which a face counts half; the centre and width are those of the sharpness score in core/quality. */
const sharpnessHalf = 0.012
const sharpnessWidth = 0.35
/** A blurred face still counts this much, so that in a picture that is soft all over size decides. */
const blurredWeight = 0.05
/** Weight of a face in the corner of the picture; one in the centre has 1. */
const cornerWeight = 0.35

const logistic = (value: number, centre: number, width: number) => 1 / (1 + Math.exp((centre - value) / width))

/**
 * How much a face looks like the subject: the area that lies inside the picture in units of the picture's,
 * times a factor of 0 to 1 each for detection score, sharpness and centrality. Only ratios between faces of one picture mean something.
 */
export function subjectWeight(face: FaceEvidence, picture: { readonly width: number; readonly height: number }): number {
  const frame = { x: 0, y: 0, width: picture.width, height: picture.height }
  const size = boxIntersection(face.box, frame) / (picture.width * picture.height)
  const score = face.detectionScore ** 2
  const sharp =
    blurredWeight + (1 - blurredWeight) * logistic(Math.log(Math.max(face.sharpness, 1e-9)), Math.log(sharpnessHalf), sharpnessWidth)
  const [x, y] = boxCentre(face.box)
  const offCentre = Math.min(1, Math.hypot(x / picture.width - 0.5, y / picture.height - 0.5) / Math.SQRT1_2)
  return size * score * sharp * cornerWeight ** (offCentre * offCentre)
}

/** Faces with any weight, the likeliest subject first. */
export function rankFaces(
  faces: readonly FaceEvidence[],
  picture: { readonly width: number; readonly height: number },
): { index: number; weight: number }[] {
  return faces
    .map((face, index) => ({ index, weight: subjectWeight(face, picture) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.index - b.index)
}

/** Chooses the subject among the faces of a picture, or says that two are too close to choose for the operator. */
export function chooseFace(faces: readonly FaceEvidence[], picture: { readonly width: number; readonly height: number }): FaceChoice {
  const [best, rival] = rankFaces(faces, picture)
  if (best === undefined) return { kind: 'none' }
  if (rival !== undefined && rival.weight >= rivalShareMax * best.weight)
    return { kind: 'ambiguous', index: best.index, rivalIndex: rival.index }
  return { kind: 'chosen', index: best.index }
}
