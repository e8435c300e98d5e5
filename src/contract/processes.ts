/**
 * What the station may ask of its processes, and what crosses the ports to them.
 * Every function answers an Outcome: codes cross, stacks do not. Live packets (live.ts) share the port as plain bytes.
 */
import type { Outcome } from './errors.ts'
import type { WorseningName, WorseSteps } from './evaluation.ts'
import type { Liveness, Unable } from './liveness.ts'
import type { CaptureQuality, ExemptionReason, PresetId } from './quality.ts'
import type { CaptureSummary } from './rows/capture.ts'
import type { PictureOperation, Timings } from './rows/face.ts'
import type { SearchExplanation } from './rows/subject.ts'
import type { Box, CaptureSource, FivePoints, InferenceProvider, Pad } from './types.ts'

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
  /** From this padScore on the pack's networks take a presentation for a person; null where it brings none. */
  readonly padThreshold: number | null
}

export interface PackSummary {
  readonly id: string
  /** As stored with every template. */
  readonly model: string
  readonly name: string
  readonly version: string
  /** Whether it came with the program. */
  readonly builtIn: boolean
  readonly complete: boolean
  /** The family of each role that the pack brings itself. */
  readonly families: Readonly<Partial<Record<'detector' | 'landmarks' | 'embedding' | 'pad', string>>>
  readonly dimension: number
  readonly metric: string
  readonly licences: readonly string[]
  readonly calibration: { readonly impostorPairs: number; readonly fmrMin: number } | null
}

/** The chosen face of a capture with all that an enrolment stores. */
export interface Sample {
  readonly captureSource: CaptureSource
  readonly pad: Pad
  /** What the pack's PAD network says, 0 an attack to 1 a person; without one nothing. */
  readonly padScore?: number | null
  readonly liveness: Liveness
  readonly quality: CaptureQuality
  /** Portrait around the chosen face, JPEG. */
  readonly picture: Uint8Array
  /** Model id the template was made with. */
  readonly model: string
  /** Unit length. */
  readonly template: Float32Array
}

