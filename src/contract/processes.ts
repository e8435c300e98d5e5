/**
 * What the station may ask of its processes, and what crosses the ports to them.
 * Every function answers an Outcome: codes cross, stacks do not. Live packets (live.ts) share the port as plain bytes.
 */
import type { Outcome } from './errors.ts'
import type { Liveness, Unable } from './liveness.ts'
import type { CaptureQuality, PresetId } from './quality.ts'
import type { CaptureSummary } from './rows/capture.ts'
import type { PictureOperation, Timings } from './rows/face.ts'
import type { Box, CaptureSource, FivePoints, Pad } from './types.ts'

/**
 * Environment that the spawn port adds for the processes. With the defaults of glibc's allocator freed pictures stay with the process:
 * a 64-megapixel picture leaves 300 MB behind; with these it leaves 60. They mean nothing elsewhere.
 */
export const processEnvironment = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '262144',
} as const

/** Calibration of a model: what its comparison scores mean. */
export interface Calibration {
  /** Impostor pairs behind it; 1 / impostorPairs is the smallest rate that it supports. */
  readonly impostorPairs: number
  /** Points from the highest rate to the lowest: at threshold the share of impostor pairs at or above it was fmr. */
  readonly points: readonly { readonly fmr: number; readonly threshold: number }[]
  readonly provenance: string
}

/** The embedding model that is active: everything others need to know of it. */
export interface EmbeddingModel {
  /** Pack id and version, as stored with every template: templates of two models are never compared. */
  readonly id: string
  readonly dimension: number
  readonly metric: 'cosine'
  /** Input of the network: channels, height, width. */
  readonly inputShape: readonly [number, number, number]
  /** Unit-length templates lie around this point; length is dimension. */
  readonly meanTemplate: Float32Array
  readonly calibration: Calibration
}

export interface PackSummary {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly complete: boolean
  readonly dimension: number
  readonly metric: string
  readonly licences: readonly string[]
  readonly calibration: { readonly impostorPairs: number; readonly fmrMin: number } | null
}

/** The chosen face of a capture with all that an enrolment stores. */
export interface Sample {
  readonly captureSource: CaptureSource
  readonly pad: Pad
  readonly liveness: Liveness
  readonly quality: CaptureQuality
  /** Portrait around the chosen face, JPEG. */
  readonly picture: Uint8Array
  /** Model id the template was made with. */
  readonly model: string
  /** Unit length. */
  readonly template: Float32Array
}

export interface DetectedFace {
  readonly box: Box
  readonly landmarks: FivePoints
  readonly detectionScore: number
}

export interface TemplateResult {
  readonly template: Float32Array
  readonly qualityScore: number
  readonly detectionScore: number
  readonly timings: Timings
}

/** What an evaluation needs of a picture. */
export interface EvaluatedFace {
  readonly template: Float32Array
  readonly quality: CaptureQuality
  /** Templates of the same pixels in other light (core/evaluation/light), null where no face was found there; empty where not asked for. */
  readonly inLight: readonly (Float32Array | null)[]
}

export interface ProcessedPicture {
  readonly picture: Uint8Array | null
  readonly metadata: {
    readonly width: number
    readonly height: number
    readonly format: string
    readonly channels: number
    readonly bytes: number
  }
}

