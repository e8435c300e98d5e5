/**
 * From a picture to the verdict at a large gallery, on the caller's side of the station's door, while somebody else enrols:
 *   node bin/vultus.mjs bench station [--rows 1000000] [--searches N] [--json] [--folder DIR]
 * The vault is filled by the bulk import and kept in --folder for the next time, else it is thrown away. The station, its
 * processes and the starter pack are those of the product.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { VultusError } from '../../src/contract/errors.ts'
import { benchPassphrase } from './matchParts/filledVault.ts'
import { machineOf } from './matchParts/matchReport.ts'
import { type Spread, spreadOf } from './matchParts/spread.ts'
import { dataFolderIn } from './stationParts/dataFolder.ts'
import { drawnPictures } from './stationParts/pictures.ts'
import { type Desk, residentMbOf, startStation } from './stationParts/running.ts'

const pictureCount = 12
const warmUp = 3
const p95MsMax = 1_000
const candidatesMax = 1_000
const readyPauseMs = 100

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    searches: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
    folder: { type: 'string' },
  },
})
const rows = Number(values.rows)
const searches = Number(values.searches)
if (!Number.isInteger(rows) || rows < 1) throw new RangeError(`--rows ${values.rows} should be a whole number`)
if (!Number.isInteger(searches) || searches < 5) throw new RangeError(`--searches ${values.searches} should be a whole number from 5 on`)
const say = (line: string) => void process.stderr.write(`${line}\n`)

/** A question that has to wait for the gallery too long is refused, and the gallery goes on loading. */
async function isReady(desk: Desk): Promise<boolean> {
  try {
    const { references, ready } = await desk.call('gallery.status', {})
    return ready && references >= rows
  } catch (error) {
    if (error instanceof VultusError && (error.code === 'request.timedOut' || error.code === 'gallery.notReady')) return false
    throw error
  }
}

/** Waits until the gallery is there for the first search. */
async function galleryReady(desk: Desk): Promise<void> {
  for (;;) {
    if (await isReady(desk)) return
    await sleep(readyPauseMs)
  }
}

interface Timed {
  readonly totalMs: number
  readonly captureMs: number
  readonly identifyMs: number
}

/** What a search finds: in a large gallery the usual threshold lets one in a thousand through by chance. */
async function candidatesOf(desk: Desk, picture: Uint8Array): Promise<number> {
  const { captureId } = await desk.call('capture.fromPicture', { picture: picture as Uint8Array<ArrayBuffer>, source: 'file' })
  const { candidates } = await desk.call('gallery.identify', { captureId, limit: candidatesMax })
  await desk.call('capture.drop', { captureId })
  return candidates.length
}

async function identified(desk: Desk, picture: Uint8Array): Promise<Timed> {
  const startedMs = performance.now()
  const { captureId } = await desk.call('capture.fromPicture', { picture: picture as Uint8Array<ArrayBuffer>, source: 'file' })
  const capturedMs = performance.now()
  await desk.call('gallery.identify', { captureId })
  const endMs = performance.now()
  await desk.call('capture.drop', { captureId })
  return { totalMs: endMs - startedMs, captureMs: capturedMs - startedMs, identifyMs: endMs - capturedMs }
}

/** Enrols one after the other until it is told to stop. @returns the times of the commits */
async function enrolMeanwhile(desk: Desk, pictures: readonly Uint8Array[], stop: AbortSignal): Promise<number[]> {
  const times: number[] = []
  while (!stop.aborted) {
    const picture = pictures[times.length % pictures.length] as Uint8Array<ArrayBuffer>
    const { captureId } = await desk.call('capture.fromPicture', { picture, source: 'file' })
    const startedMs = performance.now()
    await desk.call('subject.enrol', { id: `N-${Date.now()}-${times.length}`, captureIds: [captureId], allowDuplicate: true })
    times.push(performance.now() - startedMs)
    await desk.call('capture.drop', { captureId })
  }
  return times
}

