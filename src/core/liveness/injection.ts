/**
 * Signs that frames were fed in past a camera: names of virtual cameras, pictures that come again, times that cannot be.
 * Noise of a sensor never repeats: two frames of the same bytes are one frame twice. It finds the careless, not the careful.
 */
import type { InjectionFlag } from '../../contract/liveness.ts'

/** Parts of the names that programs give their virtual cameras, and the programs. */
const virtualCameras: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bobs\b/i, 'OBS Virtual Camera'],
  [/manycam/i, 'ManyCam'],
  [/snap camera/i, 'Snap Camera'],
  [/xsplit/i, 'XSplit VCam'],
  [/splitcam/i, 'SplitCam'],
  [/camtwist/i, 'CamTwist'],
  [/e2esoft|\bvcam\b/i, 'VCam'],
  [/mmhmm|airtime camera/i, 'mmhmm'],
  [/nvidia broadcast/i, 'NVIDIA Broadcast'],
  [/droidcam/i, 'DroidCam'],
  [/iriun|epoccam/i, 'a telephone as a camera'],
  [/youcam|chromacam|avatarify|akvcam|webcamoid/i, 'a program that changes the picture'],
  [/v4l2loopback|dummy video device/i, 'v4l2loopback'],
  [/unity video capture|\bndi\b|newtek/i, 'a network video source'],
  [/fake_device|fake device/i, "the browser's own test camera"],
  [/virtual/i, 'a virtual camera'],
]

/** The program behind a camera's name, where it is a known virtual camera; a renamed one is not recognised. */
export function virtualCameraOf(label: string): string | undefined {
  return virtualCameras.find(([pattern]) => pattern.test(label))?.[1]
}

const rememberedMax = 120
/** So many pictures that came before, not just now, make a loop. */
const repeatsMax = 4
/** So long the same picture may stand still. */
const frozenMsMax = 3000
/** Frames a second that no camera of a desk gives, over so many frames. */
const framesPerSecondMax = 240
const timedFrames = 30
/** The clock of the sender and ours may drift so far apart. */
const driftMsMax = 5000

export interface FrameTrace {
  /** Of the bytes of the frame. */
  readonly hash: number
  /** Clock of the sender. */
  readonly capturedAtMs: number
  /** Our clock. */
  readonly arrivedAtMs: number
}

export interface InjectionState {
  readonly traces: readonly FrameTrace[]
  readonly repeats: number
  readonly frozenSinceMs: number | undefined
  /** Clock of the sender minus ours, at the first frame. */
  readonly offsetMs: number | undefined
  readonly flags: readonly InjectionFlag[]
}

export const freshInjection = (virtualCamera: boolean): InjectionState => ({
  traces: [],
  repeats: 0,
  frozenSinceMs: undefined,
  offsetMs: undefined,
  flags: virtualCamera ? ['virtualCamera'] : [],
})

/** The state after a frame; a flag stays for the session. */
export function observed(state: InjectionState, trace: FrameTrace): InjectionState {
  const last = state.traces.at(-1)
  const still = last?.hash === trace.hash
  const again = !still && state.traces.some(({ hash }) => hash === trace.hash)
  const repeats = state.repeats + (again ? 1 : 0)
  const frozenSinceMs = still ? (state.frozenSinceMs ?? last.arrivedAtMs) : undefined
  const offsetMs = state.offsetMs ?? trace.capturedAtMs - trace.arrivedAtMs
  const traces = [...state.traces, trace].slice(-rememberedMax)
  const flags = new Set(state.flags)
  if (repeats >= repeatsMax || (frozenSinceMs !== undefined && trace.arrivedAtMs - frozenSinceMs > frozenMsMax)) flags.add('repeatedFrames')
  if (last !== undefined && !timesPossible(traces, last, trace, offsetMs)) flags.add('impossibleTiming')
  return { traces, repeats, frozenSinceMs, offsetMs, flags: [...flags] }
}

function timesPossible(traces: readonly FrameTrace[], last: FrameTrace, trace: FrameTrace, offsetMs: number): boolean {
  if (trace.capturedAtMs < last.capturedAtMs) return false
  if (Math.abs(trace.capturedAtMs - trace.arrivedAtMs - offsetMs) > driftMsMax) return false
  const earlier = traces.at(-timedFrames)
  if (earlier === undefined || traces.length < timedFrames) return true
  return trace.capturedAtMs - earlier.capturedAtMs >= ((timedFrames - 1) * 1000) / framesPerSecondMax
}

/** 32-bit hash of the bytes of a frame (FNV-1a over every byte); equal frames have equal hashes. */
export function frameHash(bytes: Uint8Array): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
