/** From pixels to faces, landmarks, the chosen face, its quality and its template. */
import { VultusError } from '../contract/errors.ts'
import type { CaptureQuality } from '../contract/quality.ts'
import type { Box, FivePoints } from '../contract/types.ts'
import { chooseFace, type FaceChoice, type FaceEvidence, rankFaces } from '../core/faceChoice.ts'
import {
  boundingBox,
  boxArea,
  boxIntersection,
  boxOverlap,
  distance,
  invertMap,
  joinedBox,
  maskBounds,
  regionMap,
  type SquareRegion,
} from '../core/geometry.ts'
import { eyeCentres, meshPoint } from '../core/landmarks.ts'
import { type HeadPose, headPoseOf } from '../core/pose/headPose.ts'
import { alignedSidePx, landmarkedRegion, qualityAlignment, smallSidePx } from '../core/quality/alignment.ts'
import { backgroundPart } from '../core/quality/background.ts'
import { secondFaceShare } from '../core/quality/geometry.ts'
import { type AlignedFace, captureQualityOf } from '../core/quality/measure.ts'
import { type ScoreInputs, scoreInputsOf } from '../core/quality/qualityScore.ts'
import { sharpnessOf } from '../core/quality/sharpness.ts'
import { embedCrops } from './embedding.ts'
import { type Detection, ownFivePoints } from './families/detection.ts'
import { detectorFamilies } from './families/detectors.ts'
import { alignmentMap } from './families/dlib150.ts'
import {
  decodeFacemesh,
  type FaceMesh,
  fivePointsOfDetection,
  fivePointsOfMesh,
  meshPointCount,
  regionOfDetection,
  regionOfMesh,
} from './families/facemesh.ts'
import type { Pack } from './packs.ts'
import { type PixelPyramid, warp, warpBytes, warpTensor } from './pixels.ts'
import type { StageClock } from './stages.ts'

/** A face whose landmarks were placed. Coordinates are those of the pixels that were looked at. */
export interface Face {
  readonly detection: Detection
  readonly mesh: FaceMesh
}

/** Faces of one picture for which landmarks are placed; further ones stay boxes. */
export const meshedFacesMax = 16
/** Faces of one picture whose sharpness is measured, the largest ones. */
const measuredFacesMax = 6
/** When no face has this share of the longer side, the picture is looked at in parts too: small faces hide from a small input. */
const closeFaceShare = 0.25
/** Parts are quarters that overlap by half; a face found only in a part has to score higher, since four looks err more often than one. */
const partSides = 2
const partOverlap = 0.25
const partScoreMin = 0.6
/** The second look at the landmarks is a little closer than the first: the points tell better than the box where the face is. */
const secondLookShare = 0.93

async function detectIn(pack: Pack, picture: PixelPyramid, region: Box): Promise<Detection[]> {
  const { detector } = pack.manifest.roles
  const { input } = detector
  const family = detectorFamilies[detector.family]
  const map = family.inputMap(region, input)
  const outputs = await pack.detector.runShaped(warpTensor(picture, map, input), [1, 3, input.height, input.width])
  return family.decode(outputs, detector, map)
}

/** Overlapping squares that cover the picture. */
function partsOf({ width, height }: PixelPyramid): Box[] {
  const side = (Math.max(width, height) / partSides) * (1 + partOverlap)
  const starts = (length: number) => (length <= side ? [0] : [0, length - side])
  return starts(height).flatMap((y) => starts(width).map((x) => ({ x, y, width: Math.min(side, width), height: Math.min(side, height) })))
}

/** Whether two boxes are on one face: they overlap, or one lies mostly in the other. */
function sameFace(a: Box, b: Box, overlapMax: number): boolean {
  const smaller = Math.min(boxArea(a), boxArea(b))
  return boxOverlap(a, b) > overlapMax || boxIntersection(a, b) > 0.5 * smaller
}

/** Boxes of faces in one look at the whole picture. */
export function detectOnce(pack: Pack, picture: PixelPyramid): Promise<Detection[]> {
  return detectIn(pack, picture, { x: 0, y: 0, width: picture.width, height: picture.height })
}

/** Boxes of faces, best score first; where none is large, parts of the picture are looked at as well. */
export async function detectFaces(pack: Pack, picture: PixelPyramid): Promise<Detection[]> {
  const found = await detectOnce(pack, picture)
  const longer = Math.max(picture.width, picture.height)
  if (found.some(({ box }) => Math.max(box.width, box.height) >= closeFaceShare * longer)) return found
  const { overlapMax } = pack.manifest.roles.detector
  const inParts: Detection[] = []
  for (const part of partsOf(picture)) inParts.push(...(await detectIn(pack, picture, part)))
  inParts.sort((a, b) => b.detectionScore - a.detectionScore)
  for (const detection of inParts) {
    if (detection.detectionScore < partScoreMin) break
    if (!found.some(({ box }) => sameFace(box, detection.box, overlapMax))) found.push(detection)
  }
  return found.sort((a, b) => b.detectionScore - a.detectionScore)
}

