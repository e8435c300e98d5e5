/** Guidance and challenges over the real face process and the starter pack, with drawn subjects who do what they are asked for. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/contract/errors.ts'
import type { LiveReport } from '../../src/contract/guidance.ts'
import { type ChallengeStep, challengeSteps, type Unable } from '../../src/contract/liveness.ts'
import { challenged, challengeReport, livenessOf, startChallenge, wantsTemplate } from '../../src/core/liveness/challenge.ts'
import type { Movement } from '../../src/core/liveness/steps.ts'
import { drawnSubjects } from '../../src/core/portraitSubjects.ts'
import { liveView, movementView } from '../../src/core/portraitViews.ts'
import { headPoseOf } from '../../src/core/pose/headPose.ts'
import { movementOf } from '../../src/face/frameMeasures.ts'
import { openPack, type Pack } from '../../src/face/packs.ts'
import { decodePicture } from '../../src/face/picture/decode.ts'
import { detectOnce, meshOf } from '../../src/face/pipeline.ts'
import { PixelPyramid } from '../../src/face/pixels.ts'
import { randomOf } from '../support/drawnCrowd.ts'
import { drawnJpeg } from '../support/drawnFrames.ts'
import { packsFolder, starterPackThere } from '../support/facePack.ts'
import { FaceProcess } from '../support/faceProcess.ts'

const settings = { preset: 'enrolment', autoCapture: true, virtualCamera: false, pitchZero: 0 } as const
const framesMax = 2000
/** Frames at the far end of a movement, and on the way there and back. */
const [heldFrames, wayFrames] = [5, 4]
const reactionMs = 400

interface Actor {
  readonly rest: readonly Uint8Array[]
  readonly movements: Readonly<Record<ChallengeStep, readonly Uint8Array[]>>
}

/** Every picture of a drawn subject that a challenge may need. */
async function actorOf(subject: number): Promise<Actor> {
  const parameters = drawnSubjects[subject]!
  // Without the blinks of a live view: 0 to 2 s hold none.
  const rest = await Promise.all(Array.from({ length: 12 }, (_, at) => drawnJpeg(parameters, { ...liveView(at * 80), eyeOpenness: 1 })))
  const movements = {} as Record<ChallengeStep, readonly Uint8Array[]>
  for (const step of challengeSteps) {
    const way = Array.from({ length: wayFrames }, (_, at) => drawnJpeg(parameters, movementView(step, (at + 1) / wayFrames)))
    movements[step] = await Promise.all(way)
  }
  return { rest, movements }
}

/** There, held, and back. */
const framesOf = (way: readonly Uint8Array[]) => [...way, ...Array<Uint8Array>(heldFrames).fill(way.at(-1)!), ...way.toReversed()]

