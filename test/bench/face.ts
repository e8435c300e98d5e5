/**
 * Speed of the face process on this machine: node test/bench/face.ts [--json] [--repeat N] [--packs DIR] [--imported DIR] [--pack ID].
 * Pictures are drawn subjects; each figure is a median over the repeats after a warm-up, of the real process over its port.
 */
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { unwrap } from '../../src/contract/errors.ts'
import { openLink } from '../../src/contract/link.ts'
import { encodeFrame } from '../../src/contract/live.ts'
import { type FaceFunctions, processEnvironment } from '../../src/contract/processes.ts'
import type { Timings } from '../../src/contract/rows/face.ts'

const project = join(import.meta.dirname, '..', '..')
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    repeat: { type: 'string', default: '20' },
    packs: { type: 'string' },
    pack: { type: 'string', default: 'starter' },
    imported: { type: 'string' },
  },
})
const repeat = Number(values.repeat)
const framesMeasured = 200

const child = fork(join(project, 'src', 'face', 'process.ts'), {
  serialization: 'advanced',
  env: { ...process.env, ...processEnvironment },
})
let onCall: (message: unknown) => void = () => undefined
let onLive: () => void = () => undefined
child.on('message', (message) => (message instanceof Uint8Array ? onLive() : onCall(message)))
const face = openLink<FaceFunctions, object>(
  {
    post: (message) => void child.send(message as object),
    onMessage: (listener) => {
      onCall = listener
    },
  },
  {},
  { timeoutMs: 0 },
) as unknown as FaceFunctions

/** Resident memory of the process in MB, now and at its highest; only Linux tells. */
function memory(): { rssMB: number | null; rssPeakMB: number | null } {
  const read = (field: string) => {
    try {
      const kilobytes = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
      return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024)
    } catch {
      return null
    }
  }
  return { rssMB: read('VmRSS'), rssPeakMB: read('VmHWM') }
}

/** Frames a second when each is sent as soon as the one before was answered. */
async function framesPerSecond(jpeg: Uint8Array): Promise<number> {
  const { sessionId } = unwrap(
    await face.openSession({ source: 'simulated', preset: 'enrolment', autoCapture: false, virtualCamera: false, pitchZero: 0 }),
  )
  const push = (frameNo: number) =>
    new Promise<void>((resolve) => {
      onLive = resolve
      child.send(encodeFrame({ sessionId, frameNo, capturedAtMs: 0, jpeg }) as unknown as object)
    })
  for (let frameNo = 0; frameNo < 20; frameNo++) await push(frameNo)
  const startedMs = performance.now()
  for (let frameNo = 0; frameNo < framesMeasured; frameNo++) await push(frameNo)
  const perSecond = (framesMeasured / (performance.now() - startedMs)) * 1000
  unwrap(await face.closeSession({ sessionId }))
  return perSecond
}

/** Milliseconds from a 64-megapixel picture's arrival to its capture. */
async function largePictureMs(picture: Uint8Array): Promise<number> {
  const startedMs = performance.now()
  unwrap(await face.captureFromPicture({ picture, source: 'simulated' }))
  return performance.now() - startedMs
}

const startedMs = performance.now()
unwrap(
  await face.load({ packsFolder: values.packs ?? join(project, 'models', 'packs'), packId: values.pack, importedFolder: values.imported }),
)
const loadMs = performance.now() - startedMs
const frame = unwrap(await face.drawPortrait({ subject: 0, variation: 0 })).picture
const square = await sharp(frame).resize(512, 512, { fit: 'cover' }).jpeg({ quality: 92 }).toBuffer()
const photograph = await sharp(frame).resize(1600, 1200).jpeg({ quality: 92 }).toBuffer()
const large = await sharp(frame).resize(8000, 8000, { fit: 'cover' }).jpeg({ quality: 80 }).toBuffer()

const stages: Record<string, Timings> = {
  'detect 512x512': unwrap(await face.detect({ picture: square, repeat })).timings,
  'embed 512x512': unwrap(await face.template({ picture: square, aligned: false, repeat })).timings,
  'embed 640x480': unwrap(await face.template({ picture: frame, aligned: false, repeat })).timings,
  'embed 1600x1200': unwrap(await face.template({ picture: photograph, aligned: false, repeat })).timings,
}
const settled = memory()
const live = await framesPerSecond(frame)
const largeMs = await largePictureMs(large)
const report = {
  stages,
  picturesPerSecond: 1000 / stages['embed 640x480']!.totalMs,
  framesPerSecond: live,
  loadMs,
  largePictureMs: largeMs,
  ...settled,
  rssPeakMB: memory().rssPeakMB,
}
child.kill()

if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`)
else {
  const rounded = (timings: Timings) => Object.fromEntries(Object.entries(timings).map(([stage, ms]) => [stage, Number(ms.toFixed(1))]))
  console.table(Object.fromEntries(Object.entries(stages).map(([name, timings]) => [name, rounded(timings)])))
  const { stages: _, ...others } = report
  console.table(Object.fromEntries(Object.entries(others).map(([name, value]) => [name, value === null ? null : Number(value.toFixed(1))])))
}