/** Landmarks in one region. */
export async function placeMesh(pack: Pack, picture: PixelPyramid, region: SquareRegion): Promise<FaceMesh> {
  const { input } = pack.manifest.roles.landmarks
  const outputs = await pack.landmarks.run(warpTensor(picture, regionMap(region, input.width), input), [1, 3, input.height, input.width])
  return decodeFacemesh(outputs, region, input.width)
}

/** Where to look for the points of a face again. */
export function nextRegion(pack: Pack, mesh: FaceMesh): SquareRegion {
  return regionOfMesh(mesh.points, pack.manifest.roles.landmarks.regionScale * secondLookShare)
}

/** The landmarks of a detection after two looks; undefined where the network sees no face there. */
export async function meshOf(pack: Pack, picture: PixelPyramid, detection: Detection): Promise<FaceMesh | undefined> {
  const { regionScale, presenceMin } = pack.manifest.roles.landmarks
  const first = await placeMesh(pack, picture, regionOfDetection(detection, regionScale))
  if (first.presence < presenceMin) return undefined
  const second = await placeMesh(pack, picture, nextRegion(pack, first))
  return second.presence < presenceMin ? undefined : second
}

/** The five points that the pack aligns a face by. */
export function alignmentPoints(pack: Pack, { detection, mesh }: Face): FivePoints {
  const own = pack.manifest.roles.embedding.points === 'detector' ? ownFivePoints(detection) : undefined
  return own ?? fivePointsOfMesh(mesh.points)
}

/** The template of a face whose landmarks are followed from frame to frame; a pack that aligns by its detector's points looks for them. */
export async function embedTracked(pack: Pack, picture: PixelPyramid, mesh: FaceMesh, clock: StageClock): Promise<Float32Array> {
  const points = pack.manifest.roles.embedding.points === 'detector' ? await detectedPoints(pack, picture, mesh) : undefined
  return await embedFace(pack, picture, points ?? fivePointsOfMesh(mesh.points), clock)
}

/** What the detector says of the face that a mesh lies on; undefined where it does not see it. */
async function detectedPoints(pack: Pack, picture: PixelPyramid, mesh: FaceMesh): Promise<FivePoints | undefined> {
  const box = boundingBox(Array.from({ length: meshPointCount }, (_, index) => meshPoint(mesh.points, index, 3)))
  const shared = ({ box: other }: Detection) => boxOverlap(other, box)
  const [best] = (await detectOnce(pack, picture)).sort((a, b) => shared(b) - shared(a))
  return best !== undefined && shared(best) > 0 ? ownFivePoints(best) : undefined
}

/** The pixels of a face as the embedding network wants it, given by its five points. @throws VultusError face.alignmentFailed */
export function alignedCrop(pack: Pack, picture: PixelPyramid, points: FivePoints, clock: StageClock): Promise<Float32Array> {
  const { input, alignment } = pack.manifest.roles.embedding
  return clock.time('alignMs', () => warp(picture, alignmentMap(points, alignment), input.width, input.height))
}

/** The template of a face given by its five points. */
export async function embedFace(pack: Pack, picture: PixelPyramid, points: FivePoints, clock: StageClock): Promise<Float32Array> {
  return embedAligned(pack, await alignedCrop(pack, picture, points, clock), clock)
}

/** The template of pixels that are aligned already. @param rgb interleaved, in the size of the network's input */
export async function embedAligned(pack: Pack, rgb: Float32Array, clock: StageClock): Promise<Float32Array> {
  const [template] = await clock.time('embedMs', () => embedCrops(pack, [rgb]))
  return template!
}

/** The face turned upright at the small side, and which of its pixels are face: what every frame is measured on. */
function smallAligned(picture: PixelPyramid, mesh: FaceMesh): { pixels: Uint8Array; mask: Uint8Array } {
  const { alignment, toPicture } = alignmentOf(mesh, smallSidePx)
  const mask = landmarkedRegion(mesh.points, 3, alignment, smallSidePx)
  // The filters of sharpness look three pixels beyond what they measure; the rest of the picture is not looked at.
  const part = maskBounds(mask, smallSidePx, 3)
  return { pixels: warpBytes(picture, toPicture, smallSidePx, smallSidePx, part), mask }
}

