/**
 * Speed of the matcher, beside the machine's memory and usearch, with every lost match counted:
 *   npm run bench:match                                   every size from 1,000 rows to 4,000,000, both kinds of templates, HNSW, hand-over
 *   node bin/vultus.mjs bench match --rows N --dim D --json   one size
 * What is compared is measured in turns: judge by the ratios, since machines are noisy. --save puts the picture into docs/images. The
 * whole is made of parts (face-like, starter, hnsw, hand-over), each kept in out/bench/match-parts when it is done: --only NAME stops after
 * one of them, --resume takes those that are kept.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureHandOver } from './matchParts/handOver.ts'
import { measureHnsw } from './matchParts/hnsw.ts'
import { KeptParts } from './matchParts/keptParts.ts'
import { aimsOf, aimsTable, fieldsOf, growthOf, growthTable, machineOf, timesTable } from './matchParts/matchReport.ts'
import { latencyPicture } from './matchParts/picture.ts'
import { sizesThatFit } from './matchParts/room.ts'
import { runKind } from './matchParts/runKind.ts'
import { type TemplateKind, templatesOf, thresholdAtRate } from './matchParts/templates.ts'

const project = join(import.meta.dirname, '../..')
const allSizes = [1_000, 10_000, 100_000, 1_000_000, 4_000_000]
const headlineOfAll = 1_000_000
const hnswRows = 100_000
const handOverRows = 100_000
const starterRate = 1e-3

const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    /** Sizes for a trial of the whole bench, as 1000,10000. */
    sizes: { type: 'string' },
    dim: { type: 'string', default: '512' },
    threads: { type: 'string' },
    /** Score; 0.35 for face-like templates, the one of 1 in 1,000 for the starter's where it is left out. */
    threshold: { type: 'string' },
    kind: { type: 'string', default: 'face-like' },
    rounds: { type: 'string', default: '15' },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    only: { type: 'string' },
    resume: { type: 'boolean', default: false },
  },
})

const say = (line: string) => void process.stderr.write(`${line}\n`)

function wholeNumber(name: string, text: string, least: number): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < least) throw new RangeError(`--${name} ${text} should be a whole number from ${least} on`)
  return number
}

const rounds = wholeNumber('rounds', values.rounds, 3)
const threads = values.threads === undefined ? availableParallelism() : wholeNumber('threads', values.threads, 1)
if (values.kind !== 'face-like' && values.kind !== 'starter') throw new RangeError('--kind is face-like or starter')

function kindRun(kind: TemplateKind, dimension: number, sizes: readonly number[], headline: number) {
  const templates = templatesOf(kind, dimension)
  const usual = kind === 'face-like' ? 0.35 : thresholdAtRate(templates, starterRate)
  const threshold = values.threshold === undefined ? usual : Number(values.threshold)
  if (!Number.isFinite(threshold)) throw new RangeError(`--threshold ${values.threshold} should be a number`)
  // Far below the threshold there are enough matches to lose.
  const lowerThreshold = kind === 'face-like' ? Math.min(threshold, 0.22) : undefined
  return runKind({ templates, milestones: sizes, headline, threads, threshold, lowerThreshold, rounds, say })
}

async function oneSize(rows: number) {
  const dimension = wholeNumber('dim', values.dim, 8)
  const room = sizesThatFit([rows], dimension, rows)
  if (room.sizes.length === 0) throw new RangeError(room.leftOut.join('; '))
  const report = await kindRun(values.kind as TemplateKind, dimension, [rows], rows)
  const fields = fieldsOf(report, dimension)
  const aims = aimsOf(fields, [], undefined)
  return { answer: { ...fields, aims, machine: machineOf() }, text: [timesTable(fields), aimsTable(aims)] }
}

