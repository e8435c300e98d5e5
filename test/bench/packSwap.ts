/**
 * What a change of packs costs while frames run: node bin/vultus.mjs bench packSwap --imported DIR --pack ID [--swaps N] [--json].
 * Frames are sent as soon as the one before was answered; the packs change there and back. Memory is that of the face process, Linux only.
 */
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { unwrap } from '../../src/contract/errors.ts'
import { openLink } from '../../src/contract/link.ts'
import { encodeFrame } from '../../src/contract/live.ts'
import { type FaceFunctions, processEnvironment } from '../../src/contract/processes.ts'

const project = join(import.meta.dirname, '..', '..')
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    imported: { type: 'string' },
    pack: { type: 'string', default: 'starter' },
    swaps: { type: 'string', default: '3' },
  },
})
const packsFolder = join(project, 'models', 'packs')
const framesBefore = 40
const settleMs = 2_000

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

const rssMB = () => {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024)
  } catch {
    return Number.NaN
  }
}

unwrap(await face.load({ packsFolder, packId: 'starter' }))
const jpeg = unwrap(await face.drawPortrait({ subject: 0, variation: 0 })).picture
const { sessionId } = unwrap(
  await face.openSession({ source: 'simulated', preset: 'enrolment', autoCapture: false, virtualCamera: false, pitchZero: 0 }),
)
let frameNo = 0
let answered = 0
const frame = async () => {
  const startedMs = performance.now()
  const answer = new Promise<void>((resolve) => {
    onLive = resolve
  })
  child.send(encodeFrame({ sessionId, frameNo: frameNo++, capturedAtMs: 0, jpeg }) as unknown as object)
  await answer
  answered++
  return performance.now() - startedMs
}
for (let count = 0; count < framesBefore; count++) await frame()

/** Frames while a pack is loaded; the longest one, and the highest memory. */
async function swapTo(packId: string) {
  // The embedding of the pack before is in memory too, as at a desk that has just enrolled somebody.
  unwrap(await face.template({ picture: jpeg, aligned: false, repeat: 1 }))
  const rssBeforeMB = rssMB()
  const usualMs: number[] = []
  for (let count = 0; count < framesBefore; count++) usualMs.push(await frame())
  let over = false
  let rssPeakMB = 0
  const startedMs = performance.now()
  const swap = face.load({ packsFolder, importedFolder: values.imported, packId }).then((outcome) => {
    unwrap(outcome)
    over = true
    return performance.now() - startedMs
  })
  const duringMs: number[] = []
  while (!over) {
    duringMs.push(await frame())
    rssPeakMB = Math.max(rssPeakMB, rssMB())
  }
  const swapMs = await swap
  for (let count = 0; count < framesBefore; count++) {
    duringMs.push(await frame())
    rssPeakMB = Math.max(rssPeakMB, rssMB())
  }
  await sleep(settleMs)
  return {
    to: packId,
    swapMs,
    frames: duringMs.length,
    frameMsMedianBefore: usualMs.sort((a, b) => a - b)[usualMs.length >> 1]!,
    frameMsMaxDuring: Math.max(...duringMs),
    rssBeforeMB,
    rssPeakMB,
    rssAfterMB: rssMB(),
  }
}

const swaps: Awaited<ReturnType<typeof swapTo>>[] = []
for (let count = 0; count < Number(values.swaps); count++) swaps.push(await swapTo(count % 2 === 0 ? values.pack : 'starter'))
child.kill()
const report = { sent: frameNo, answered, swaps }
if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`)
else {
  console.log(`${answered} of ${frameNo} frames answered`)
  console.table(
    swaps.map((swap) =>
      Object.fromEntries(Object.entries(swap).map(([name, value]) => [name, typeof value === 'number' ? Math.round(value) : value])),
    ),
  )
}