function alignmentOf(mesh: FaceMesh, side: number): Pick<AlignedFace, 'alignment' | 'toPicture'> {
  const alignment = qualityAlignment(mesh.points, 3, side)
  const toPicture = alignment && invertMap(alignment)
  if (alignment === undefined || toPicture === undefined) throw new VultusError('face.alignmentFailed')
  return { alignment, toPicture }
}

/**
 * The few measures that every frame and every template gets.
 * @param scale pixels of the original picture for each pixel that was looked at
 */
export function measureScore(picture: PixelPyramid, mesh: FaceMesh, scale: number, pose: HeadPose | undefined): ScoreInputs {
  const { pixels, mask } = smallAligned(picture, mesh)
  const [left, right] = eyeCentres(mesh.points, 3)
  return scoreInputsOf(pixels, mask, distance(left, right) * scale, pose)
}

/** What is known of a face beside its pixels. */
export interface FaceSurroundings {
  readonly subject: Box
  readonly others: readonly Detection[]
  /** Pixels of the original picture for each pixel that was looked at. */
  readonly scale: number
  /** Of this camera, degrees. */
  readonly pitchZero: number
}

/** All components of quality: about 20 ms, for captures and now and then a frame. */
export function measureQuality(picture: PixelPyramid, mesh: FaceMesh, around: FaceSurroundings): CaptureQuality {
  const { alignment, toPicture } = alignmentOf(mesh, alignedSidePx)
  const mask = landmarkedRegion(mesh.points, 3, alignment, alignedSidePx)
  // Beside the face the background is looked at; the rest of the aligned picture is not.
  const part = joinedBox(maskBounds(mask, alignedSidePx, 6), backgroundPart)
  const pixels = warpBytes(picture, toPicture, alignedSidePx, alignedSidePx, part)
  const quality = captureQualityOf(
    {
      points: mesh.points,
      stride: 3,
      picture,
      scale: around.scale,
      pose: headPoseOf(mesh.points, 3, around.pitchZero),
      secondFace: secondFaceShare(around.subject, around.others),
    },
    { pixels, mask, alignment, toPicture },
  )
  pixels.fill(0)
  return quality
}

function evidenceOf(picture: PixelPyramid, faces: readonly Face[]): FaceEvidence[] {
  const largest = [...faces].sort((a, b) => boxArea(b.detection.box) - boxArea(a.detection.box)).slice(0, measuredFacesMax)
  return faces.map((face) => {
    const { box, detectionScore } = face.detection
    if (faces.length === 1 || !largest.includes(face)) return { box, detectionScore, sharpness: 0 }
    const { pixels, mask } = smallAligned(picture, face.mesh)
    return { box, detectionScore, sharpness: sharpnessOf(pixels, mask, smallSidePx) }
  })
}

/** Every face of a picture with landmarks, and boxes of those beyond the limit; what has no landmarks is no face. */
export async function findFaces(
  pack: Pack,
  picture: PixelPyramid,
  clock: StageClock,
): Promise<{ faces: Face[]; further: readonly Detection[] }> {
  const detections = await clock.time('detectMs', () => detectFaces(pack, picture))
  const faces: Face[] = []
  for (const detection of detections.slice(0, meshedFacesMax)) {
    const mesh = await clock.time('landmarksMs', () => meshOf(pack, picture, detection))
    if (mesh !== undefined) faces.push({ detection, mesh })
  }
  return { faces, further: detections.slice(meshedFacesMax) }
}

/** A face as the service endpoints show it, in pixels that were looked at. */
export interface ShownFace {
  readonly box: Box
  readonly detectionScore: number
  readonly points: FivePoints
}

/** Faces for the service endpoints, the likeliest subject first. */
export function showFaces(picture: PixelPyramid, faces: readonly Face[], further: readonly Detection[]): ShownFace[] {
  const ranked = rankFaces(evidenceOf(picture, faces), picture).map(({ index }) => faces[index]!)
  return [
    ...ranked.map(({ detection, mesh }) => ({ ...detection, points: fivePointsOfMesh(mesh.points) })),
    ...further.map((detection) => ({ ...detection, points: fivePointsOfDetection(detection) })),
  ].map(({ box, detectionScore, points }) => ({ box, detectionScore, points }))
}

/** Which of the faces is the subject. */
export function choiceOf(picture: PixelPyramid, faces: readonly Face[]): FaceChoice {
  return chooseFace(evidenceOf(picture, faces), picture)
}

/** The subject of a picture. @throws VultusError face.none, face.ambiguous */
export function chooseSubject(picture: PixelPyramid, faces: readonly Face[]): Face {
  const choice = choiceOf(picture, faces)
  if (choice.kind === 'none') throw new VultusError('face.none')
  if (choice.kind === 'ambiguous') throw new VultusError('face.ambiguous')
  return faces[choice.index]!
}