describe.skipIf(!starterPackThere)('a session with a drawn subject (needs the starter pack)', () => {
  let face: FaceProcess
  let actors: readonly [Actor, Actor]

  beforeAll(async () => {
    face = await new FaceProcess().load()
    actors = [await actorOf(0), await actorOf(5)]
  })
  afterAll(() => face.end())

  const open = async (source: 'camera' | 'simulated' = 'simulated') =>
    unwrap(await face.call.openSession({ source, ...settings })).sessionId

  /** Sends a frame and waits for what is said of it. */
  async function show(sessionId: string, jpeg: Uint8Array): Promise<LiveReport> {
    frameNo++
    const answer = face.nextLive()
    face.pushFrame(sessionId, frameNo, jpeg, performance.now())
    return (await answer).report!
  }
  let frameNo = 0

  /** Plays a challenge to its end. @param frames what the subject shows when it is asked for a step */
  async function play(sessionId: string, unable: readonly Unable[], frames: (step: ChallengeStep, asked: number) => readonly Uint8Array[]) {
    unwrap(await face.call.startChallenge({ sessionId, unable }))
    let queue: Uint8Array[] = []
    let done: number | undefined
    let asked = 0
    for (let count = 0; count < framesMax; count++) {
      const report = await show(sessionId, queue.shift() ?? actors[0].rest[count % actors[0].rest.length]!)
      const { liveness } = report
      expect(report.captures).toBe(0)
      if (liveness === null || liveness.state === 'passed' || liveness.state === 'failed') return liveness
      if (liveness.step === null || liveness.done === done) continue
      done = liveness.done
      // A person takes a moment to react, however fast the frames are looked at.
      const untilMs = performance.now() + reactionMs
      for (let at = 0; performance.now() < untilMs; at++) await show(sessionId, actors[0].rest[at % actors[0].rest.length]!)
      queue = [...frames(liveness.step, asked++)]
    }
    return null
  }

  test('passes the challenge, and the capture that follows carries it', async () => {
    const sessionId = await open()
    const ended = await play(sessionId, [], (step) => framesOf(actors[0].movements[step]))
    expect(ended).toMatchObject({ state: 'passed', done: 4, all: 4, failure: null })
    for (const rest of actors[0].rest) await show(sessionId, rest)
    const { captureId, liveness, pad } = unwrap(await face.call.takeFromSession({ sessionId }))
    expect(liveness).toMatchObject({ verdict: 'passed', failure: null, unable: [] })
    expect(liveness.steps.toSorted()).toEqual(['blink', 'nod', 'turnLeft', 'turnRight'])
    // The starter pack has no model for attacks: a challenge alone assesses nothing.
    expect(pad).toBe('notAssessed')
    expect(unwrap(await face.call.takeSample({ captureId })).liveness).toEqual(liveness)
    unwrap(await face.call.closeSession({ sessionId }))
  }, 180_000)

  test('passes without blinking and turning', async () => {
    const sessionId = await open()
    const ended = await play(sessionId, ['blink', 'turn'], (step) => framesOf(actors[0].movements[step]))
    expect(ended).toMatchObject({ state: 'passed', failure: null })
    unwrap(await face.call.closeSession({ sessionId }))
  }, 180_000)

  test('fails for somebody who changes the face on the way', async () => {
    const sessionId = await open()
    // The other face stays: it is told by its template, or, where its measures differ too, never counts as come back.
    const other = Array.from({ length: 60 }, () => actors[1].rest).flat()
    const ended = await play(sessionId, [], (step) => [...framesOf(actors[0].movements[step]), ...other])
    expect(ended?.state).toBe('failed')
    expect(['otherFace', 'timedOut']).toContain(ended?.failure)
    for (const rest of actors[0].rest) await show(sessionId, rest)
    expect(unwrap(await face.call.takeFromSession({ sessionId })).liveness).toMatchObject({ verdict: 'failed', failure: ended?.failure })
    unwrap(await face.call.closeSession({ sessionId }))
  }, 180_000)

  test('fails for somebody who stands in for a movement, for less than a third of a second each time', async () => {
    const sessionId = await open()
    const shown: string[] = []
    const ended = await play(sessionId, [], (step) => {
      shown.push(step)
      const far = actors[1].movements[step].at(-1)!
      return [far, far, far]
    })
    expect(ended?.state).toBe('failed')
    // Nothing that the other did counted: the first step was never done.
    expect([ended?.done, shown.length]).toEqual([0, 1])
    unwrap(await face.call.closeSession({ sessionId }))
  }, 180_000)

  test('fails for a still picture, and for a loop from a camera', async () => {
    const still = await open()
    expect(await play(still, [], () => [])).toMatchObject({ state: 'failed', failure: 'timedOut' })
    unwrap(await face.call.closeSession({ sessionId: still }))
    const looped = await open('camera')
    expect(await play(looped, [], (step) => framesOf(actors[0].movements[step]))).toMatchObject({
      state: 'failed',
      failure: 'repeatedFrames',
    })
    for (const rest of actors[0].rest) await show(looped, rest)
    expect(unwrap(await face.call.takeFromSession({ sessionId: looped })).liveness.injection).toContain('repeatedFrames')
    unwrap(await face.call.closeSession({ sessionId: looped }))
  }, 180_000)

  test('asks for a capture by itself when all is well, and says what is not', async () => {
    const sessionId = await open()
    let report: LiveReport | undefined
    for (let count = 0; count < framesMax && (report?.captures ?? 0) === 0; count++) {
      report = await show(sessionId, actors[0].rest[count % actors[0].rest.length]!)
    }
    expect(report).toMatchObject({ captures: 1, phase: 'captured' })
    expect(report!.checks).toHaveLength(11)
    expect(report!.checks.every(({ verdict }) => verdict !== 'refuse')).toBe(true)
    expect(unwrap(await face.call.guideSession({ sessionId, autoCapture: false }))).toEqual({ preset: 'enrolment', autoCapture: false })
    const turned = actors[0].movements.turnLeft.at(-1)!
    for (let count = 0; count < framesMax && report!.instruction !== 'turnRight'; count++) report = await show(sessionId, turned)
    expect(report).toMatchObject({ instruction: 'turnRight', captures: 1 })
    expect(report!.pose!.yaw).toBeGreaterThan(25)
    expect(report!.checks[0]).toMatchObject({ name: 'facing', verdict: 'refuse' })
    expect(await face.call.levelSession({ sessionId })).toMatchObject({ ok: true })
    unwrap(await face.call.closeSession({ sessionId }))
    expect(await face.call.startChallenge({ sessionId, unable: [] })).toMatchObject({
      ok: false,
      refusal: { code: 'capture.sessionUnknown' },
    })
  }, 180_000)
})

