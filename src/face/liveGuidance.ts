/**
 * What a capture session knows of its subject beside the best frames: guidance, the challenge, and how the frames came.
 * The rules are core's; here the state of one session is kept, and templates of a challenge are compared.
 */
import type { LiveReport } from '../contract/guidance.ts'
import { type Liveness, noLiveness, type Unable } from '../contract/liveness.ts'
import type { ExemptionReason, MeasuredComponents, PresetId } from '../contract/quality.ts'
import type { Offset } from '../core/guidance/checks.ts'
import { freshGuidance, guide } from '../core/guidance/guidance.ts'
import {
  type ChallengeState,
  cancelled,
  challenged,
  challengeReport,
  compareEveryMs,
  isBaselineDone,
  isEvidence,
  livenessOf,
  startChallenge,
  wantsTemplate,
} from '../core/liveness/challenge.ts'
import { frameHash, freshInjection, observed } from '../core/liveness/injection.ts'
import type { Movement } from '../core/liveness/steps.ts'
import { type HeadPose, pitchZeroOf } from '../core/pose/headPose.ts'
import { exempted } from '../core/quality/exemptions.ts'
import { presetOf } from '../core/quality/presets.ts'

/** How long what a challenge said counts for captures. */
const resultLifeMs = 60_000
/** Frames that the pitch of a level head is taken from, at least and at most. */
const pitchFramesMin = 10
const pitchFramesMax = 60
/** A large network takes so many times its own time between two comparisons: the overlay waits for each. */
const comparePauses = 4
/** Only of a head that faces the camera, degrees. */
const facingYawMax = 12

export interface GuidanceSettings {
  readonly preset: PresetId
  readonly autoCapture: boolean
  /** What the subject is not held to. */
  readonly exemption?: ExemptionReason | null
}

/** What was seen of the subject in a frame. */
export interface SubjectSeen {
  readonly components: MeasuredComponents
  readonly offset: Offset
  readonly pose: HeadPose | undefined
  readonly movement: Movement | undefined
  /** Makes the template of the face in this frame. */
  readonly template: () => Promise<Float32Array>
}

/** @param strictly or at a rate at which a turned head is still found */
export type SameFace = (first: Float32Array, second: Float32Array, strictly: boolean) => boolean

export interface SessionGuidanceOptions {
  /** A simulated camera says itself that its frames are made. */
  readonly watched: boolean
  readonly virtualCamera: boolean
  readonly settings: GuidanceSettings
  /** 0 to 1, 1 excluded; not to be guessed. */
  readonly random: () => number
  /** Monotonic. */
  readonly nowMs: () => number
  /** Whether two templates are of one face; loosely where one of them is of a turned head. */
  readonly sameFace: SameFace
}

export class SessionGuidance {
  settings: GuidanceSettings
  readonly #options: SessionGuidanceOptions
  #guidance = freshGuidance
  #injection
  #challenge: ChallengeState | undefined
  #challengeEndedMs = 0
  /** Of the face that the challenge began with; overwritten when it is let go. */
  #template: Float32Array | undefined
  #pitches: number[] = []
  /** What the last template took. */
  #templateMs = 0

  constructor(options: SessionGuidanceOptions) {
    this.#options = options
    this.settings = options.settings
    this.#injection = freshInjection(options.virtualCamera)
  }

