/**
 * The functions of the face process over its state: the open pack, captures and sessions. Time, randomness and the way out for live
 * packets are passed in.
 */
import { type Outcome, outcomeOf, VultusError } from '../contract/errors.ts'
import { decodeFrame, encodeLive } from '../contract/live.ts'
import type { EmbeddingModel, FaceFunctions } from '../contract/processes.ts'
import { limits, SessionId } from '../contract/types.ts'
import { thresholdAt } from '../core/calibration.ts'
import { comparisonScore } from '../core/comparison.ts'
import { fusedPad } from '../core/liveness/fusion.ts'
import { CaptureStore, type NewCapture } from './captures.ts'
import { drawPortrait } from './drawing.ts'
import { evaluateIn } from './evaluating.ts'
import { Lane } from './lane.ts'
import { LiveSession } from './live.ts'
import { alignIn, captureIn, detectIn, qualityIn, templateIn, templateOfAligned } from './looking.ts'
import { listPacks, networksOf, openPack, type Pack } from './packs.ts'
import { processPicture } from './picture/operations.ts'
import { repeated, StageClock } from './stages.ts'
import { warmUp } from './warmUp.ts'

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
}

export interface FaceService {
  readonly functions: FaceFunctions
  /** A frame packet; what is not one, or belongs to no session, is left out. */
  pushFrame(packet: Uint8Array): void
  /** Drops captures and kept frames that are too old; to be called now and then. */
  sweep(): void
}

/** The false match rate at which the face of a challenge and that of a capture are the same. */
const sameFaceFmr = 1e-3
/** Frames that are tried for a capture before the session is said to have none. */
const framesTriedMax = 3

/** A capture with what the challenge of its session said of this face. */
function withLiveness({ summary, sample }: NewCapture, session: LiveSession): NewCapture {
  const liveness = session.livenessFor(sample.template)
  const pad = fusedPad(sample.pad, liveness.verdict)
  return { summary: { ...summary, liveness, pad }, sample: { ...sample, liveness, pad } }
}

export function createFaceService(options: ServiceOptions): FaceService {
  const { nowMs, newId, onFault } = options
  const lane = new Lane()
  const sessions = new Map<string, LiveSession>()
  const captures = new CaptureStore({ capturesMax: limits.capturesHeldMax, lifeMs: limits.captureLifeMs, nowMs, newId })
  let open: Pack | undefined
  let loading: Promise<unknown> = Promise.resolve()

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
  const sameFace = (first: Float32Array, second: Float32Array) =>
    first.length === second.length && comparisonScore(first, second) >= thresholdAt(pack().model.calibration, sameFaceFmr).threshold
  /** Work on one picture, in its turn. */
  const look = <T>(picture: Uint8Array, run: () => Promise<T>): Promise<Outcome<T>> => answer(() => lane.run(picture.length, run))

  const functions: FaceFunctions = {
    load: (asked) =>
      answer(async () => {
        const turn = loading.then(() => swap(asked))
        loading = turn.catch(() => undefined)
        return await turn
      }),
    listPacks: (folders) => answer(() => listPacks(folders)),
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
    guideSession: ({ sessionId, preset, autoCapture }) => answer(() => sessionOf(sessionId).guideBy({ preset, autoCapture })),
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
    evaluate: ({ picture, light }) => look(picture, () => evaluateIn(pack(), picture, light, new StageClock(nowMs))),
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

  /** One pack for another: where one is open, the new one has run before it takes over, so that no frame waits for it. */
  async function swap({ packsFolder, importedFolder, packId }: Parameters<FaceFunctions['load']>[0]): Promise<EmbeddingModel> {
    const next = await openPack(packsFolder, packId, importedFolder)
    if (open !== undefined) await warmUp(next)
    const last = open
    open = next
    // Templates of another model must not be taken as this one's.
    captures.clear()
    for (const session of sessions.values()) session.forgetTemplates()
    if (last !== undefined) for (const network of networksOf(last)) network.retire()
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