/** What the models see, over a clock of the test's own: how busy the machine is makes no difference. */
describe.skipIf(!starterPackThere)('the movements of every drawn subject (needs the starter pack)', () => {
  const frameMs = 50
  let pack: Pack

  beforeAll(async () => {
    pack = await openPack(packsFolder, 'starter')
  })
  afterAll(async () => {
    await Promise.all([pack.detector, pack.landmarks].map((network) => network.release()))
  })

  async function movementIn(jpeg: Uint8Array): Promise<Movement> {
    const { pixels } = await decodePicture(jpeg, 640)
    const picture = new PixelPyramid(pixels)
    const [detection] = await detectOnce(pack, picture)
    const mesh = await meshOf(pack, picture, detection!)
    return movementOf(mesh!, picture, headPoseOf(mesh!.points, 3))!
  }

  test.each(drawnSubjects.map((_, subject) => [subject] as const))(
    'subject %i passes',
    async (subject) => {
      const actor = await actorOf(subject)
      const seen = async (jpegs: readonly Uint8Array[]) => {
        const movements: Movement[] = []
        for (const jpeg of jpegs) movements.push(await movementIn(jpeg))
        return movements
      }
      const rest = await seen(actor.rest)
      const ways = new Map<ChallengeStep, Movement[]>()
      for (const step of challengeSteps) ways.set(step, await seen(actor.movements[step]))
      let state = startChallenge([], randomOf(subject + 1), 0)
      let asked: { readonly step: ChallengeStep; readonly sinceMs: number } | undefined
      let queue: Movement[] = []
      for (let atMs = 0; atMs < 60_000 && state.phase !== 'ended'; atMs += frameMs) {
        const { step } = challengeReport(state, atMs)
        if (step !== null && step !== asked?.step) asked = { step, sinceMs: atMs }
        if (asked !== undefined && queue.length === 0 && step === asked.step && atMs - asked.sinceMs === 8 * frameMs) {
          const way = ways.get(asked.step)!
          queue = [...way, ...Array<Movement>(heldFrames).fill(way.at(-1)!), ...way.toReversed()]
        }
        const movement = queue.shift() ?? rest[(atMs / frameMs) % rest.length]!
        const sameFace = wantsTemplate(state, movement, atMs) ? true : undefined
        state = challenged(state, { atMs, movement, severalFaces: false, repeatedFrames: false, sameFace })
      }
      expect(livenessOf(state)).toMatchObject({ verdict: 'passed', failure: null })
    },
    60_000,
  )
})
