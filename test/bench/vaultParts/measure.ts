/** Times with their spread, and how they are told. */

/** The vault, or the same work of SQLite with nothing encrypted or sealed. */
export type Kind = 'vault' | 'plain'

export interface Measured {
  readonly what: string
  readonly kind: Kind
  readonly runs: number
  readonly medianMs: number
  /** The tenth and the ninetieth percentile. */
  readonly p10Ms: number
  readonly p90Ms: number
  readonly maxMs: number
  /** What the median has to stay below; undefined for what is only told or compared with. */
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

export function measured(what: string, kind: Kind, timesMs: readonly number[], limitMs?: number): Measured {
  const sorted = [...timesMs].sort((left, right) => left - right)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number
  const times = { runs: sorted.length, medianMs: at(0.5), p10Ms: at(0.1), p90Ms: at(0.9), maxMs: at(1) }
  return { what, kind, ...times, ...(limitMs === undefined ? {} : { limitMs }) }
}

const shown = (ms: number) => (ms < 1 ? ms.toFixed(3) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0))
const verdictOf = ({ medianMs, limitMs }: Measured) => (limitMs === undefined ? '' : medianMs <= limitMs ? 'met' : 'MISSED')

/** A line for each measurement of the vault, with what plain SQLite takes and how many times that it is. */
export function tableOf(results: readonly Measured[]): string {
  const head = ['ms, median', 'runs', 'vault', 'p10', 'p90', 'max', 'limit', '', 'plain', 'p10', 'p90', 'ratio']
  const lines = results
    .filter(({ kind }) => kind === 'vault')
    .map((row) => {
      const plain = results.find(({ what, kind }) => kind === 'plain' && what === row.what)
      const limit = row.limitMs === undefined ? '' : String(row.limitMs)
      const vault = [String(row.runs), ...[row.medianMs, row.p10Ms, row.p90Ms, row.maxMs].map(shown), limit, verdictOf(row)]
      if (plain === undefined) return [row.what, ...vault, '', '', '', '']
      const ratio = (row.medianMs / plain.medianMs).toFixed(1)
      return [row.what, ...vault, ...[plain.medianMs, plain.p10Ms, plain.p90Ms].map(shown), ratio]
    })
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => (line[column] as string).length)))
  const padded = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number)
  return [head, ...lines].map((line) => line.map(padded).join('  ').trimEnd()).join('\n')
}
