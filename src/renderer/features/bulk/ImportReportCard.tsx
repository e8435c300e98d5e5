/** What became of the rows of the newest import: counts, rows with their reasons, a file of them, and those to decide. */
import { useState } from 'react'
import { ImportFilter, ImportOutcome, type ReportedRow } from '../../../contract/bulkImport.ts'
import { isErrorCode } from '../../../contract/errors.ts'
import type { OutputOf } from '../../../contract/table.ts'
import { errorRemedy, reasonWords } from '../../locale/errors/words.ts'
import { fill, number, text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { type Asked, useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Private } from '../../ui/Private.tsx'

/** Rows that a page shows; more on demand. */
export const rowsShown = 100

type Report = OutputOf<'import.report'>

export interface ImportReportCardProps {
  readonly filter: ImportFilter
  readonly onFilter: (filter: ImportFilter) => void
  readonly asked: Asked<Report>
  readonly onSave: () => void
  readonly onDecide: (row: ReportedRow) => void
}

export function ImportReportCard({ filter, onFilter, asked, onSave, onDecide }: ImportReportCardProps) {
  const report = asked.value
  // Another first page is another report: what was shown below the one before it is not shown.
  const [below, setBelow] = useState<{ of?: Report; pages: readonly Report[] }>({ pages: [] })
  const { doing, refusal, run, dismiss } = useDoing()
  if (report === undefined) {
    return asked.refusal?.code === 'job.unknown' ? <p className="sec">{text.bulk.none}</p> : <RefusalBanner refusal={asked.refusal} />
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
  return (
    <div className="col g3">
      {/* What stands below is from before then. */}
      <RefusalBanner refusal={asked.refusal} />
      <ul className="bulk-counts">
        {ImportOutcome.options.map((outcome) => (
          <li className="chip" key={outcome}>
            {text.bulk.outcomes[outcome]} <span className="num">{number(report.counts[outcome] ?? 0)}</span>
          </li>
        ))}
      </ul>
      {!report.readable && <p className="sm sec">{text.bulk.notReadable}</p>}
      <div className="filters">
        <label className="field">
          <span className="sm">{text.bulk.filter}</span>
          <select className="in" value={filter} onChange={(event) => onFilter(ImportFilter.parse(event.target.value))}>
            {ImportFilter.options.map((one) => (
              <option key={one} value={one}>
                {one === 'all' || one === 'notEnrolled' ? text.bulk[one] : text.bulk.outcomes[one]}
              </option>
            ))}
          </select>
        </label>
        <button type="button" className="btn" disabled={doing} onClick={onSave}>
          {text.bulk.save}
        </button>
      </div>
      <Rows rows={pages.flatMap(({ rows }) => rows)} onDecide={onDecide} />
      {cursor !== undefined && (
        <button type="button" className="btn" disabled={doing} onClick={() => more(cursor)}>
          {text.bulk.more}
        </button>
      )}
      <RefusalBanner refusal={refusal} onClose={dismiss} />
    </div>
  )
}

function Rows(props: { readonly rows: readonly ReportedRow[]; readonly onDecide: (row: ReportedRow) => void }) {
  const { rows, onDecide } = props
  return (
    <table className="tbl">
      <thead>
        <tr>
          {[text.bulk.row, text.bulk.number, text.bulk.name, text.bulk.result, text.bulk.reason].map((name) => (
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
            <td className="nowrap">
              <Private>{row.number ?? row.picture ?? '–'}</Private>
            </td>
            <td className="bulk-name">
              <Private>{row.name ?? '–'}</Private>
            </td>
            <td>{text.bulk.outcomes[row.outcome]}</td>
            <td className="break">
              <span className="block">{reasonOf(row)}</span>
              {row.outcome === 'suspected' && (
                <button
                  type="button"
                  className="btn btn-sm"
                  aria-label={`${text.bulk.decide}: ${fill(text.bulk.ofRow, { row: row.row })}`}
                  onClick={() => onDecide(row)}
                >
                  {text.bulk.decide}
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Why a row is not enrolled and what to do, in the language of the window. */
function reasonOf({ code, message, remedy, detail, outcome }: ReportedRow): string {
  if (message === null) return ''
  // What is to be done with who looks alike is the button beside it, and no command.
  const todo = outcome === 'suspected' ? '' : code !== null && isErrorCode(code) ? errorRemedy(code) : (remedy ?? '')
  const words = `${code !== null && isErrorCode(code) ? reasonWords(code) : message} ${todo}`.trim()
  return detail === null ? words : `${words} (${detail})`
}
