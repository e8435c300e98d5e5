/**
 * Speed of the face process on this machine, for each pack, beside the libraries that the starter pack came from:
 *
 *   npm run bench:face [-- --json --repeat N --packs starter,standard,resnet100 --plain]
 *
 * Pictures are drawn subjects; a figure is a median over the repeats after a warm-up, of the real process over its port. `cpu` is
 * processor time of all its threads for one picture, which other programs of the machine change little. The standard pack is
 * measured where VULTUS_TEST_DATA names its files. --plain leaves the libraries out.
 */
import { execFile } from 'node:child_process'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import sharp from 'sharp'
import { unwrap } from '../../src/contract/errors.ts'
import type { LoadRequest } from '../../src/contract/processes.ts'
import { drawPortrait } from '../../src/face/drawing.ts'
import { BenchPacks, packsFolder } from './faceParts/benchPacks.ts'
import { FaceChild, latenciesOf } from './faceParts/faceChild.ts'
import type { LibraryRun } from './faceParts/libraries.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    plain: { type: 'boolean', default: false },
    repeat: { type: 'string', default: '20' },
    packs: { type: 'string', default: 'starter,standard,resnet100' },
  },
})
const repeat = Number(values.repeat)
const cores = availableParallelism()
const throughputMs = 3_000
const overlaySeconds = 5
/** Until a process has looked at the drawn faces that it practises on. */
const settleMs = 6_000
const framesPerSecond = 20

const frame = await drawPortrait(0, 0)
const square = new Uint8Array(await sharp(frame).resize(512, 512, { fit: 'cover' }).jpeg({ quality: 92 }).toBuffer())
const photograph = new Uint8Array(await sharp(frame).resize(1600, 1200).jpeg({ quality: 92 }).toBuffer())
const large = new Uint8Array(await sharp(frame).resize(8000, 8000, { fit: 'cover' }).jpeg({ quality: 80 }).toBuffer())
const crop = new Uint8Array(await sharp(frame).extract({ left: 170, top: 90, width: 300, height: 300 }).resize(150, 150).png().toBuffer())

/** Whole pictures a second in so many processes for pictures. */
async function picturesPerSecond(request: LoadRequest, processes: number): Promise<number> {
  const faces = await Promise.all(Array.from({ length: processes }, () => new FaceChild().load({ ...request, bulk: true })))
  const look = (face: FaceChild) => face.call.template({ picture: frame, aligned: false, repeat: 1 })
  await Promise.all(faces.map(look))
  const startedMs = performance.now()
  let pictures = 0
  const work = async (face: FaceChild) => {
    while (performance.now() - startedMs < throughputMs) {
      unwrap(await look(face))
      pictures++
    }
  }
  await Promise.all(faces.map(work))
  const perSecond = (pictures / (performance.now() - startedMs)) * 1000
  for (const face of faces) face.end()
  return perSecond
}

/** A picture as a desk takes it: with all components of quality, its portrait and its template. */
async function captureMedianMs(face: FaceChild, picture: Uint8Array): Promise<number> {
  const took: number[] = []
  for (let count = 0; count <= repeat; count++) {
    const fromMs = performance.now()
    const { captureId } = unwrap(await face.call.captureFromPicture({ picture, source: 'simulated' }))
    took.push(performance.now() - fromMs)
    unwrap(await face.call.dropCapture({ captureId }))
  }
  return latenciesOf(took.slice(1)).medianMs
}