  /** Notes how a frame came. */
  arrived(jpeg: Uint8Array, capturedAtMs: number, nowMs: number): void {
    if (this.#options.watched) this.#injection = observed(this.#injection, { hash: frameHash(jpeg), capturedAtMs, arrivedAtMs: nowMs })
  }

  /** Takes a frame into account. @param subject undefined where nobody is followed; ambiguous where two could be meant */
  async follow(subject: SubjectSeen | undefined, ambiguous: boolean, nowMs: number): Promise<LiveReport> {
    if (subject?.pose !== undefined && Math.abs(subject.pose.yaw) < facingYawMax)
      this.#pitches = [...this.#pitches, subject.pose.pitch].slice(-pitchFramesMax)
    const running = this.#challenge !== undefined && this.#challenge.phase !== 'ended'
    if (running) await this.#followChallenge(this.#challenge!, subject, ambiguous, nowMs)
    const face = subject && { components: subject.components, offset: subject.offset }
    const { preset, autoCapture, exemption = null } = this.settings
    const guided = guide(
      this.#guidance,
      { atMs: nowMs, face, ambiguous },
      // A turned head is no picture: nothing is taken while a challenge runs.
      { preset: exempted(presetOf(preset), exemption), autoCapture: autoCapture && !running },
    )
    this.#guidance = guided.state
    const pose = subject?.pose === undefined ? null : rounded(subject.pose)
    const shown = this.#challenge !== undefined && (running || nowMs - this.#challengeEndedMs < resultLifeMs)
    return { ...guided.report, pose, liveness: shown ? challengeReport(this.#challenge!, nowMs) : null }
  }

  async #followChallenge(before: ChallengeState, subject: SubjectSeen | undefined, severalFaces: boolean, nowMs: number): Promise<void> {
    let sameFace: boolean | undefined
    const everyMs = Math.max(compareEveryMs, comparePauses * this.#templateMs)
    const wanted = wantsTemplate(before, subject?.movement, nowMs, everyMs)
    if (wanted && subject !== undefined && this.#template !== undefined) {
      const startedMs = this.#options.nowMs()
      const template = await subject.template()
      this.#templateMs = this.#options.nowMs() - startedMs
      sameFace = this.#options.sameFace(this.#template, template, !isEvidence(before, subject.movement, nowMs))
      template.fill(0)
    }
    const repeatedFrames = this.#injection.flags.includes('repeatedFrames')
    const after = challenged(before, { atMs: nowMs, movement: subject?.movement, severalFaces, repeatedFrames, sameFace })
    const template = isBaselineDone(before, after) ? await subject?.template() : undefined
    // Somebody cancelled or began again while a template was made: this frame says nothing of what runs now.
    if (this.#challenge !== before) {
      template?.fill(0)
      return
    }
    if (template !== undefined) this.#template = template
    this.#challenge = after
    if (after.phase === 'ended' && before.phase !== 'ended') this.#challengeEndedMs = nowMs
  }

  /** Begins a challenge; one that runs gives way. */
  startChallenge(unable: readonly Unable[], nowMs: number): void {
    this.#forgetTemplate()
    this.#challenge = startChallenge(unable, this.#options.random, nowMs)
  }

  cancelChallenge(nowMs: number): void {
    if (this.#challenge === undefined) return
    if (this.#challenge.phase !== 'ended') this.#challengeEndedMs = nowMs
    this.#challenge = cancelled(this.#challenge)
  }

  /** What is kept with a capture whose face has this template. */
  livenessFor(template: Float32Array, nowMs: number): Liveness {
    const injection = [...this.#injection.flags]
    const ended = this.#challenge && livenessOf(this.#challenge)
    if (ended === undefined || nowMs - this.#challengeEndedMs > resultLifeMs) return { ...noLiveness, injection }
    const same = this.#template !== undefined && this.#options.sameFace(this.#template, template, true)
    if (ended.verdict === 'passed' && !same) return { ...ended, verdict: 'failed', failure: 'otherFace', injection }
    return { ...ended, injection }
  }

  /** What the camera measured of a head that was held level in the last moments; undefined where it saw too little. */
  levelPitch(): number | undefined {
    return this.#pitches.length < pitchFramesMin ? undefined : pitchZeroOf(this.#pitches)
  }

  forgetPitches(): void {
    this.#pitches = []
  }

  close(): void {
    this.#forgetTemplate()
    this.#challenge = undefined
  }

  #forgetTemplate(): void {
    this.#template?.fill(0)
    this.#template = undefined
  }
}

const rounded = ({ yaw, pitch, roll }: HeadPose): HeadPose => ({
  yaw: Math.round(yaw * 10) / 10,
  pitch: Math.round(pitch * 10) / 10,
  roll: Math.round(roll * 10) / 10,
})
