/** What the bench tells: fields for machines, a table for people, and what was aimed at. */
import { cpus } from 'node:os'
import type { KindReport } from './runKind.ts'
import type { Spread } from './spread.ts'

const round = (value: number, digits = 3) => Number(value.toFixed(digits))

/** Medians as `NAME_ms`; null where something was not measured. */
const medianOf = (spreads: Readonly<Record<string, Spread>>, name: string) =>
  spreads[name] === undefined ? null : round(spreads[name].medianMs, 4)

const ratioOf = (one: number | null, other: number | null) => (one === null || other === null || other === 0 ? null : round(one / other))

export interface Aim {
  readonly name: string
  readonly value: number
  readonly limit: number
  readonly met: boolean
}

const atMost = (name: string, value: number | null, limit: number): Aim[] =>
  value === null ? [] : [{ name, value, limit, met: value <= limit }]
const atLeast = (name: string, value: number | null, limit: number): Aim[] =>
  value === null ? [] : [{ name, value, limit, met: value >= limit }]

/** The report of one kind of templates, the headline's figures first. */
export function fieldsOf(report: KindReport, dimension: number) {
  const { headline, threads, threshold, lost, memory, small } = report
  const of = (name: string) => medianOf(headline.spreads, name)
  return {
    rows: headline.rows,
    dim: dimension,
    threads,
    threshold: round(threshold, 6),
    stream_ms: of('stream'),
    flat_ms: of('flat'),
    provable_ms: of('provable'),
    usearch_i8_ms: of('usearch_i8'),
    usearch_f32_ms: of('usearch_f32'),
    batch32_ms: of('batch32'),
    usearch_batch32_ms: of('usearch_batch32'),
    survivors: headline.survivors,
    lost: lost.lost,
    rss_mb: memory.residentMb,
    rss_peak_mb: memory.peakMb,
    survivors_max: headline.survivorsMax,
    stage: headline.stage,
    kernel: report.kernel,
    port_ms: of('port'),
    stream_1t_ms: of('stream_1t'),
    flat_1t_ms: of('flat_1t'),
    provable_1t_ms: of('provable_1t'),
    batch32_1t_ms: of('batch32_1t'),
    usearch_i8_1t_ms: of('usearch_i8_1t'),
    comparison_us: round((small.comparison?.medianMs ?? 0) * 1000),
    comparisons1000_ms: medianOf(small, 'comparisons1000'),
    add_ms: medianOf(small, 'add'),
    delete_ms: medianOf(small, 'delete'),
    load_ms: round(report.loadMs, 0),
    probes: lost.probes,
    checked: lost.checked,
    invented: lost.invented,
    mates_above: lost.matesAbove,
    spreads: { ...headline.spreads, ...small },
    ...(report.usearchMissing === undefined ? {} : { usearch_missing: report.usearchMissing }),
  }
}
export type Fields = ReturnType<typeof fieldsOf>

/** How the cost grows with the gallery. */
export const growthOf = (report: KindReport) =>
  report.sizes.map(({ rows, spreads, survivors, stage }) => ({
    rows,
    stage,
    stream_ms: medianOf(spreads, 'stream'),
    flat_ms: medianOf(spreads, 'flat'),
    provable_ms: medianOf(spreads, 'provable'),
    batch32_ms: medianOf(spreads, 'batch32'),
    usearch_i8_ms: medianOf(spreads, 'usearch_i8'),
    usearch_f32_ms: medianOf(spreads, 'usearch_f32'),
    survivors,
    provable_ns_per_row: round(((spreads.provable?.medianMs ?? 0) * 1e6) / rows),
  }))

/** The aims that a run of a million rows is judged by; of other sizes the same ratios, without what needs more sizes. */
export function aimsOf(fields: Fields, growth: ReturnType<typeof growthOf>, starter: Fields | undefined): Aim[] {
  const million = growth.find(({ rows }) => rows === 1_000_000)
  const more = growth.find(({ rows }) => rows === 4_000_000)
  return [
    ...atMost('flat / stream', ratioOf(fields.flat_ms, fields.stream_ms), 1.1),
    ...atMost('provable / stream', ratioOf(fields.provable_ms, fields.stream_ms), 0.6),
    ...atLeast('usearch exact int8 / provable', ratioOf(fields.usearch_i8_ms, fields.provable_ms), 2.7),
    ...atLeast('usearch batch of 32 / batch of 32', ratioOf(fields.usearch_batch32_ms, fields.batch32_ms), 9),
    ...atMost('lost matches', fields.lost, 0),
    ...(fields.rows === 1_000_000 ? atMost('memory of the matcher, MB', fields.rss_mb, 650) : []),
    ...atMost('cost per row at 4M / 1M', ratioOf(more?.provable_ns_per_row ?? null, million?.provable_ns_per_row ?? null), 1.15),
    ...(starter === undefined ? [] : atMost('starter distribution / face-like', ratioOf(starter.provable_ms, fields.provable_ms), 1)),
  ]
}

export const machineOf = () => ({
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
})

const shown = (ms: number) => (ms < 1 ? ms.toFixed(4) : ms < 100 ? ms.toFixed(2) : ms.toFixed(0))

function columns(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length))) ?? []
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const titles: Readonly<Record<string, string>> = {
  stream: 'stream of the int8 rows (the floor)',
  flat: 'flat int8',
  provable: 'search (provable stages)',
  batch32: 'batch of 32',
  port: 'search over the port of the matcher process',
  usearch_i8: 'usearch exact int8',
  usearch_f32: 'usearch exact float32',
  usearch_batch32: 'usearch exact int8, batch of 32',
  comparison: 'one comparison',
  comparisons1000: '1,000 comparisons',
  add: 'add a row',
  delete: 'delete a row',
}
const titleOf = (name: string, threads: number) => {
  const alone = name.endsWith('_1t')
  const title = titles[alone ? name.slice(0, -3) : name] ?? name
  return alone
    ? `${title}, 1 thread`
    : `${title}${name in titles && !['comparison', 'comparisons1000', 'add', 'delete'].includes(name) ? `, ${threads} threads` : ''}`
}

/** The headline's times with their spread. */
export function timesTable({ spreads, threads }: Fields): string {
  const rows = Object.entries(spreads).map(([name, { runs, medianMs, p10Ms, p90Ms }]) => [
    titleOf(name, threads),
    String(runs),
    shown(medianMs),
    shown(p10Ms),
    shown(p90Ms),
  ])
  return columns([['what', 'runs', 'median ms', 'p10', 'p90'], ...rows])
}

export function growthTable(growth: ReturnType<typeof growthOf>): string {
  const cell = (value: number | null) => (value === null ? '-' : shown(value))
  const rows = growth.map((size) => [
    String(size.rows),
    cell(size.stream_ms),
    cell(size.flat_ms),
    cell(size.provable_ms),
    cell(size.batch32_ms),
    cell(size.usearch_i8_ms),
    cell(size.usearch_f32_ms),
    String(size.survivors),
    size.stage,
  ])
  return columns([['rows', 'stream', 'flat', 'search', 'batch of 32', 'usearch int8', 'usearch float32', 'survivors', 'stage'], ...rows])
}

export function aimsTable(aims: readonly Aim[]): string {
  return columns([
    ['aim', 'is', 'limit', ''],
    ...aims.map(({ name, value, limit, met }) => [name, String(value), String(limit), met ? 'met' : 'MISSED']),
  ])
}
