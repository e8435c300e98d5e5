/** The figures of the window as lines to read. */
import type { Interactions } from './interactions.ts'
import type { LargeList } from './largeList.ts'
import type { Held } from './memory.ts'
import type { Overlays } from './overlays.ts'

export interface DeskReport {
  readonly node: string
  readonly cores: number
  readonly loadBefore: readonly number[]
  readonly loadAfter: readonly number[]
  readonly screens?: readonly Interactions[] | undefined
  readonly overlays?: Overlays | undefined
  readonly memory?: readonly Held[] | undefined
  readonly subjects?: LargeList | undefined
}

const columns = (rows: readonly (readonly (string | number)[])[]): string => {
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => String(row[at]).length))) ?? []
  return rows
    .map((row) =>
      row
        .map((cell, at) => String(cell).padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
const interactionRow = ({ screen, count, p95Ms, worstMs, worst }: Interactions) => [
  screen,
  count,
  p95Ms,
  worstMs,
  worst.replaceAll(/\s+/g, ' '),
]

export function tableOf({ screens, overlays, memory, subjects, node, cores, loadBefore, loadAfter }: DeskReport): string {
  const shown: string[] = []
  const head = ['screen', 'interactions', 'p95 ms', 'worst ms', 'the worst']
  if (screens !== undefined) shown.push(columns([head, ...screens.map(interactionRow)]))
  if (overlays !== undefined) shown.push(`overlays: ${overlays.perSecond} a second over ${overlays.seconds} s`)
  if (memory !== undefined) {
    const rows = memory.map(({ verifications, heapMb, buffersMb, nodes, listeners, residentMb, neededMb, elapsedS }) => [
      verifications,
      heapMb,
      buffersMb,
      residentMb ?? 'not told',
      neededMb ?? 'not told',
      nodes,
      listeners,
      elapsedS,
    ])
    shown.push(columns([['verifications', 'heap MB', 'buffers MB', 'resident MB', 'needed MB', 'nodes', 'listeners', 'after s'], ...rows]))
  }
  if (subjects !== undefined) {
    const { find, scroll, keys } = subjects
    shown.push(
      columns([
        [`of ${subjects.rows} subjects`, 'median ms', 'p95 ms', 'worst ms', 'counted'],
        ['from the last letter to the rows', find.medianMs, find.p95Ms, find.worstMs, `${find.searches} searches`],
        [
          'between two pictures, wheel turning',
          scroll.medianMs,
          scroll.p95Ms,
          scroll.worstMs,
          `${scroll.pictures} pictures, ${scroll.rowsPassed} rows`,
        ],
      ]),
      columns([head, interactionRow(keys)]),
    )
  }
  const load = (loads: readonly number[]) => loads.map((one) => one.toFixed(1)).join(' ')
  return `${shown.join('\n\n')}\n\n${cores} cores, Node ${node}, load ${load(loadBefore)} before, ${load(loadAfter)} after\n`
}
