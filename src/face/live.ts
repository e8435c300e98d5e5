/**
 * A capture session: frames of one camera come in, each that is looked at answers a live packet, the best of the last moments is kept.
 * 1. One frame is looked at and at most one waits; a newer frame replaces the waiting one, so that the picture never lags behind.
 * 2. Between full detections the landmarks follow from one frame to the next. 3. Only frames of bestWindowMs are kept, as JPEG.
 * 4. Every frame is measured by its landmarks; light and background, which cost more, every slowMeasureMs.
 */
import type { FramePacket, LiveFace, LivePacket } from '../contract/live.ts'
import type { Liveness, Unable } from '../contract/liveness.ts'
import type { ExemptionReason, MeasuredComponents } from '../contract/quality.ts'
import { boundingBox, type Point, type SquareRegion, scaleBox } from '../core/geometry.ts'
import { type FrameMerit, frameFitness, keepBest, usualOpenness } from '../core/guidance/bestFrames.ts'
import { eyeOpenness, meshPoint } from '../core/landmarks.ts'
import { type HeadPose, headPoseOf } from '../core/pose/headPose.ts'
import { secondFaceShare } from '../core/quality/geometry.ts'
import { qualityScoreOf } from '../core/quality/qualityScore.ts'
import type { Detection } from './families/detection.ts'
import { type FaceMesh, meshPointCount } from './families/facemesh.ts'
import { frameComponents, movementOf, ovalOffset } from './frameMeasures.ts'
import { type GuidanceSettings, type SameFace, SessionGuidance, type SubjectSeen } from './liveGuidance.ts'
import type { Pack } from './packs.ts'
import { decodePicture } from './picture/decode.ts'
import { choiceOf, detectOnce, embedTracked, type Face, measureQuality, measureScore, meshOf, nextRegion, placeMesh } from './pipeline.ts'
import { PixelPyramid } from './pixels.ts'
import { StageClock } from './stages.ts'

/** Longest side of the pixels that a frame is looked at. */
const frameSidePx = 640
/** Frames between two full detections while the landmarks hold. */
const framesPerDetection = 12
/** Time between two measurements of light and background. */
const slowMeasureMs = 500
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

export interface LiveSessionOptions {
  readonly source: 'camera' | 'simulated'
  readonly settings: GuidanceSettings
  readonly virtualCamera: boolean
  /** What this camera measures of a level head, degrees. */
  readonly pitchZero: number
  readonly pack: () => Pack
  readonly nowMs: () => number
  /** 0 to 1, 1 excluded; not to be guessed. */
  readonly random: () => number
  readonly sameFace: SameFace
  readonly answer: (packet: LivePacket) => void
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
  #others: readonly Detection[] = []
  #kept: KeptFrame[] = []
  #opennessUsual = 0
  #subject: Subject = 'none'
  #pitchZero: number
  #slowMeasuredMs = -Infinity
  readonly #guidance: SessionGuidance

  constructor(options: LiveSessionOptions) {
    this.source = options.source
    this.#pack = options.pack
    this.#nowMs = options.nowMs
    this.#answer = options.answer
    this.#pitchZero = options.pitchZero
    const { virtualCamera, settings, random, nowMs, sameFace } = options
    this.#guidance = new SessionGuidance({ watched: options.source === 'camera', virtualCamera, settings, random, nowMs, sameFace })
  }

  get pitchZero(): number {
    return this.#pitchZero
  }

  /** Changes how the session guides; what is left out stays. */
  guideBy({
    preset,
    autoCapture,
    exemption,
  }: {
    preset?: GuidanceSettings['preset'] | undefined
    autoCapture?: boolean | undefined
    exemption?: ExemptionReason | null | undefined
  }): GuidanceSettings {
    const { settings } = this.#guidance
    this.#guidance.settings = {
      preset: preset ?? settings.preset,
      autoCapture: autoCapture ?? settings.autoCapture,
      exemption: exemption === undefined ? (settings.exemption ?? null) : exemption,
    }
    return this.#guidance.settings
  }

  /** Takes the pitch of the last moments for that of a level head. @returns it, or undefined where too little was seen */
  level(): number | undefined {
    const level = this.#guidance.levelPitch()
    if (level === undefined) return undefined
    this.#pitchZero += level
    this.#guidance.forgetPitches()
    return this.#pitchZero
  }

  startChallenge(unable: readonly Unable[]): void {
    this.#guidance.startChallenge(unable, this.#nowMs())
  }

  cancelChallenge(): void {
    this.#guidance.cancelChallenge(this.#nowMs())
  }

  /** What is kept with a capture whose face has this template. */
  livenessFor(template: Float32Array): Liveness {
    return this.#guidance.livenessFor(template, this.#nowMs())
  }

  /** The model has changed: templates of the one before say nothing more. */
  forgetTemplates(): void {
    this.#guidance.close()
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
    this.#guidance.close()
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
    this.#guidance.arrived(frame.jpeg, frame.capturedAtMs, startedMs)
    const { header, pixels } = await decodePicture(frame.jpeg, frameSidePx)
    const picture = new PixelPyramid(pixels)
    const [scaleX, scaleY] = [header.width / pixels.width, header.height / pixels.height]
    try {
      const pack = this.#pack()
      const subject = (await this.#follow(pack, picture)) ?? (await this.#detect(pack, picture))
      if (this.#closed) return
      const pose = subject && headPoseOf(subject.mesh.points, 3, this.#pitchZero)
      if (subject !== undefined) this.#keep(frame.jpeg, picture, subject.mesh, pose, scaleX)
      const seen = subject && this.#measure(pack, picture, subject.mesh, pose, scaleX)
      const report = await this.#guidance.follow(seen, this.#subject === 'ambiguous', startedMs)
      if (this.#closed) return
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
        report,
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

  /** @param scale pixels of the frame for each pixel that was looked at */
  #measure(pack: Pack, picture: PixelPyramid, mesh: FaceMesh, pose: HeadPose | undefined, scale: number): SubjectSeen {
    const subject = boundingBox(Array.from({ length: meshPointCount }, (_, index) => meshPoint(mesh.points, index, 3)))
    let components: MeasuredComponents = frameComponents(mesh, picture, scale, pose, secondFaceShare(subject, this.#others))
    if (this.#nowMs() - this.#slowMeasuredMs >= slowMeasureMs) {
      const around = { subject, others: this.#others, scale, pitchZero: this.#pitchZero }
      components = { ...measureQuality(picture, mesh, around).components, ...components }
      this.#slowMeasuredMs = this.#nowMs()
    }
    return {
      components,
      pose,
      offset: ovalOffset(mesh, picture),
      movement: movementOf(mesh, picture, pose),
      template: () => embedTracked(pack, picture, mesh, new StageClock(this.#nowMs)),
    }
  }

  #keep(jpeg: Uint8Array, picture: PixelPyramid, mesh: FaceMesh, pose: HeadPose | undefined, scale: number): void {
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