async function everySize() {
  const dimension = wholeNumber('dim', values.dim, 8)
  const asked = values.sizes?.split(',').map((text) => wholeNumber('sizes', text, 1)) ?? allSizes
  const room = sizesThatFit(
    [...asked].sort((a, b) => a - b),
    dimension,
    headlineOfAll,
  )
  for (const line of room.leftOut) say(line)
  if (room.sizes.length === 0) throw new RangeError('No size of the gallery fits into this machine')
  const headline = room.sizes.findLast((rows) => rows <= headlineOfAll) ?? (room.sizes[0] as number)
  const parts = new KeptParts({
    folder: join(project, 'out/bench/match-parts'),
    options: { dimension, sizes: room.sizes, threads, rounds, threshold: values.threshold ?? null },
    resume: values.resume,
    say,
  })
  const faceLike = templatesOf('face-like', dimension)
  const make = {
    'face-like': () => kindRun('face-like', dimension, room.sizes, headline),
    starter: () => kindRun('starter', 128, [headline], headline),
    hnsw: async () => (await measureHnsw(faceLike, Math.min(hnswRows, headline), say)) ?? null,
    'hand-over': () => measureHandOver(faceLike, Math.min(handOverRows, headline), say),
  } as const
  if (values.only !== undefined) {
    const only = Object.keys(make).find((name): name is keyof typeof make => name === values.only)
    if (only === undefined) throw new RangeError(`--only is one of ${Object.keys(make).join(', ')}`)
    return { answer: await parts.make<unknown>(only, make[only]), text: [`${only} is done; --resume makes the rest`] }
  }
  const report = await parts.make('face-like', make['face-like'])
  const starterReport = await parts.make('starter', make.starter)
  const hnsw = await parts.make('hnsw', make.hnsw)
  const handOver = await parts.make('hand-over', make['hand-over'])
  const fields = fieldsOf(report, dimension)
  const starter = fieldsOf(starterReport, 128)
  const growth = growthOf(report)
  const aims = aimsOf(fields, growth, starter)
  savePicture(growth, dimension)
  const answer = { ...fields, growth, starter, hnsw, hand_over: handOver, left_out: room.leftOut, aims, machine: machineOf() }
  const lines = [
    `${fields.rows} x ${dimension}, face-like, threshold ${fields.threshold}, kernel ${fields.kernel}`,
    timesTable(fields),
    'How the cost grows:',
    growthTable(growth),
    `${starter.rows} x 128, starter distribution, threshold ${starter.threshold}`,
    timesTable(starter),
    ...(hnsw?.efforts ?? []).map(
      ({ effort, recall, search }) =>
        `usearch HNSW at ${hnsw?.rows} rows, effort ${effort}: ${search.medianMs.toFixed(2)} ms, ${(recall * 100).toFixed(1)} % of the mates found`,
    ),
    `hand-over of ${handOver.rows} rows from segments: ${handOver.handOver.medianMs.toFixed(0)} ms`,
    `lost: ${fields.lost} of ${fields.checked} (face-like), ${starter.lost} of ${starter.checked} (starter); memory ${fields.rss_mb} MB`,
    aimsTable(aims),
  ]
  return { answer, text: lines }
}

function savePicture(growth: ReturnType<typeof growthOf>, dimension: number): void {
  const curve = (
    name: string,
    colour: string,
    dashed: boolean,
    field: 'stream_ms' | 'flat_ms' | 'provable_ms' | 'usearch_i8_ms' | 'usearch_f32_ms',
  ) => ({
    name,
    colour,
    dashed,
    points: growth.flatMap(({ rows, [field]: ms }) => (ms === null ? [] : [{ rows, ms }])),
  })
  const curves = [
    curve('usearch exact, float32', '#d55e00', true, 'usearch_f32_ms'),
    curve('usearch exact, int8', '#e69f00', true, 'usearch_i8_ms'),
    curve('reading the int8 rows (the floor of a flat scan)', '#8a929e', true, 'stream_ms'),
    curve('Vultus, flat int8', '#56b4e9', false, 'flat_ms'),
    curve('Vultus, provable search: no match lost', '#009e73', false, 'provable_ms'),
  ].filter(({ points }) => points.length > 0)
  const picture = latencyPicture('One search of the whole gallery', `${dimension} dimensions, ${threads} threads, median`, curves)
  const places = [join(project, 'out/bench'), ...(values.save ? [join(project, 'docs/images')] : [])]
  for (const folder of places) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'matcher-latency.svg'), picture)
  }
}

const { answer, text } = values.rows === undefined ? await everySize() : await oneSize(wholeNumber('rows', values.rows, 1))
mkdirSync(join(project, 'out/bench'), { recursive: true })
const json = `${JSON.stringify(answer, null, 2)}\n`
if (values.only === undefined) writeFileSync(join(project, 'out/bench/match.json'), json)
process.stdout.write(values.json ? json : `${text.join('\n\n')}\n`)