/** The face process: pictures and frames in, captures and samples out. It alone decodes pictures and runs models. */
export interface FaceFunctions {
  /** Loads the pack of that id from the folder; the first call after start. */
  load(options: { packsFolder: string; packId: string }): Promise<Outcome<EmbeddingModel>>
  listPacks(options: { packsFolder: string }): Promise<Outcome<readonly PackSummary[]>>
  /** @param options pitchZero is what this camera measures of a level head, degrees */
  openSession(options: {
    source: 'camera' | 'simulated'
    preset: PresetId
    autoCapture: boolean
    virtualCamera: boolean
    pitchZero: number
  }): Promise<Outcome<{ sessionId: string }>>
  /** Changes how a session guides; what is left out stays. */
  guideSession(options: {
    sessionId: string
    preset?: PresetId | undefined
    autoCapture?: boolean | undefined
  }): Promise<Outcome<{ preset: PresetId; autoCapture: boolean }>>
  /** Takes the pitch of the last moments for that of a level head. */
  levelSession(options: { sessionId: string }): Promise<Outcome<{ pitchZero: number }>>
  startChallenge(options: { sessionId: string; unable: readonly Unable[] }): Promise<Outcome<null>>
  cancelChallenge(options: { sessionId: string }): Promise<Outcome<null>>
  closeSession(options: { sessionId: string }): Promise<Outcome<null>>
  /** The best sample that the session saw in the last moments becomes a capture. */
  takeFromSession(options: { sessionId: string }): Promise<Outcome<CaptureSummary>>
  captureFromPicture(options: { picture: Uint8Array; source: 'file' | 'simulated' }): Promise<Outcome<CaptureSummary>>
  /** Measures and judges the subject of a picture; nothing is kept. */
  quality(options: { picture: Uint8Array }): Promise<Outcome<CaptureQuality>>
  /** Looks at the subject of a picture for an evaluation; nothing is kept. */
  evaluate(options: { picture: Uint8Array; light: boolean }): Promise<Outcome<EvaluatedFace>>
  dropCapture(options: { captureId: string }): Promise<Outcome<null>>
  /** The sample and template of a capture; the capture stays until it expires, so that a search may follow a verification. */
  takeSample(options: { captureId: string }): Promise<Outcome<Sample>>
  detect(options: { picture: Uint8Array; repeat: number }): Promise<Outcome<{ faces: readonly DetectedFace[]; timings: Timings }>>
  template(options: { picture: Uint8Array; aligned: boolean; repeat: number }): Promise<Outcome<TemplateResult>>
  /** Draws one of the drawn subjects (core/portrait) as JPEG, for the demo; variation 0 is the enrolment picture, others differ in light, pose and place. */
  drawPortrait(options: { subject: number; variation: number }): Promise<Outcome<{ picture: Uint8Array }>>
  process(options: { picture: Uint8Array; operations: readonly PictureOperation[] }): Promise<Outcome<ProcessedPicture>>
}

/** Rows of the gallery as they cross to the matcher: referenceNos[i] has templates[i * dimension ...]. */
export interface GalleryRows {
  readonly referenceNos: Uint32Array
  /** Row-major, unit length rows. */
  readonly templates: Float32Array
}

/** A committed change. sequence is exactly one more than the one before, else the matcher answers that it has a gap. */
export interface GalleryChange {
  readonly sequence: number
  readonly added: GalleryRows
  readonly removed: Uint32Array
}

/** A row whose score may reach the threshold, by a proven bound; the operation finishes exactly. */
export interface PossibleCandidate {
  readonly referenceNo: number
  /** No smaller than the exact score. */
  readonly scoreMax: number
}

export interface MatcherStatus {
  readonly model: string | null
  readonly references: number
  readonly sequence: number
  readonly kernel: 'simd' | 'scalar'
  readonly ready: boolean
}

/** The matcher process: the gallery in shared memory; a cache of the vault, with no disk and no keys of its own. */
export interface MatcherFunctions {
  /** Empties the gallery and prepares it for a model; rows come by loadRows until ready is called; rowsExpected sizes the memory. */
  begin(options: { model: string; dimension: number; meanTemplate: Float32Array; rowsExpected: number }): Promise<Outcome<null>>
  loadRows(rows: GalleryRows): Promise<Outcome<null>>
  /** @param options rows is how many were sent: a load that lost a batch is refused */
  ready(options: { sequence: number; rows: number }): Promise<Outcome<null>>
  /** @returns false on a gap: the station loads the gallery again */
  apply(change: GalleryChange): Promise<Outcome<boolean>>
  /** Every row whose score with the probe may be >= threshold, none left out. */
  search(options: {
    model: string
    probe: Float32Array
    threshold: number
  }): Promise<Outcome<{ candidates: readonly PossibleCandidate[]; sequence: number; rows: number }>>
  status(options?: Record<string, never>): Promise<Outcome<MatcherStatus>>
}
