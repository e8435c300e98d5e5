/** What became of the rows of the newest import: counts, rows with their reasons, a file of them, and those to decide. */
import { useState } from 'react'
import { ImportFilter, ImportOutcome, type ReportedRow } from '../../../contract/bulkImport.ts'
import type { OutputOf } from '../../../contract/table.ts'
import { number } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { type Asked, useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Private } from '../../ui/Private.tsx'
import type { BulkText } from './bulkText.ts'

/** Rows that a page shows; more on demand. */
export const rowsShown = 100

type Report = OutputOf<'import.report'>

export type SaveFile = (name: string, parts: readonly string[], mediaType: string) => void

export interface ImportReportCardProps {
  readonly words: BulkText
  readonly filter: ImportFilter
  readonly onFilter: (filter: ImportFilter) => void
  readonly asked: Asked<Report>
  readonly save: SaveFile
  readonly onDecide: (row: ReportedRow) => void
}

export function ImportReportCard({ words, filter, onFilter, asked, save, onDecide }: ImportReportCardProps) {
  const report = asked.value
  // Another first page is another report: what was shown below the one before it is not shown.
  const [below, setBelow] = useState<{ of?: Report; pages: readonly Report[] }>({ pages: [] })
  const { doing, refusal, run, dismiss } = useDoing()
  if (report === undefined) {
    return asked.refusal?.code === 'job.unknown' ? <p className="sec">{words.none}</p> : <RefusalBanner refusal={asked.refusal} />
  }
  const later = below.of === report ? below.pages : []
  const pages = [report, ...later]
  const { cursor } = pages.at(-1) ?? report
  const job = report.job.id
  const more = (after: number) =>
    void run(async () => {
      const page = await call('import.report', { job, outcome: filter, limit: rowsShown, after })
      setBelow({ of: report, pages: [...later, page] })
    })
  const saveAll = () =>
    void run(async () => {
      const parts: string[] = []
      for (let next: { after: number } | null = { after: 0 }; next !== null; ) {
        const page: OutputOf<'import.export'> = await call('import.export', { job, outcome: filter, ...next })
        parts.push(...page.lines.map((line) => `${line}\r\n`))
        next = page.next
      }
      save('import.csv', parts, 'text/csv')
    })
  return (
    <div className="col g3">
      <ul className="row g3">
        {ImportOutcome.options.map((outcome) => (
          <li className="chip" key={outcome}>
            {words.outcomes[outcome]} <span className="num">{number(report.counts[outcome] ?? 0)}</span>
          </li>
        ))}
      </ul>
      {!report.readable && <p className="sm sec">{words.notReadable}</p>}
      <div className="filters">
        <label className="field">
          <span className="sm">{words.filter}</span>
          <select className="input" value={filter} onChange={(event) => onFilter(ImportFilter.parse(event.target.value))}>
            {ImportFilter.options.map((one) => (
              <option key={one} value={one}>
                {one === 'all' || one === 'notEnrolled' ? words[one] : words.outcomes[one]}
              </option>
            ))}
          </select>
        </label>
        <button type="button" className="btn" disabled={doing} onClick={saveAll}>
          {words.save}
        </button>
      </div>
      <Rows words={words} rows={pages.flatMap(({ rows }) => rows)} onDecide={onDecide} />
      {cursor !== undefined && (
        <button type="button" className="btn" disabled={doing} onClick={() => more(cursor)}>
          {words.more}
        </button>
      )}
      <RefusalBanner refusal={refusal} onClose={dismiss} />
    </div>
  )
}

function Rows(props: { readonly words: BulkText; readonly rows: readonly ReportedRow[]; readonly onDecide: (row: ReportedRow) => void }) {
  const { words, rows, onDecide } = props
  return (
    <table className="tbl">
      <thead>
        <tr>
          {[words.row, words.number, words.name, words.result, words.reason].map((name) => (
            <th scope="col" key={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.row}>
            <td className="num">{number(row.row)}</td>
            <td className="break">
              <Private>{row.number ?? row.picture ?? '–'}</Private>
            </td>
            <td className="break">
              <Private>{row.name ?? '–'}</Private>
            </td>
            <td>{words.outcomes[row.outcome]}</td>
            <td className="break">
              {row.message}
              {row.detail !== null && ` (${row.detail})`}
              {row.outcome === 'suspected' && (
                <button type="button" className="btn" onClick={() => onDecide(row)}>
                  {words.decide}
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
