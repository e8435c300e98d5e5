/** What was done by day: enrolments, verifications, why some were refused, and every number as a file. */
import { Download } from 'lucide-react'
import { useMemo, useState } from 'react'
import { isErrorCode } from '../../../contract/errors.ts'
import type { Named } from '../../../contract/named.ts'
import type { Analytics } from '../../../contract/rows/analytics.ts'
import { analyticsCsv, yearAhead } from '../../../core/analytics.ts'
import { reasonWords } from '../../locale/errors/words.ts'
import { nameOf } from '../../locale/names.ts'
import { fill, number, text } from '../../locale/text.ts'
import { useAsked } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { saveFile } from '../../ui/saveFile.ts'
import { DayChart, type DaySeries } from './DayChart.tsx'

const choices = [7, 30, 90, 366] as const
const csvFile = 'vultus-days.csv'

export function DaysCard() {
  const [days, setDays] = useState<number>(30)
  const [saved, setSaved] = useState('')
  const asked = useAsked('analytics.days', { days })
  const counted = asked.value
  return (
    <section className="card pad5 col g4" aria-label={text.days.title}>
      <div className="row g3 wrap">
        <h2 className="sp">{text.days.title}</h2>
        <label className="choice">
          <span className="sr">{text.days.span}</span>
          <select className="in" value={days} onChange={(event) => setDays(Number(event.target.value))}>
            {choices.map((one) => (
              <option key={one} value={one}>
                {fill(text.days.last, { n: one })}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="btn btn-sm"
          disabled={counted === undefined}
          onClick={() => {
            if (counted === undefined) return
            saveFile(csvFile, [analyticsCsv(counted, (who) => whoEnrolled(counted.named, who))], 'text/csv')
            setSaved(csvFile)
          }}
        >
          <Download className="i i16" aria-hidden="true" />
          {text.station.export}
        </button>
      </div>
      <RefusalBanner refusal={asked.refusal} />
      {counted === undefined ? asked.refusal === undefined && <p className="sec">{text.office.loading}</p> : <Counted counted={counted} />}
      <p className="sm sec" role="status">
        {saved !== '' && fill(text.station.exported, { file: saved })}
      </p>
    </section>
  )
}

function Counted({ counted }: { readonly counted: Analytics }) {
  const days = useMemo(() => counted.days.map(({ day }) => day), [counted])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language, which draws everything again
  const [enrolments, verifications] = useMemo(() => seriesOf(counted), [counted, text])
  const ahead = yearAhead(counted.days)
  return (
    <>
      {!counted.complete && <p className="sec">{text.days.incomplete}</p>}
      <Legend series={enrolments} />
      <DayChart days={days} series={enrolments} words={text.days.enrolments} />
      <Legend series={verifications} />
      <DayChart days={days} series={verifications} words={text.days.verifications} />
      <Sums counted={counted} />
      <p className="sm sec">{fill(text.days.ahead, { n: ahead })}</p>
    </>
  )
}

function seriesOf({ days }: Analytics): readonly [readonly DaySeries[], readonly DaySeries[]] {
  const of = (field: 'enrolled' | 'enrolRefused' | 'match' | 'nonMatch' | 'inconclusive') => days.map((day) => day[field])
  return [
    [
      { words: text.days.enrolled, colour: '--d1', values: of('enrolled') },
      { words: text.days.enrolRefused, colour: '--d3', dash: [6, 4], values: of('enrolRefused') },
    ],
    [
      { words: text.verify.match.word, colour: '--d1', values: of('match') },
      { words: text.verify.nonMatch.word, colour: '--d3', dash: [6, 4], values: of('nonMatch') },
      { words: text.verify.inconclusive.word, colour: '--d4', dash: [2, 3], values: of('inconclusive') },
    ],
  ]
}

const lines = { '--d1': 'solid', '--d3': 'dashed', '--d4': 'dotted' } as const

function Legend({ series }: { readonly series: readonly DaySeries[] }) {
  return (
    <div className="legend sm wrap" aria-hidden="true">
      {series.map(({ words, colour }) => (
        <span className="row g2" key={words}>
          <span className={`legend-line ${lines[colour]}`} /> {words}
        </span>
      ))}
    </div>
  )
}

/** The account or program that enrolled, by its name. */
const whoEnrolled = (named: readonly Named[], who: string) => (who === '' ? text.days.nobody : nameOf(named, who))

function Sums({ counted: { days, reasons, operators, named } }: { readonly counted: Analytics }) {
  const sum = (field: Exclude<keyof Analytics['days'][number], 'day'>) => days.reduce((all, day) => all + day[field], 0)
  const tried = sum('match') + sum('nonMatch') + sum('inconclusive')
  const rows: readonly (readonly [key: string, words: string, value: string])[] = [
    ['enrolled', text.days.enrolled, number(sum('enrolled'))],
    ['enrolRefused', text.days.enrolRefused, number(sum('enrolRefused'))],
    ['verified', text.days.verifications, number(tried)],
    ['match', text.verify.match.word, number(sum('match'))],
    ['nonMatch', text.verify.nonMatch.word, number(sum('nonMatch'))],
    ['inconclusive', text.verify.inconclusive.word, number(sum('inconclusive'))],
    ['identified', text.days.identified, number(sum('identified'))],
    ['erased', text.days.erased, number(sum('erased'))],
    ...Object.entries(reasons).map(
      ([code, n]) => [`reason ${code}`, `${text.days.reason} ${isErrorCode(code) ? reasonWords(code) : code}`, number(n)] as const,
    ),
    ...Object.entries(operators).map(
      ([who, n]) => [`by ${who}`, fill(text.days.by, { name: whoEnrolled(named, who) }), number(n)] as const,
    ),
  ]
  return (
    <table className="tbl">
      <caption className="sr">{text.days.sums}</caption>
      <thead>
        <tr>
          <th scope="col">{text.days.sums}</th>
          <th scope="col">{text.days.count}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([key, words, value]) => (
          <tr key={key}>
            <th scope="row">{words}</th>
            <td className="num">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
