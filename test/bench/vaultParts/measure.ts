/** Times with their spread, and how they are told. */

export interface Measured {
  readonly what: string
  readonly subject: string
  readonly runs: number
  readonly medianMs: number
  /** The tenth and the ninetieth percentile. */
  readonly p10Ms: number
  readonly p90Ms: number
  /** What it has to stay below; undefined for what is only compared with. */
  readonly limitMs?: number
}

export function timeMs(run: () => void): number {
  const startMs = performance.now()
  run()
  return performance.now() - startMs
}

export async function timeMsOf(run: () => Promise<void>): Promise<number> {
  const startMs = performance.now()
  await run()
  return performance.now() - startMs
}

export function measured(what: string, subject: string, timesMs: readonly number[], limitMs?: number): Measured {
  const sorted = [...timesMs].sort((left, right) => left - right)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number
  const times = { runs: sorted.length, medianMs: at(0.5), p10Ms: at(0.1), p90Ms: at(0.9) }
  return { what, subject, ...times, ...(limitMs === undefined ? {} : { limitMs }) }
}

const shown = (ms: number) => (ms < 1 ? ms.toFixed(4) : ms < 100 ? ms.toFixed(2) : ms.toFixed(0))

/** One line for each measurement, in columns. */
export function tableOf(rows: readonly Measured[]): string {
  const head = ['what', 'of', 'runs', 'median ms', 'p10', 'p90', 'limit', '']
  const lines = rows.map((row) => [
    row.what,
    row.subject,
    String(row.runs),
    shown(row.medianMs),
    shown(row.p10Ms),
    shown(row.p90Ms),
    row.limitMs === undefined ? '' : String(row.limitMs),
    row.limitMs === undefined ? '' : row.medianMs <= row.limitMs ? 'met' : 'MISSED',
  ])
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => (line[column] as string).length)))
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] as number))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
