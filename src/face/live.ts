/**
 * A capture session: frames of one camera come in, each that is looked at answers a live packet, the best of the last moments is kept.
 * 1. One frame is looked at and at most one waits; a newer frame replaces the waiting one, so that the picture never lags behind.
 * 2. Between full detections the landmarks follow from one frame to the next. 3. Only frames of bestWindowMs are kept, as JPEG.
 */
import type { FramePacket, LiveFace, LivePacket } from '../contract/live.ts'
import type { Box } from '../contract/types.ts'
import { boundingBox, type Point, type SquareRegion, scaleBox } from '../core/geometry.ts'
import { type FrameMerit, frameFitness, keepBest, usualOpenness } from '../core/guidance/bestFrames.ts'
import { eyeOpenness } from '../core/landmarks.ts'
import { headPoseOf } from '../core/pose/headPose.ts'
import { qualityScoreOf } from '../core/quality/qualityScore.ts'
import { type FaceMesh, meshPointCount } from './families/facemesh.ts'
import type { Pack } from './packs.ts'
import { decodePicture } from './picture/decode.ts'
import { choiceOf, detectOnce, type Face, measureScore, meshOf, nextRegion, placeMesh } from './pipeline.ts'
import { PixelPyramid } from './pixels.ts'

/** Longest side of the pixels that a frame is looked at. */
const frameSidePx = 640
/** Frames between two full detections while the landmarks hold. */
const framesPerDetection = 12
/** Faces of a frame that are looked at; the subject is among the best. */
const detectedFacesMax = 4

/** A frame that may become a capture. */
export interface KeptFrame extends FrameMerit {
  readonly jpeg: Uint8Array
}

/** The subject as it is followed from frame to frame. */
interface Track {
  readonly region: SquareRegion
  /** Of the last detection. */
  readonly detectionScore: number
  readonly framesLeft: number
}

interface Followed {
  readonly mesh: FaceMesh
  readonly detectionScore: number
}

const noPoints = new Float32Array()

export type Subject = 'none' | 'one' | 'ambiguous'

/** Keeps the best frames and overwrites what is dropped. */
export function keepFrame(kept: readonly KeptFrame[], frame: KeptFrame | undefined, nowMs: number): KeptFrame[] {
  const next = keepBest(kept, frame, nowMs)
  for (const dropped of kept) if (!next.includes(dropped)) dropped.jpeg.fill(0)
  return next
}

export class LiveSession {
  readonly source: 'camera' | 'simulated'
  readonly #pack: () => Pack
  readonly #nowMs: () => number
  readonly #answer: (packet: LivePacket) => void
  #waiting: FramePacket | undefined
  #busy = false
  #closed = false
  #track: Track | undefined
  /** Faces beside the subject at the last detection, for the screen. */
  #others: readonly { box: Box; detectionScore: number }[] = []
  #kept: KeptFrame[] = []
  #opennessUsual = 0
  #subject: Subject = 'none'

  constructor(options: {
    source: 'camera' | 'simulated'
    pack: () => Pack
    nowMs: () => number
    answer: (packet: LivePacket) => void
  }) {
    this.source = options.source
    this.#pack = options.pack
    this.#nowMs = options.nowMs
    this.#answer = options.answer
  }

  /** Who sat before the camera in the newest frame. */
  get subject(): Subject {
    return this.#subject
  }

