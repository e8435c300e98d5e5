/** Times with their spread, and how they are told. */

/** The vault, or the same work of SQLite with nothing encrypted or sealed. */
export type Kind = 'vault' | 'plain'

/** How long something took, and how much time of processors it took in this process: on a busy machine less than the first. */
export interface Time {
  readonly ms: number
  readonly processorMs: number
}

export interface Measured {
  readonly what: string
  readonly kind: Kind
  readonly runs: number
  readonly medianMs: number
  readonly processorMedianMs: number
  /** The tenth and the ninetieth percentile. */
  readonly p10Ms: number
  readonly p90Ms: number
  readonly maxMs: number
  /** What the median has to stay below; undefined for what is only told or compared with. */
  readonly limitMs?: number
}

export function timeOf(run: () => void): Time {
  const before = process.cpuUsage()
  const startMs = performance.now()
  run()
  return timeSince(startMs, before)
}

export async function timeOfAsync(run: () => Promise<void>): Promise<Time> {
  const before = process.cpuUsage()
  const startMs = performance.now()
  await run()
  return timeSince(startMs, before)
}

function timeSince(startMs: number, before: NodeJS.CpuUsage): Time {
  const ms = performance.now() - startMs
  const { user, system } = process.cpuUsage(before)
  return { ms, processorMs: (user + system) / 1000 }
}

export function measured(what: string, kind: Kind, times: readonly Time[], limitMs?: number): Measured {
  const at = (values: readonly number[], share: number) => values[Math.min(values.length - 1, Math.floor(values.length * share))] as number
  const sortedOf = (take: (time: Time) => number) => times.map(take).sort((left, right) => left - right)
  const ms = sortedOf((time) => time.ms)
  const spread = { p10Ms: at(ms, 0.1), p90Ms: at(ms, 0.9), maxMs: at(ms, 1) }
  const processorMedianMs = at(
    sortedOf((time) => time.processorMs),
    0.5,
  )
  return { what, kind, runs: ms.length, medianMs: at(ms, 0.5), processorMedianMs, ...spread, ...(limitMs === undefined ? {} : { limitMs }) }
}

const shown = (ms: number) => (ms < 1 ? ms.toFixed(3) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0))
const verdictOf = ({ medianMs, limitMs }: Measured) => (limitMs === undefined ? '' : medianMs <= limitMs ? 'met' : 'MISSED')

/** A line for each measurement of the vault, with what plain SQLite takes and how many times that it is. */
export function tableOf(results: readonly Measured[]): string {
  const head = ['ms, median', 'runs', 'vault', 'p10', 'p90', 'max', 'processor', 'limit', '', 'plain', 'p10', 'p90', 'ratio']
  const lines = results
    .filter(({ kind }) => kind === 'vault')
    .map((row) => {
      const plain = results.find(({ what, kind }) => kind === 'plain' && what === row.what)
      const limit = row.limitMs === undefined ? '' : String(row.limitMs)
      const vault = [
        String(row.runs),
        ...[row.medianMs, row.p10Ms, row.p90Ms, row.maxMs, row.processorMedianMs].map(shown),
        limit,
        verdictOf(row),
      ]
      if (plain === undefined) return [row.what, ...vault, '', '', '', '']
      const ratio = (row.medianMs / plain.medianMs).toFixed(1)
      return [row.what, ...vault, ...[plain.medianMs, plain.p10Ms, plain.p90Ms].map(shown), ratio]
    })
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => (line[column] as string).length)))
  const padded = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number)
  return [head, ...lines].map((line) => line.map(padded).join('  ').trimEnd()).join('\n')
}
