/** The drawn subjects through the networks of the starter pack: found, steady, distinct, and alive. */
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { portraitSvg } from '../../src/core/portrait.ts'
import type { PortraitView } from '../../src/core/portraitParameters.ts'
import { drawnSubjects } from '../../src/core/portraitSubjects.ts'
import { frontalView, liveView, viewOf } from '../../src/core/portraitViews.ts'
import { type BuiltPack, builtPack } from '../support/builtPack.ts'
import { cosine, drawn, eyeAspect, planes, type Seen, StarterPipeline, warped, yawProxy } from '../support/starterPipeline.ts'

/** The threshold of the starter calibration for a false match rate of one in a thousand is 0.935. */
const impostorMax = 0.92
const mateMin = 0.97
const variations = [0, 1, 2, 3]
const testData = process.env.VULTUS_TEST_DATA

let pack: BuiltPack
let pipeline: StarterPipeline
/** By subject and variation. */
let seen: Seen[][]

const look = async (subject: number, view: PortraitView) => pipeline.look(await drawn(portraitSvg(drawnSubjects[subject]!, view)))

beforeAll(async () => {
  pack = await builtPack()
  pipeline = await StarterPipeline.load(pack.folder)
  seen = []
  for (const subject of drawnSubjects.keys()) {
    const row: Seen[] = []
    for (const variation of variations) row.push(await look(subject, viewOf(variation)))
    seen.push(row)
  }
}, 300_000)

afterAll(async () => {
  await pipeline.close()
  await pack.remove()
})

test('there are at least eight, and every one is found in every view', () => {
  expect(drawnSubjects.length).toBeGreaterThanOrEqual(8)
  seen.forEach((row, subject) => {
    row.forEach(({ detectionScore, presence }, variation) => {
      expect(detectionScore, `subject ${subject}, variation ${variation}`).toBeGreaterThan(0.7)
      expect(presence, `subject ${subject}, variation ${variation}`).toBeGreaterThan(0.995)
    })
  })
})

test('every one is recognised in other views', () => {
  seen.forEach(([enrolled, ...others], subject) => {
    others.forEach((other, i) => {
      expect(cosine(enrolled!.template, other.template), `subject ${subject}, variation ${i + 1}`).toBeGreaterThanOrEqual(mateMin)
    })
  })
})

test('no two are taken for one another, whatever the views', () => {
  seen.forEach((row, subject) => {
    for (const [other, otherRow] of seen.slice(0, subject).entries()) {
      for (const one of row) {
        for (const two of otherRow) {
          expect(cosine(one.template, two.template), `subjects ${subject} and ${other}`).toBeLessThan(impostorMax)
        }
      }
    }
  })
})

test('a subject before the camera is recognised while it sways, and its blink is seen', { timeout: 120_000 }, async () => {
  const times = Array.from({ length: 240 }, (_, i) => i * 20)
  const closed = times.find((tMs) => liveView(tMs).eyeOpenness < 0.05)
  const open = times.filter((tMs) => liveView(tMs).eyeOpenness === 1)
  expect(closed).toBeDefined()
  const openEyes = await look(0, liveView(open[50]!))
  const closedEyes = await look(0, liveView(closed!))
  expect(cosine(seen[0]![0]!.template, openEyes.template)).toBeGreaterThanOrEqual(mateMin)
  expect(eyeAspect(closedEyes.points)).toBeLessThan(0.7 * eyeAspect(openEyes.points))
})

test('a turn of the head is seen, and grows with its angle', { timeout: 120_000 }, async () => {
  const turns = [-28, -14, 0, 14, 28]
  const proxies: number[] = []
  for (const yaw of turns) proxies.push(yawProxy((await look(1, { ...frontalView, yaw })).points))
  for (const [i, proxy] of proxies.slice(1).entries()) expect(proxy).toBeGreaterThan(proxies[i]!)
  expect(proxies[0]).toBeLessThan(-0.25)
  expect(Math.abs(proxies[2]!)).toBeLessThan(0.06)
  expect(proxies[4]).toBeGreaterThan(0.25)
})

test.skipIf(!testData)('YuNet finds every one too (needs VULTUS_TEST_DATA)', { timeout: 120_000 }, async () => {
  const session = await InferenceSession.create(join(testData!, 'models/yunet_n_640_640.onnx'), { intraOpNumThreads: 1 })
  const input = { width: 640, height: 640, mean: [0, 0, 0], scale: [1, 1, 1] }
  for (const [subject, parameters] of drawnSubjects.entries()) {
    const rgb = warped(await drawn(portraitSvg(parameters)), [1, 0, 0, 0, 1, 0], 640, 640)
    const bgr = rgb.map((_, i) => rgb[i - (i % 3) + 2 - (i % 3)]!)
    const outputs = await session.run({ input: new Tensor('float32', planes(bgr, input), [1, 3, 640, 640]) })
    const scores = [8, 16, 32].flatMap((stride) => {
      const [cls, obj] = [outputs[`cls_${stride}`]!.data as Float32Array, outputs[`obj_${stride}`]!.data as Float32Array]
      return Array.from(cls, (value, i) => Math.sqrt(value * obj[i]!))
    })
    expect(Math.max(...scores), `subject ${subject}`).toBeGreaterThan(0.6)
  }
  await session.release()
})