  /** Copies of the frames that may become a capture, best first: the session goes on and overwrites what it drops. The caller overwrites the copies. */
  bestFrames(count: number): Uint8Array[] {
    this.sweep()
    const best = [...this.#kept].sort((a, b) => b.fitness - a.fitness).slice(0, count)
    return best.map(({ jpeg }) => jpeg.slice())
  }

  /** Takes a frame; `onBug` hears of what has no row in the error table, a broken frame is left out silently. */
  push(frame: FramePacket, onBug: (error: unknown) => void): void {
    this.#waiting = frame
    if (!this.#busy) void this.#work(onBug)
  }

  /** Lets go of frames that are too old, also where no new one pushes them out: the camera was covered, the window has gone. */
  sweep(): void {
    this.#kept = keepFrame(this.#kept, undefined, this.#nowMs())
  }

  close(): void {
    this.#closed = true
    this.#waiting = undefined
    for (const { jpeg } of this.#kept) jpeg.fill(0)
    this.#kept = []
  }

  async #work(onBug: (error: unknown) => void): Promise<void> {
    this.#busy = true
    while (this.#waiting !== undefined && !this.#closed) {
      const frame = this.#waiting
      this.#waiting = undefined
      try {
        await this.#look(frame)
      } catch (error) {
        onBug(error)
      }
    }
    this.#busy = false
  }

  async #look(frame: FramePacket): Promise<void> {
    const startedMs = this.#nowMs()
    const { header, pixels } = await decodePicture(frame.jpeg, frameSidePx)
    const picture = new PixelPyramid(pixels)
    const [scaleX, scaleY] = [header.width / pixels.width, header.height / pixels.height]
    try {
      const pack = this.#pack()
      const subject = (await this.#follow(pack, picture)) ?? (await this.#detect(pack, picture))
      if (this.#closed) return
      if (subject !== undefined) this.#keep(frame.jpeg, picture, subject.mesh, scaleX)
      const others = this.#others.map(({ box, detectionScore }) => ({
        box: scaleBox(box, scaleX, scaleY),
        detectionScore,
        points: noPoints,
      }))
      const faces = subject === undefined ? others : [liveFaceOf(subject, scaleX, scaleY), ...others]
      const { sessionId, frameNo, capturedAtMs } = frame
      this.#answer({
        sessionId,
        frameNo,
        capturedAtMs,
        width: header.width,
        height: header.height,
        faceMs: this.#nowMs() - startedMs,
        faces,
      })
    } finally {
      picture.wipe()
    }
  }

  /** The subject's landmarks from where they were in the frame before; undefined when it is time to detect. */
  async #follow(pack: Pack, picture: PixelPyramid): Promise<Followed | undefined> {
    const track = this.#track
    if (track === undefined || track.framesLeft <= 0) return undefined
    const mesh = await placeMesh(pack, picture, track.region)
    if (mesh.presence < pack.manifest.roles.landmarks.presenceMin) return undefined
    this.#track = { ...track, region: nextRegion(pack, mesh), framesLeft: track.framesLeft - 1 }
    return { mesh, detectionScore: track.detectionScore }
  }

  async #detect(pack: Pack, picture: PixelPyramid): Promise<Followed | undefined> {
    const faces: Face[] = []
    for (const detection of (await detectOnce(pack, picture)).slice(0, detectedFacesMax)) {
      const mesh = await meshOf(pack, picture, detection)
      if (mesh !== undefined) faces.push({ detection, mesh })
    }
    const choice = choiceOf(picture, faces)
    this.#subject = choice.kind === 'chosen' ? 'one' : choice.kind
    const subject = choice.kind === 'chosen' ? faces[choice.index]! : undefined
    this.#others = faces.filter((face) => face !== subject).map(({ detection }) => detection)
    this.#track = subject && {
      region: nextRegion(pack, subject.mesh),
      detectionScore: subject.detection.detectionScore,
      framesLeft: framesPerDetection,
    }
    return subject && { mesh: subject.mesh, detectionScore: subject.detection.detectionScore }
  }

  #keep(jpeg: Uint8Array, picture: PixelPyramid, mesh: FaceMesh, scale: number): void {
    const pose = headPoseOf(mesh.points, 3)
    const score = qualityScoreOf(measureScore(picture, mesh, scale, pose))
    const openness = eyeOpenness(mesh.points, 3)
    this.#opennessUsual = usualOpenness(this.#opennessUsual, openness)
    const fitness = frameFitness(score, pose?.yaw ?? 90, openness, this.#opennessUsual)
    this.#kept = keepFrame(this.#kept, { jpeg: jpeg.slice(), seenAtMs: this.#nowMs(), fitness }, this.#nowMs())
  }
}

/** The face of a live packet: its box is the one around the points, so that it moves with them. */
function liveFaceOf({ mesh, detectionScore }: Followed, scaleX: number, scaleY: number): LiveFace {
  const points = new Float32Array(meshPointCount * 2)
  const corners: Point[] = []
  for (let index = 0; index < meshPointCount; index++) {
    points[index * 2] = mesh.points[index * 3]! * scaleX
    points[index * 2 + 1] = mesh.points[index * 3 + 1]! * scaleY
    corners.push([points[index * 2]!, points[index * 2 + 1]!])
  }
  return { box: boundingBox(corners), detectionScore, points }
}