/** A capture with everything that an enrolment stores and that is shown of it, as a draft keeps it. */
export interface KeptCapture {
  readonly captureId: string
  readonly summary: Omit<CaptureSummary, 'captureId' | 'sample'>
  readonly sample: Sample
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

/** Where packs are: those that came with the program, and those that were imported. */
export interface PackFolders {
  readonly packsFolder: string
  readonly importedFolder?: string | undefined
}

/**
 * Threads that one run of a network is spread over. One: several pictures side by side use the cores better than one picture on several of
 * them, and helpers of the runtime would fight the JavaScript thread.
 */
export const threadsPerRun = 1

/** How a pack is loaded. */
export interface LoadRequest extends PackFolders {
  readonly packId: string
  /** cpu where it is left out. */
  readonly provider?: InferenceProvider | undefined
  /** Threads that one run of a network is spread over; threadsPerRun where it is left out. */
  readonly threads?: number | undefined
  /** A process for pictures alone, without a camera: networks run in its one thread, and it ends where it grows beyond its memory. */
  readonly bulk?: boolean | undefined
}

/** What a provider made of a drawn face, beside the processor. */
export interface ProviderTrial {
  /** Of the templates that both made. */
  readonly comparisonScore: number
  /** Medians of a whole picture. */
  readonly cpuMs: number
  readonly providerMs: number
}

/** A capture before anybody holds it. */
export interface LooseCapture {
  readonly summary: Omit<CaptureSummary, 'captureId' | 'sample'>
  readonly sample: Sample
}

/** The face process: pictures and frames in, captures and samples out. It alone decodes pictures and runs models. */
export interface FaceFunctions {
  /**
   * Loads the pack of that id; the first call after start. A pack that is open goes on working until all networks of the new one
   * are loaded and have run once, and a frame that was begun with it is finished with it. Captures of another model are dropped.
   */
  load(options: LoadRequest): Promise<Outcome<EmbeddingModel>>
  /** What its runtime brings for this system, the likeliest to be fast first; cpu is the last. */
  providers(options: object): Promise<Outcome<readonly InferenceProvider[]>>
  /** Looks at a drawn face with a pack on the processor and by a provider. It may end the process: ask one that may end. */
  tryProvider(options: PackFolders & { packId: string; provider: InferenceProvider }): Promise<Outcome<ProviderTrial>>
  listPacks(options: PackFolders): Promise<Outcome<readonly PackSummary[]>>
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
    exemption?: ExemptionReason | null | undefined
  }): Promise<Outcome<{ preset: PresetId; autoCapture: boolean }>>
  /** Takes the pitch of the last moments for that of a level head. */
  levelSession(options: { sessionId: string }): Promise<Outcome<{ pitchZero: number }>>
  startChallenge(options: { sessionId: string; unable: readonly Unable[] }): Promise<Outcome<null>>
  cancelChallenge(options: { sessionId: string }): Promise<Outcome<null>>
  closeSession(options: { sessionId: string }): Promise<Outcome<null>>
  /** The best sample that the session saw in the last moments becomes a capture. */
  takeFromSession(options: { sessionId: string }): Promise<Outcome<CaptureSummary>>
  captureFromPicture(options: { picture: Uint8Array; source: 'file' | 'simulated' }): Promise<Outcome<CaptureSummary>>
  /** As captureFromPicture, and nothing is kept. */
  lookAtPicture(options: { picture: Uint8Array; source: 'file' | 'simulated' }): Promise<Outcome<LooseCapture>>
  /** Keeps what another face process made of a picture. @throws request.invalid for one of another model */
  holdCapture(options: LooseCapture): Promise<Outcome<CaptureSummary>>
  /** Measures and judges the subject of a picture; nothing is kept. */
  quality(options: { picture: Uint8Array }): Promise<Outcome<CaptureQuality>>
  /** Looks at the subject of a picture for an evaluation; nothing is kept. */
  evaluate(options: { picture: Uint8Array; light: boolean }): Promise<Outcome<EvaluatedFace>>
  /** What the pack measures of a drawn face that is made worse step by step. */
  worsened(options: { name: WorseningName }): Promise<Outcome<WorseSteps>>
  dropCapture(options: { captureId: string }): Promise<Outcome<null>>
  /** The sample and template of a capture; the capture stays until it expires, so that a search may follow a verification. */
  takeSample(options: { captureId: string }): Promise<Outcome<Sample>>
  /** A capture with all that a draft keeps of it; the capture stays, too. */
  keepCapture(options: { captureId: string }): Promise<Outcome<KeptCapture>>
  detect(options: { picture: Uint8Array; repeat: number }): Promise<Outcome<{ faces: readonly DetectedFace[]; timings: Timings }>>
  template(options: { picture: Uint8Array; aligned: boolean; repeat: number }): Promise<Outcome<TemplateResult>>
  /** Draws one of the drawn subjects (core/portrait) as JPEG, for the demo; variation 0 is the enrolment picture, others differ in light, pose and place. */
  drawPortrait(options: { subject: number; variation: number }): Promise<Outcome<{ picture: Uint8Array }>>
  process(options: { picture: Uint8Array; operations: readonly PictureOperation[] }): Promise<Outcome<ProcessedPicture>>
}

/** How a pack is trusted. */
export type PackSignature =
  /** A trusted key has signed the manifest; its fingerprint. */
  | { readonly state: 'valid'; readonly key: string }
  /** There is a signature, and none of the trusted keys made it. */
  | { readonly state: 'unknown'; readonly key: null }
  | { readonly state: 'none'; readonly key: null }

/** What was found in a pack that passed. */
export interface PackReport {
  readonly pack: PackSummary
  /** SHA-256 of manifest.json, which names the SHA-256 of every other file. */
  readonly manifestSha256: string
  readonly signature: PackSignature
  readonly files: readonly {
    readonly file: string
    readonly opset: number
    readonly operators: readonly string[]
    readonly parameters: number
  }[]
  readonly selfTest: {
    /** Of two views of one drawn subject, and of two drawn subjects. */
    readonly mateScore: number
    readonly impostorScore: number
    /** Of a picture of 512 x 512 pixels, one thread. */
    readonly pictureMs: number
    readonly padScore: number | null
  }
  /** Highest resident memory of the process that checked. */
  readonly memoryBytesPeak: number
}

/** The process that checks a pack and ends: it alone touches what was not checked yet. */
export interface PackCheckerFunctions {
  /**
   * @param options source: zip file or folder; folder: where its files are brought (import), or already are (source is left out);
   *   trustedKeys: Ed25519 public keys, base64 of SPKI; trust: an administrator trusts it without one of them
   */
  check(options: {
    readonly source?: string | undefined
    readonly folder: string
    readonly packsFolder: string
    readonly trustedKeys: readonly string[]
    readonly trust: boolean
  }): Promise<Outcome<PackReport>>
}

