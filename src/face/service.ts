/**
 * The functions of the face process over its state: the open pack, captures and sessions. Time, randomness and the way out for live
 * packets are passed in.
 */
import { type Outcome, outcomeOf, VultusError } from '../contract/errors.ts'
import { decodeFrame, encodeLive } from '../contract/live.ts'
import type { EmbeddingModel, FaceFunctions, LoadRequest, LooseCapture } from '../contract/processes.ts'
import { limits, SessionId } from '../contract/types.ts'
import { thresholdAt } from '../core/calibration.ts'
import { comparisonScore } from '../core/comparison.ts'
import { fusedPad } from '../core/liveness/fusion.ts'
import { CaptureStore } from './captures.ts'
import { drawPortrait } from './drawing.ts'
import { evaluateIn } from './evaluating.ts'
import { runtimesHere } from './inference/here.ts'
import { usualLoad } from './inference/runtime.ts'
import { threadRuntimes } from './inference/threadRuntime.ts'
import { Lane } from './lane.ts'
import { LiveSession } from './live.ts'
import type { SameFace } from './liveGuidance.ts'
import { alignIn, captureIn, detectIn, qualityIn, templateIn, templateOfAligned } from './looking.ts'
import { memoryBytesFor, outgrown } from './memory.ts'
import { bytesOf, listPacks, networksOf, openPack, type Pack } from './packs.ts'
import { processPicture } from './picture/operations.ts'
import { providersHere, tryProvider } from './providers.ts'
import { repeated, StageClock } from './stages.ts'
import { lookOnce, warmUp } from './warmUp.ts'
import { worsenedIn } from './worsening.ts'

export interface ServiceOptions {
  /** Monotonic. */
  readonly nowMs: () => number
  /** At least 128 random bits as base64url. */
  readonly newId: () => string
  /** 0 to 1, 1 excluded; not to be guessed: the order of a challenge comes from it. */
  readonly random: () => number
  readonly sendLive: (packet: Uint8Array) => void
  /** Hears of errors that have no row in the error table, and of those that end the process. */
  readonly onFault: (error: unknown) => void
  /** A process for pictures alone has grown beyond its memory: the answer leaves, and it should end. */
  readonly onOutgrown: () => void
}

export interface FaceService {
  readonly functions: FaceFunctions
  /** A frame packet; what is not one, or belongs to no session, is left out. */
  pushFrame(packet: Uint8Array): void
  /** Drops captures and kept frames that are too old; to be called now and then. */
  sweep(): void
}

/** The false match rate at which the face of a challenge and that of a capture are the same, and that at which a turned head may be. */
const sameFaceFmr = { strictly: 1e-3, loosely: 1e-2 } as const
/** Drawn faces that are looked at after the start, and the pause before each. */
const practiceRuns = 3
const practiceDelayMs = 1_000
/** Frames that are tried for a capture before the session is said to have none. */
const framesTriedMax = 3

/** A capture with what the challenge of its session said of this face. */
function withLiveness({ summary, sample }: LooseCapture, session: LiveSession): LooseCapture {
  const liveness = session.livenessFor(sample.template)
  const pad = fusedPad(sample.pad, liveness.verdict)
  return { summary: { ...summary, liveness, pad }, sample: { ...sample, liveness, pad } }
}

function retire(pack: Pack): void {
  for (const network of networksOf(pack)) network.retire()
}

/** What a pack that cannot be used has loaded so far is given back. */
async function warmUpOrRetire(pack: Pack): Promise<void> {
  try {
    await warmUp(pack)
  } catch (error) {
    retire(pack)
    throw error
  }
}

