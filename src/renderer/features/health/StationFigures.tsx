/** What the station does now beside the live picture: the newest search, what waits, memory; and all its numbers as a file. */
import { Download } from 'lucide-react'
import { useState } from 'react'
import type { OutputOf } from '../../../contract/table.ts'
import { fill, number, text } from '../../locale/text.ts'
import { saveFile } from '../../ui/saveFile.ts'
import { stationCsv } from './stationCsv.ts'

const csvFile = 'vultus-station.csv'

export interface StationFiguresProps {
  readonly status: OutputOf<'status.get'>
  readonly figures: OutputOf<'station.figures'>
}

export function StationFigures({ status, figures }: StationFiguresProps) {
  const [saved, setSaved] = useState('')
  const { memoryBytes, waitingPictures, search } = figures
  const words = text.station.figures
  return (
    <section className="card pad5 col g3" aria-label={words.title}>
      <div className="row g2 wrap">
        <h2 className="sp">{words.title}</h2>
        <button
          type="button"
          className="btn btn-sm"
          onClick={() => {
            saveFile(csvFile, [stationCsv(status, figures)], 'text/csv')
            setSaved(csvFile)
          }}
        >
          <Download className="i i16" aria-hidden="true" />
          {text.station.export}
        </button>
      </div>
      <dl className="kv">
        <dt>{words.stage}</dt>
        <dd>{search === null ? words.none : words.stages[search.stage]}</dd>
        {search !== null && (
          <>
            <dt>{words.search}</dt>
            <dd>{fill(text.station.ms, { n: Number(search.ms.toFixed(1)) })}</dd>
            <dt>{words.rows}</dt>
            <dd>{number(search.rowsRead)}</dd>
            <dt>{words.loops}</dt>
            <dd>{fill(words.loopsLine, { kernel: search.kernel, threads: search.threads })}</dd>
          </>
        )}
        <dt>{words.waiting}</dt>
        <dd>{number(waitingPictures)}</dd>
        <dt>{words.memory}</dt>
        <dd>{fill(text.station.megabytes, { n: Math.round(memoryBytes / 1e6) })}</dd>
      </dl>
      <p className="sm sec" role="status">
        {saved !== '' && fill(text.station.exported, { file: saved })}
      </p>
    </section>
  )
}
