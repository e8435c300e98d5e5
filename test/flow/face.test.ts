import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/contract/errors.ts'
import { packsFolder, starterPackThere } from '../support/facePack.ts'
import { FaceProcess } from '../support/faceProcess.ts'

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * b[index]!, 0)

/** Two or more pictures side by side on one canvas. */
async function beside(
  parts: readonly { picture: Uint8Array; left: number; top: number; width: number; blur?: number }[],
  width: number,
  height: number,
) {
  const overlays = await Promise.all(
    parts.map(async ({ picture, left, top, width: partWidth, blur }) => {
      const scaled = sharp(picture).resize({ width: partWidth })
      return { input: await (blur === undefined ? scaled : scaled.blur(blur)).png().toBuffer(), left, top }
    }),
  )
  return await sharp({ create: { width, height, channels: 3, background: '#9fb0bf' } })
    .composite(overlays)
    .jpeg({ quality: 92 })
    .toBuffer()
}

describe.skipIf(!starterPackThere)('the face process (needs the starter pack)', () => {
  let face: FaceProcess
  const drawn = async (subject: number, variation: number) => unwrap(await face.call.drawPortrait({ subject, variation })).picture
  const capture = async (picture: Uint8Array) => unwrap(await face.call.captureFromPicture({ picture, source: 'simulated' }))
  const codeOf = async (picture: Uint8Array) => {
    const outcome = await face.call.captureFromPicture({ picture, source: 'file' })
    return outcome.ok ? 'accepted' : outcome.refusal.code
  }

  beforeAll(async () => {
    face = await new FaceProcess().load()
  })
  afterAll(() => face.end())

  test('finds a drawn face, makes its template and knows it again', async () => {
    const [enrolled, again, other] = await Promise.all([drawn(0, 0), drawn(0, 3), drawn(1, 0)])
    const summaries = [await capture(enrolled), await capture(again), await capture(other)]
    const samples = await Promise.all(summaries.map(async ({ captureId }) => unwrap(await face.call.takeSample({ captureId }))))
    const [first, second, third] = samples.map(({ template }) => template) as [Float32Array, Float32Array, Float32Array]
    expect(cosine(first, first)).toBeCloseTo(1, 5)
    expect(cosine(first, second)).toBeGreaterThan(0.97)
    expect(cosine(first, third)).toBeLessThan(cosine(first, second) - 0.02)
    expect(samples[0]).toMatchObject({ captureSource: 'simulated', pad: 'notAssessed', model: expect.stringMatching(/^starter@/) })
    expect(summaries[0]).toMatchObject({ width: 640, height: 480, facesInPicture: 1 })
    expect(summaries[0]!.quality.qualityScore).toBeGreaterThan(0.5)
    const portrait = await sharp(summaries[0]!.sample).metadata()
    expect(portrait).toMatchObject({ format: 'jpeg' })
    expect(portrait.exif).toBeUndefined()
  })

  test('gives boxes and landmarks in pixels of the upright original, whatever its size and orientation', async () => {
    const picture = await drawn(0, 0)
    const large = await sharp(picture).resize(2560).rotate(-90).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const [plain] = unwrap(await face.call.detect({ picture, repeat: 1 })).faces
    const [scaled] = unwrap(await face.call.detect({ picture: large, repeat: 1 })).faces
    for (const name of ['left_eye', 'right_eye', 'nose', 'left_mouth', 'right_mouth'] as const)
      for (const axis of [0, 1] as const) expect(Math.abs(scaled!.landmarks[name][axis] / 4 - plain!.landmarks[name][axis])).toBeLessThan(3)
    expect(plain!.landmarks.left_eye[0]).toBeLessThan(plain!.landmarks.right_eye[0])
    expect(plain!.landmarks.left_mouth[0]).toBeLessThan(plain!.landmarks.right_mouth[0])
    expect(plain!.landmarks.nose[1]).toBeGreaterThan(plain!.landmarks.left_eye[1])
  })

  test('makes the same template of a picture and of its aligned face', async () => {
    const picture = await drawn(0, 0)
    const whole = unwrap(await face.call.template({ picture, aligned: false, repeat: 1 }))
    const operations = [{ type: 'align', size: 150 } as const, { type: 'convert', format: 'png', quality: 90 } as const]
    const aligned = unwrap(await face.call.process({ picture, operations })).picture!
    const again = unwrap(await face.call.template({ picture: aligned, aligned: true, repeat: 3 }))
    expect(cosine(whole.template, again.template)).toBeGreaterThan(0.999)
    expect(again.detectionScore).toBe(1)
    expect(again.timings.detectMs).toBe(0)
    expect(again.timings.embedMs).toBeGreaterThan(0)
  })

  test('chooses the subject by size, sharpness and place together', async () => {
    const [subject, bystander] = [await drawn(0, 0), await drawn(1, 0)]
    const own = unwrap(await face.call.template({ picture: subject, aligned: false, repeat: 1 })).template
    const chosen = async (picture: Uint8Array) => unwrap(await face.call.template({ picture, aligned: false, repeat: 1 })).template
    const blurred = await beside(
      [
        { picture: bystander, left: 0, top: 0, width: 820, blur: 6 },
        { picture: subject, left: 820, top: 100, width: 640 },
      ],
      1460,
      620,
    )
    expect(unwrap(await face.call.detect({ picture: blurred, repeat: 1 })).faces.length).toBeGreaterThan(1)
    expect(cosine(await chosen(blurred), own)).toBeGreaterThan(0.96)
    const small = await beside(
      [
        { picture: subject, left: 60, top: 60, width: 800 },
        { picture: bystander, left: 920, top: 20, width: 260 },
      ],
      1200,
      720,
    )
    expect(cosine(await chosen(small), own)).toBeGreaterThan(0.96)
    const equal = await beside(
      [
        { picture: subject, left: 0, top: 0, width: 640 },
        { picture: bystander, left: 640, top: 0, width: 640 },
      ],
      1280,
      480,
    )
    expect(await codeOf(equal)).toBe('face.ambiguous')
  })

  test('answers bad pictures with their code and goes on', async () => {
    const plain = await sharp({ create: { width: 512, height: 512, channels: 3, background: '#777777' } })
      .png()
      .toBuffer()
    expect(await codeOf(plain)).toBe('face.none')
    expect(unwrap(await face.call.detect({ picture: plain, repeat: 2 })).faces).toEqual([])
    expect(await codeOf(new Uint8Array())).toBe('picture.empty')
    expect(await codeOf(new TextEncoder().encode('no picture'))).toBe('picture.undecodable')
    expect(await codeOf((await drawn(0, 0)).subarray(0, 4000))).toBe('picture.truncated')
    expect(await codeOf(await drawn(0, 0))).toBe('accepted')
  })

  test('looks at a picture of 64 megapixels and stays small', async () => {
    const huge = await sharp(await drawn(0, 0))
      .resize(8000, 8000, { fit: 'cover' })
      .jpeg({ quality: 80, progressive: true })
      .toBuffer()
    const summary = await capture(huge)
    expect(summary).toMatchObject({ width: 8000, height: 8000 })
    expect(summary.box.width).toBeGreaterThan(1000)
  }, 60_000)

  test('follows a face through frames and takes the best of them', async () => {
    const { sessionId } = unwrap(
      await face.call.openSession({ source: 'simulated', preset: 'enrolment', autoCapture: false, virtualCamera: false, pitchZero: 0 }),
    )
    expect(await face.call.takeFromSession({ sessionId })).toMatchObject({ ok: false, refusal: { code: 'capture.notReady' } })
    const frames = [await drawn(0, 0), await drawn(0, 0)]
    for (let frameNo = 0; frameNo < 20; frameNo++) {
      face.pushFrame(sessionId, frameNo, frames[frameNo % 2]!)
      const packet = await face.nextLive()
      expect(packet).toMatchObject({ sessionId, frameNo, width: 640, height: 480 })
      expect(packet.faces[0]?.points).toHaveLength(936)
    }
    const { captureId, captureSource } = unwrap(await face.call.takeFromSession({ sessionId }))
    expect(captureSource).toBe('simulated')
    const live = unwrap(await face.call.takeSample({ captureId })).template
    const still = unwrap(await face.call.template({ picture: frames[0]!, aligned: false, repeat: 1 })).template
    expect(cosine(live, still)).toBeGreaterThan(0.99)
    face.pushFrame(sessionId, 99, new TextEncoder().encode('a broken frame'))
    face.pushFrame(
      sessionId,
      100,
      await sharp({ create: { width: 640, height: 480, channels: 3, background: '#777777' } })
        .jpeg()
        .toBuffer(),
    )
    // The face is gone: after the landmarks are lost nobody is shown.
    expect((await face.nextLive()).faces).toEqual([])
    unwrap(await face.call.closeSession({ sessionId }))
    expect(await face.call.takeFromSession({ sessionId })).toMatchObject({ ok: false, refusal: { code: 'capture.sessionUnknown' } })
  })

  test('shows nobody as the subject while two are close', async () => {
    const { sessionId } = unwrap(
      await face.call.openSession({ source: 'camera', preset: 'enrolment', autoCapture: false, virtualCamera: false, pitchZero: 0 }),
    )
    const pair = await beside(
      [
        { picture: await drawn(0, 0), left: 0, top: 0, width: 640 },
        { picture: await drawn(1, 0), left: 640, top: 0, width: 640 },
      ],
      1280,
      480,
    )
    face.pushFrame(sessionId, 1, pair)
    const packet = await face.nextLive()
    expect(packet.faces.map(({ points }) => points.length)).toEqual([0, 0])
    expect(await face.call.takeFromSession({ sessionId })).toMatchObject({ ok: false, refusal: { code: 'face.ambiguous' } })
  })

  test('forgets a dropped capture and knows no other', async () => {
    const { captureId } = await capture(await drawn(0, 0))
    unwrap(await face.call.dropCapture({ captureId }))
    expect(await face.call.takeSample({ captureId })).toMatchObject({ ok: false, refusal: { code: 'capture.unknown' } })
    expect(await face.call.drawPortrait({ subject: -1, variation: 0 })).toMatchObject({ ok: false, refusal: { code: 'request.invalid' } })
  })
})

describe('the life of the face process', () => {
  test('answers before a pack is there, and names a pack that is not', async () => {
    const face = new FaceProcess()
    const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#777777' } })
      .png()
      .toBuffer()
    expect(await face.call.detect({ picture, repeat: 1 })).toMatchObject({ ok: false, refusal: { code: 'model.missing' } })
    expect(await face.call.load({ packsFolder: join(packsFolder, 'absent'), packId: 'starter' })).toMatchObject({
      ok: false,
      refusal: { code: 'model.unknown' },
    })
    await face.end()
  })

  test('ends when its parent lets go of the port', async () => {
    const face = new FaceProcess()
    await face.call.listPacks({ packsFolder })
    face.child.disconnect()
    expect(await face.exited).toBe(0)
  })
})