/** Rows of the gallery as they cross to the matcher: referenceNos[i] has templates[i * dimension ...] and labels[i]. */
export interface GalleryRows {
  readonly referenceNos: Uint32Array
  /** Row-major, unit length rows. */
  readonly templates: Float32Array
  /** What the rows are labelled with (core/labels.ts); all 0 where it is missing. */
  readonly labels?: Uint32Array
}

/** What rows are labelled with: referenceNos[i] has labels[i] (core/labels.ts). */
export interface GalleryLabels {
  readonly referenceNos: Uint32Array
  readonly labels: Uint32Array
}

/** A sealed block of the gallery as it crosses to the matcher: rows that were prepared already (core/gallery/block.ts). */
export interface GalleryBlockRows {
  readonly block: Uint8Array
  /** Reference numbers of the block that are not in the gallery any more. */
  readonly without: Uint32Array
}

/** A committed change. sequence is exactly one more than the one before, else the matcher answers that it has a gap. */
export interface GalleryChange {
  readonly sequence: number
  readonly added: GalleryRows
  readonly removed: Uint32Array
  /** New labels of rows that stay; those that are not there are passed over. */
  readonly relabelled?: GalleryLabels
  /** The gallery it is for; the one that was begun last where it is missing. */
  readonly model?: string
}

/** A row whose score may reach the threshold, by a proven bound; the operation finishes exactly. */
export interface PossibleCandidate {
  readonly referenceNo: number
  /** No smaller than the exact score. */
  readonly scoreMax: number
}

/** Which rows a search is about: those of which every condition that is given holds. */
export interface LabelFilter {
  /** Categories (0 to 255) of which a row has one. */
  readonly categories?: readonly number[]
  /** Bits of purposes (8), of which a row has at least one. */
  readonly purposes?: number
  /** Bits of watch-lists (16), of which a row has at least one. */
  readonly watchLists?: number
}

export interface MatcherSearch {
  readonly model: string
  /** Unit length; for a batch one probe after another. */
  readonly probe: Float32Array
  readonly threshold: number
  /** Only rows that may be among the best so many, ties of the last included. */
  readonly limit?: number
  readonly filter?: LabelFilter
  /** Takes this stage instead of choosing. */
  readonly stage?: SearchExplanation['stage']
}

export interface MatcherAnswer {
  readonly candidates: readonly PossibleCandidate[]
  /** The sequence at which the gallery was read, and its rows then. */
  readonly sequence: number
  readonly rows: number
  readonly explanation: SearchExplanation
}

export interface MatcherStatus {
  readonly model: string | null
  readonly references: number
  readonly sequence: number
  readonly kernel: SearchExplanation['kernel']
  readonly threads: number
  readonly ready: boolean
}

/** The matcher process: galleries in shared memory; a cache of the vault, with no disk and no keys of its own. */
export interface MatcherFunctions {
  /**
   * Empties the gallery of a model and prepares it; rows come by loadRows and loadBlock until ready is called; rowsExpected sizes the memory.
   * Galleries of other models stay.
   */
  begin(options: { model: string; dimension: number; meanTemplate: Float32Array; rowsExpected: number }): Promise<Outcome<null>>
  /** Rows of the gallery that was begun last. */
  loadRows(rows: GalleryRows): Promise<Outcome<null>>
  /** The same rows as a block that was made for this model; refused with gallery.blockRefused where it was made for another, or is inconsistent. */
  loadBlock(rows: GalleryBlockRows): Promise<Outcome<null>>
  /** Labels of rows that were loaded; those that are not there are passed over. */
  loadLabels(labels: GalleryLabels): Promise<Outcome<null>>
  /** @param options rows is how many were sent: a load that lost a batch is refused */
  ready(options: { sequence: number; rows: number }): Promise<Outcome<null>>
  /** @returns false on a gap: the station loads the gallery again */
  apply(change: GalleryChange): Promise<Outcome<boolean>>
  /** Every row whose score with the probe may be >= threshold (and among the best, with a limit), none left out. */
  search(options: MatcherSearch): Promise<Outcome<MatcherAnswer>>
  /** One answer for each probe, in their order; probes share passes over the gallery. */
  searchBatch(options: MatcherSearch): Promise<Outcome<readonly MatcherAnswer[]>>
  /** Forgets the gallery of a model. @returns false where there is none */
  drop(options: { model: string }): Promise<Outcome<boolean>>
  /** Of the gallery that was begun last, or of a model's. */
  status(options?: { model?: string }): Promise<Outcome<MatcherStatus>>
}