async function measured(packId: string, importedFolder: string) {
  const request: LoadRequest = { packsFolder, importedFolder, packId }
  const face = new FaceChild()
  const startedMs = performance.now()
  await face.load(request)
  const loadMs = performance.now() - startedMs
  const firstFromMs = performance.now()
  unwrap(await face.call.template({ picture: frame, aligned: false, repeat: 1 }))
  const firstPictureMs = performance.now() - firstFromMs
  // A process looks at drawn faces after its start; what is measured here is the desk after its first seconds.
  await sleep(settleMs)
  const detect = unwrap(await face.call.detect({ picture: square, repeat })).timings
  const aligned = unwrap(await face.call.template({ picture: crop, aligned: true, repeat })).timings
  const cpuBefore = face.cpuMs()
  const whole = unwrap(await face.call.template({ picture: frame, aligned: false, repeat })).timings
  const wholeCpuMs = (face.cpuMs() - cpuBefore) / (repeat + 1)
  const photo = unwrap(await face.call.template({ picture: photograph, aligned: false, repeat })).timings
  const [captureMs, photographCaptureMs] = [await captureMedianMs(face, frame), await captureMedianMs(face, photograph)]
  const fps = await face.framesPerSecond(frame, 100)
  const overlay = await face.overlays(frame, framesPerSecond, overlaySeconds)
  const { rssMB, rssPeakMB } = face.memory()
  const largeFromMs = performance.now()
  unwrap(await face.call.captureFromPicture({ picture: large, source: 'simulated' }))
  const largeMs = performance.now() - largeFromMs
  const rssLargePeakMB = face.memory().rssPeakMB
  face.end()
  return {
    pack: packId,
    loadMs,
    firstPictureMs,
    detectMs: detect.detectMs,
    detectTotalMs: detect.totalMs,
    embedMs: aligned.embedMs,
    wholeMs: whole.totalMs,
    wholeCpuMs,
    stages: whole,
    photographMs: photo.totalMs,
    captureMs,
    photographCaptureMs,
    largeMs,
    picturesPerSecond: await picturesPerSecond(request, 1),
    picturesPerSecondAllCores: await picturesPerSecond(request, cores),
    framesPerSecond: fps,
    overlay,
    rssMB,
    rssPeakMB,
    rssLargePeakMB,
  }
}

/** One crop with its mirror image, with one run spread over so many threads. */
async function embedMsAt(packId: string, importedFolder: string, threads: number): Promise<number> {
  const face = await new FaceChild().load({ packsFolder, importedFolder, packId, threads, bulk: true })
  const { timings } = unwrap(await face.call.template({ picture: crop, aligned: true, repeat: Math.min(repeat, 10) }))
  face.end()
  return timings.embedMs
}

async function librariesOwn(): Promise<LibraryRun[]> {
  const script = join(import.meta.dirname, 'faceParts', 'libraries.ts')
  const found: LibraryRun[] = []
  for (const which of ['graphs', 'recognition']) {
    const flags = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning', script, which]
    const { stdout } = await promisify(execFile)(process.execPath, flags, { maxBuffer: 1e7 })
    found.push(...(JSON.parse(stdout.trim().split('\n').at(-1)!) as LibraryRun[]))
  }
  return found
}

const benchPacks = new BenchPacks()
try {
  const ids = benchPacks.make(values.packs.split(','))
  const packs = []
  for (const id of ids) {
    process.stderr.write(`${id} ...\n`)
    packs.push(await measured(id, benchPacks.importedFolder))
    // Whoever breaks it off has what was measured so far.
    process.stderr.write(`${JSON.stringify(packs.at(-1))}\n`)
  }
  const threads: Record<string, number> = {}
  if (ids.includes('resnet100')) {
    for (const count of [1, 2])
      threads[`resnet100 embedding, ${count} thread${count > 1 ? 's' : ''}`] = await embedMsAt(
        'resnet100',
        benchPacks.importedFolder,
        count,
      )
  }
  const report = { cores, load: loadavg()[0], packs, threads, libraries: values.plain ? [] : await librariesOwn() }
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`)
  else print(report)
} finally {
  benchPacks.remove()
}

function print(report: {
  cores: number
  load: number | undefined
  packs: Awaited<ReturnType<typeof measured>>[]
  threads: Record<string, number>
  libraries: LibraryRun[]
}): void {
  const rounded = (record: object) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, typeof value === 'number' ? Number(value.toFixed(1)) : value]))
  console.log(`${report.cores} cores, load ${report.load?.toFixed(1)}`)
  const columns = report.packs.map(({ pack, stages: _, overlay, ...figures }) => [
    pack,
    rounded({
      ...figures,
      overlayMedianMs: overlay.medianMs,
      overlayP95Ms: overlay.p95Ms,
      overlayMaxMs: overlay.maxMs,
      framesReplaced: overlay.replaced,
    }),
  ])
  const names = Object.keys(columns[0]?.[1] ?? {})
  const byPack = new Map(columns as [string, Record<string, unknown>][])
  console.table(
    Object.fromEntries(names.map((name) => [name, Object.fromEntries([...byPack].map(([pack, figures]) => [pack, figures[name]]))])),
  )
  console.table(Object.fromEntries(report.packs.map(({ pack, stages }) => [`${pack}, stages of 640x480`, rounded(stages)])))
  if (Object.keys(report.threads).length > 0) console.table(rounded(report.threads))
  if (report.libraries.length > 0)
    console.table(Object.fromEntries(report.libraries.map(({ network, ...figures }) => [`tfjs ${network}`, rounded(figures)])))
}
