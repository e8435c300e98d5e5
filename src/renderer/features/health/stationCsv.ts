import type { OutputOf } from '../../../contract/table.ts'

/** Every number of the station as a table for other programs: RFC 4180, points as decimal signs in every language. */
export function stationCsv({ uptime_s, gallery, processes }: OutputOf<'status.get'>, figures: OutputOf<'station.figures'>): string {
  const { memoryBytes, waitingPictures, search } = figures
  const rows: readonly (readonly [what: string, value: string | number])[] = [
    ['what', 'value'],
    ['uptime_s', Math.round(uptime_s)],
    ['gallery references', gallery.references],
    ['gallery change', gallery.sequence],
    ...processes.map(({ name, restarts }) => [`${name} restarts`, restarts] as const),
    ['station memory bytes', memoryBytes],
    ['pictures waiting', waitingPictures],
    ...(search === null
      ? []
      : ([
          ['search stage', search.stage],
          ['search kernel', search.kernel],
          ['search threads', search.threads],
          ['search rows read', search.rowsRead],
          ['search survivors', search.survivors],
          ['search ms', search.ms],
        ] as const)),
  ]
  return `${rows.map((row) => row.join(',')).join('\r\n')}\r\n`
}
