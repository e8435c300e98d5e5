/** What the calls of the face process do with a picture, from the decoded pixels on. */
import { VultusError } from '../contract/errors.ts'
import { noLiveness } from '../contract/liveness.ts'
import type { DetectedFace, LooseCapture, Sample, TemplateResult } from '../contract/processes.ts'
import type { CaptureQuality } from '../contract/quality.ts'
import type { CaptureSource } from '../contract/types.ts'
import { invertMap, type Point, scaleBox } from '../core/geometry.ts'
import { headPoseOf } from '../core/pose/headPose.ts'
import { centralRegion, qualityAlignmentOfPoints, smallSidePx } from '../core/quality/alignment.ts'
import { qualityScoreOf, scoreInputsOf } from '../core/quality/qualityScore.ts'
import { alignmentMap } from './families/dlib150.ts'
import type { Pack } from './packs.ts'
import { passivePad } from './passivePad.ts'
import { type DecodedPicture, decodePicture, workingSidePx } from './picture/decode.ts'
import { encodePortrait } from './picture/encode.ts'
import {
  alignmentPoints,
  chooseSubject,
  embedAligned,
  embedFace,
  type Face,
  findFaces,
  measureQuality,
  measureScore,
  showFaces,
} from './pipeline.ts'
import { PixelPyramid, type RgbPixels, warp, warpBytes } from './pixels.ts'
import type { StageClock } from './stages.ts'

type Timed<T> = Omit<T, 'timings'>

/** Runs something on the pixels of a picture and overwrites them afterwards. */
export async function withPicture<T>(
  pack: Pack,
  bytes: Uint8Array,
  clock: StageClock,
  run: (picture: PixelPyramid, decoded: DecodedPicture) => Promise<T>,
): Promise<T> {
  // The largest network is needed last and is back in a tenth of a second.
  const makeRoom = () => pack.embedding.release()
  const decoded = await clock.time('decodeMs', () => decodePicture(bytes, workingSidePx, makeRoom))
  const picture = new PixelPyramid(decoded.pixels)
  try {
    return await run(picture, decoded)
  } finally {
    picture.wipe()
  }
}

/** Pixels of the original for each pixel that was looked at, along x and y (they differ by rounding). */
const scalesOf = ({ header, pixels }: DecodedPicture) => [header.width / pixels.width, header.height / pixels.height] as const

/** Faces of a picture, the likeliest subject first. @throws VultusError picture.*, inference.failed */
export function detectIn(pack: Pack, bytes: Uint8Array, clock: StageClock): Promise<DetectedFace[]> {
  return withPicture(pack, bytes, clock, async (picture, decoded) => {
    const { faces, further } = await findFaces(pack, picture, clock)
    const [scaleX, scaleY] = scalesOf(decoded)
    const place = ([x, y]: Point): [number, number] => [x * scaleX, y * scaleY]
    return showFaces(picture, faces, further).map(({ box, detectionScore, points }) => ({
      box: scaleBox(box, scaleX, scaleY),
      detectionScore,
      landmarks: {
        left_eye: place(points.left_eye),
        right_eye: place(points.right_eye),
        nose: place(points.nose),
        left_mouth: place(points.left_mouth),
        right_mouth: place(points.right_mouth),
      },
    }))
  })
}

/** The template of the subject of a picture. @throws VultusError picture.*, face.*, inference.failed */
export function templateIn(pack: Pack, bytes: Uint8Array, clock: StageClock): Promise<Timed<TemplateResult>> {
  return withPicture(pack, bytes, clock, async (picture, decoded) => {
    const { faces } = await findFaces(pack, picture, clock)
    const face = chooseSubject(picture, faces)
    const { detection, mesh } = face
    const qualityScore = qualityScoreOf(measureScore(picture, mesh, scalesOf(decoded)[0], headPoseOf(mesh.points, 3)))
    const template = await embedFace(pack, picture, alignmentPoints(pack, face), clock)
    return { template, qualityScore, detectionScore: detection.detectionScore }
  })
}