async function measure(desk: Desk, pictures: readonly Uint8Array[]): Promise<Timed[]> {
  const taken: Timed[] = []
  for (let search = -warmUp; search < searches; search++) {
    const timed = await identified(desk, pictures[(search + warmUp) % pictures.length] as Uint8Array)
    if (search >= 0) taken.push(timed)
  }
  return taken
}

const p95Of = (times: readonly number[]) =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * 0.95))] as number
const shown = (spread: Spread) => `${spread.medianMs.toFixed(0)} ms (p10 ${spread.p10Ms.toFixed(0)}, p90 ${spread.p90Ms.toFixed(0)})`

async function run(parent: string) {
  const pictures = await drawnPictures(pictureCount)
  const dataFolder = await dataFolderIn(parent, rows, pictures, say)
  const startedMs = performance.now()
  const station = await startStation(dataFolder, benchPassphrase)
  try {
    const [desk, other] = [await station.desk(), await station.desk()]
    await galleryReady(desk)
    const gallery_ready_ms = performance.now() - startedMs
    say(`The gallery of ${rows} is ready ${(gallery_ready_ms / 1000).toFixed(1)} s after the start`)
    const candidates = await candidatesOf(desk, pictures[0] as Uint8Array)
    const alone = await measure(desk, pictures)
    const stop = new AbortController()
    const enrolling = enrolMeanwhile(other, pictures, stop.signal)
    const taken = await measure(desk, pictures)
    stop.abort()
    const enrolments = await enrolling
    const { processes } = await desk.call('status.get', {})
    desk.close()
    other.close()
    const of = (list: readonly Timed[], field: keyof Timed) => list.map((timed) => timed[field])
    const total = of(taken, 'totalMs')
    return {
      rows,
      searches,
      gallery_ready_ms: Math.round(gallery_ready_ms),
      p50_ms: spreadOf(total).medianMs,
      p95_ms: p95Of(total),
      alone_p50_ms: spreadOf(of(alone, 'totalMs')).medianMs,
      alone_p95_ms: p95Of(of(alone, 'totalMs')),
      enrolments: enrolments.length,
      candidates,
      spreads: {
        total: spreadOf(total),
        capture: spreadOf(of(taken, 'captureMs')),
        identify: spreadOf(of(taken, 'identifyMs')),
        enrol: spreadOf(enrolments),
      },
      rss_mb: {
        station: residentMbOf(station.pid),
        ...Object.fromEntries(processes.map(({ name, pid }) => [name, residentMbOf(pid)])),
      },
      aims: [{ name: 'picture to verdict, p95 ms', value: p95Of(total), limit: p95MsMax, met: p95Of(total) <= p95MsMax }],
      machine: machineOf(),
    }
  } finally {
    await station.end()
  }
}

const parent = values.folder ?? mkdtempSync(join(tmpdir(), 'vultus-bench-'))
mkdirSync(parent, { recursive: true })
try {
  const report = await run(parent)
  const { spreads } = report
  const lines = [
    `${rows} references, ready ${(report.gallery_ready_ms / 1000).toFixed(1)} s after the start of the station`,
    `picture to verdict while ${report.enrolments} enrolments were committed: p50 ${report.p50_ms.toFixed(0)} ms, p95 ${report.p95_ms.toFixed(0)} ms (limit ${p95MsMax}: ${report.aims[0]?.met === true ? 'met' : 'MISSED'})`,
    `  capture ${shown(spreads.capture)}, identify ${shown(spreads.identify)}, ${report.candidates === candidatesMax ? 'at least ' : ''}${report.candidates} candidates`,
    `with nobody enrolling: p50 ${report.alone_p50_ms.toFixed(0)} ms, p95 ${report.alone_p95_ms.toFixed(0)} ms`,
    `enrolment: ${shown(spreads.enrol)}`,
    `memory, MB: ${JSON.stringify(report.rss_mb)}`,
  ]
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : `${lines.join('\n')}\n`)
} finally {
  if (values.folder === undefined) rmSync(parent, { recursive: true, force: true })
}