export function createFaceService(options: ServiceOptions): FaceService {
  const { nowMs, newId, onFault } = options
  const lane = new Lane()
  const sessions = new Map<string, LiveSession>()
  const captures = new CaptureStore({ capturesMax: limits.capturesHeldMax, lifeMs: limits.captureLifeMs, nowMs, newId })
  let open: Pack | undefined
  let loading: Promise<unknown> = Promise.resolve()
  let memoryBytesMax = Number.POSITIVE_INFINITY

  const pack = (): Pack => {
    if (open === undefined) throw new VultusError('model.missing', 'no pack is loaded')
    return open
  }
  const answer = <T>(run: () => Promise<T> | T): Promise<Outcome<T>> =>
    outcomeOf(async () => {
      try {
        return await run()
      } catch (error) {
        if (!(error instanceof VultusError) || error.code === 'resource.exhausted') onFault(error)
        throw error
      }
    })
  const sessionOf = (sessionId: string): LiveSession => {
    const session = sessions.get(sessionId)
    if (session === undefined) throw new VultusError('capture.sessionUnknown')
    return session
  }
  const sameFace: SameFace = (first, second, strictly) => {
    const { threshold } = thresholdAt(pack().model.calibration, strictly ? sameFaceFmr.strictly : sameFaceFmr.loosely)
    return first.length === second.length && comparisonScore(first, second) >= threshold
  }
  /** Work on one picture, in its turn. */
  const look = async <T>(picture: Uint8Array, run: () => Promise<T>): Promise<Outcome<T>> => {
    const outcome = await answer(() => lane.run(picture.length, run))
    if (outgrown(memoryBytesMax)) options.onOutgrown()
    return outcome
  }

  const functions: FaceFunctions = {
    load: (asked) =>
      answer(async () => {
        const turn = loading.then(() => swap(asked))
        loading = turn.catch(() => undefined)
        return await turn
      }),
    listPacks: (folders) => answer(() => listPacks(folders)),
    providers: () => answer(() => providersHere()),
    tryProvider: (asked) => answer(() => tryProvider(asked, nowMs)),
    openSession: ({ source, preset, autoCapture, virtualCamera, pitchZero }) =>
      answer(() => {
        pack()
        for (const [oldest, session] of sessions) {
          if (sessions.size < limits.sessionsMax) break
          session.close()
          sessions.delete(oldest)
        }
        const sessionId = SessionId.parse(newId())
        const send = (packet: Parameters<typeof encodeLive>[0]) => options.sendLive(encodeLive(packet))
        const settings = { preset, autoCapture }
        const random = options.random
        sessions.set(
          sessionId,
          new LiveSession({ source, settings, virtualCamera, pitchZero, pack, nowMs, random, sameFace, answer: send }),
        )
        return { sessionId }
      }),
    guideSession: ({ sessionId, preset, autoCapture, exemption }) =>
      answer(() => {
        const guided = sessionOf(sessionId).guideBy({ preset, autoCapture, exemption })
        return { preset: guided.preset, autoCapture: guided.autoCapture }
      }),
    levelSession: ({ sessionId }) =>
      answer(() => {
        const pitchZero = sessionOf(sessionId).level()
        if (pitchZero === undefined) throw new VultusError('capture.notReady')
        return { pitchZero }
      }),
    startChallenge: ({ sessionId, unable }) =>
      answer(() => {
        sessionOf(sessionId).startChallenge(unable)
        return null
      }),
    cancelChallenge: ({ sessionId }) =>
      answer(() => {
        sessionOf(sessionId).cancelChallenge()
        return null
      }),
    closeSession: ({ sessionId }) =>
      answer(() => {
        sessions.get(sessionId)?.close()
        sessions.delete(sessionId)
        return null
      }),
    takeFromSession: ({ sessionId }) => answer(() => lane.run(0, async () => captures.add(await bestOf(sessionId)))),
    captureFromPicture: ({ picture, source }) =>
      look(picture, async () => captures.add(await captureIn(pack(), picture, source, new StageClock(nowMs)))),
    lookAtPicture: ({ picture, source }) => look(picture, () => captureIn(pack(), picture, source, new StageClock(nowMs))),
    holdCapture: (capture) =>
      answer(() => {
        if (capture.sample.model !== pack().model.id) throw new VultusError('request.invalid', 'the capture is of another model')
        return captures.add(capture)
      }),
    evaluate: ({ picture, light }) => look(picture, () => evaluateIn(pack(), picture, light, new StageClock(nowMs))),
    worsened: ({ name }) => answer(() => lane.run(0, () => worsenedIn(pack(), name, nowMs))),
    dropCapture: ({ captureId }) =>
      answer(() => {
        captures.drop(captureId)
        return null
      }),
    takeSample: ({ captureId }) => answer(() => captures.sample(captureId)),
    keepCapture: ({ captureId }) => answer(() => captures.kept(captureId)),
    quality: ({ picture }) => look(picture, () => qualityIn(pack(), picture, new StageClock(nowMs))),
    detect: ({ picture, repeat }) =>
      look(picture, async () => {
        const { value, timings } = await repeated(repeat, nowMs, (clock) => detectIn(pack(), picture, clock))
        return { faces: value, timings }
      }),
    template: ({ picture, aligned, repeat }) =>
      look(picture, async () => {
        const make = aligned ? templateOfAligned : templateIn
        const { value, timings } = await repeated(repeat, nowMs, (clock) => make(pack(), picture, clock))
        return { ...value, timings }
      }),
    drawPortrait: ({ subject, variation }) => answer(async () => ({ picture: await drawPortrait(subject, variation) })),
    process: ({ picture, operations }) =>
      look(picture, () => processPicture(picture, operations, (pixels, sizePx) => alignIn(pack(), pixels, sizePx, new StageClock(nowMs)))),
  }

  /** Looks at drawn faces while nobody asks for anything, so that the first photograph finds networks and code ready. */
  function practise(pack: Pack, runs: number): void {
    if (runs === 0 || open !== pack) return
    const again = (left: number) => setTimeout(() => practise(pack, left), practiceDelayMs).unref()
    if (lane.busy) {
      again(runs)
      return
    }
    lane
      .run(0, () => lookOnce(pack, nowMs))
      .then(
        () => again(runs - 1),
        // Whatever is wrong with the pack is told to whoever asks for a picture.
        () => undefined,
      )
  }

  /** One pack for another: where one is open, the new one has run before it takes over, so that no frame waits for it. */
  async function swap({ packsFolder, importedFolder, packId, provider, threads, bulk }: LoadRequest): Promise<EmbeddingModel> {
    const how = { provider: provider ?? usualLoad.provider, threads: threads ?? usualLoad.threads }
    const runtimes = bulk === true ? runtimesHere(how) : threadRuntimes(how)
    const next = await openPack(packsFolder, packId, importedFolder, runtimes)
    if (open !== undefined) await warmUpOrRetire(next)
    memoryBytesMax = bulk === true ? memoryBytesFor(bytesOf(next)) : Number.POSITIVE_INFINITY
    const last = open
    open = next
    // Templates of another model must not be taken as this one's.
    captures.clear()
    for (const session of sessions.values()) session.forgetTemplates()
    if (last !== undefined) retire(last)
    else if (bulk !== true) setTimeout(() => practise(next, practiceRuns), practiceDelayMs).unref()
    return next.model
  }

  /** The best frame of the last moments as a capture; a frame in which the subject is not found on a second look gives way to the next. */
  async function bestOf(sessionId: string) {
    const session = sessionOf(sessionId)
    if (session.subject === 'ambiguous') throw new VultusError('face.ambiguous')
    let refused = new VultusError('capture.notReady')
    const frames = session.bestFrames(framesTriedMax)
    try {
      for (const jpeg of frames) {
        try {
          return withLiveness(await captureIn(pack(), jpeg, session.source, new StageClock(nowMs), session.pitchZero), session)
        } catch (error) {
          if (!(error instanceof VultusError) || !error.code.startsWith('face.')) throw error
          refused = error
        }
      }
    } finally {
      for (const jpeg of frames) jpeg.fill(0)
    }
    throw refused
  }

  return {
    functions,
    pushFrame(packet) {
      const frame = decodeFrame(packet)
      if (frame === undefined) return
      sessions.get(frame.sessionId)?.push(frame, (error) => {
        // A frame that cannot be decoded is left out: the next one follows at once.
        if (!(error instanceof VultusError) || error.code === 'resource.exhausted') onFault(error)
      })
    },
    sweep() {
      captures.sweep()
      for (const session of sessions.values()) session.sweep()
    },
  }
}