/** The template of a picture that is an aligned face: nothing is looked for. @throws VultusError picture.*, inference.failed */
export function templateOfAligned(pack: Pack, bytes: Uint8Array, clock: StageClock): Promise<Timed<TemplateResult>> {
  return withPicture(pack, bytes, clock, async (picture) => {
    const { input, alignment } = pack.manifest.roles.embedding
    const [scaleX, scaleY] = [picture.width / input.width, picture.height / input.height]
    const rgb = await clock.time('alignMs', () => warp(picture, [scaleX, 0, 0, 0, scaleY, 0], input.width, input.height))
    const points = alignment.map(([x, y]): Point => [(x + 0.5) * scaleX, (y + 0.5) * scaleY])
    const qualityScore = qualityOfAligned(picture, points)
    return { template: await embedAligned(pack, rgb, clock), qualityScore, detectionScore: 1 }
  })
}

/** @param points where the five points are in a picture that is aligned already */
function qualityOfAligned(picture: PixelPyramid, points: readonly Point[]): number {
  const alignment = qualityAlignmentOfPoints(points, smallSidePx)
  const toPicture = alignment && invertMap(alignment)
  if (toPicture === undefined) throw new VultusError('face.alignmentFailed')
  const pixels = warpBytes(picture, toPicture, smallSidePx, smallSidePx)
  const mask = centralRegion()
  const interEyeDistancePx = Math.hypot(points[1]![0] - points[0]![0], points[1]![1] - points[0]![1])
  return qualityScoreOf(scoreInputsOf(pixels, mask, interEyeDistancePx, { yaw: 0, pitch: 0, roll: 0 }))
}

/** All components of quality of the subject of a picture. @throws VultusError picture.*, face.*, inference.failed */
export function qualityIn(pack: Pack, bytes: Uint8Array, clock: StageClock): Promise<CaptureQuality> {
  return withPicture(pack, bytes, clock, async (picture, decoded) => {
    const { faces } = await findFaces(pack, picture, clock)
    return measureSubject(picture, decoded, faces, chooseSubject(picture, faces), 0)
  })
}

/** All components of quality of the subject among the faces of a picture. */
export function measureSubject(picture: PixelPyramid, decoded: DecodedPicture, faces: readonly Face[], subject: Face, pitchZero: number) {
  const others = faces.filter((face) => face !== subject).map((face) => face.detection)
  return measureQuality(picture, subject.mesh, { subject: subject.detection.box, others, scale: scalesOf(decoded)[0], pitchZero })
}

/**
 * The subject of a picture as a capture: sample, quality and template.
 * @param pitchZero what the camera measures of a level head, degrees
 * @throws VultusError picture.*, face.*, inference.failed
 */
export function captureIn(
  pack: Pack,
  bytes: Uint8Array,
  captureSource: CaptureSource,
  clock: StageClock,
  pitchZero = 0,
): Promise<LooseCapture> {
  return withPicture(pack, bytes, clock, async (picture, decoded) => {
    const { faces } = await findFaces(pack, picture, clock)
    const subject = chooseSubject(picture, faces)
    const { detection } = subject
    const [scaleX, scaleY] = scalesOf(decoded)
    const quality = measureSubject(picture, decoded, faces, subject, pitchZero)
    const template = await embedFace(pack, picture, alignmentPoints(pack, subject), clock)
    const { pad, padScore } = await passivePad(pack, picture, detection.box)
    const portrait = await encodePortrait(picture.pixels, detection.box)
    const sample: Sample = {
      captureSource,
      pad,
      padScore,
      liveness: noLiveness,
      quality,
      picture: portrait,
      model: pack.model.id,
      template,
    }
    const summary = {
      captureSource,
      pad,
      padScore,
      liveness: noLiveness,
      width: decoded.header.width,
      height: decoded.header.height,
      box: scaleBox(detection.box, scaleX, scaleY),
      detectionScore: detection.detectionScore,
      facesInPicture: faces.length,
      quality,
    } as const
    return { summary, sample }
  })
}

/** The subject of some pixels, upright and in place as the embedding network wants it, as a square picture. @throws VultusError face.* */
export async function alignIn(pack: Pack, pixels: RgbPixels, sizePx: number, clock: StageClock): Promise<RgbPixels> {
  const picture = new PixelPyramid(pixels)
  const { faces } = await findFaces(pack, picture, clock)
  const face = chooseSubject(picture, faces)
  const { input, alignment } = pack.manifest.roles.embedding
  const [a, b, c, d, e, f] = alignmentMap(alignmentPoints(pack, face), alignment)
  const [x, y] = [input.width / sizePx, input.height / sizePx]
  return { width: sizePx, height: sizePx, data: warpBytes(picture, [a * x, b * y, c, d * x, e * y, f], sizePx, sizePx) }
}
