/** Two packs on the same pictures: errors at every threshold, distributions, time, and where they disagree; every number as a file. */
import { Download } from 'lucide-react'
import { useState } from 'react'
import type { ModelComparison, PackListed } from '../../../contract/rows/model.ts'
import { comparisonCsv } from '../../../core/comparisonCsv.ts'
import { fill, number, text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { PlaceField } from '../../ui/PlaceField.tsx'
import { saveFile } from '../../ui/saveFile.ts'
import { DetChart } from './DetChart.tsx'
import { Histogram } from './Histogram.tsx'

const csvFile = 'vultus-comparison.csv'

export function ComparePacks({ packs }: { readonly packs: readonly PackListed[] }) {
  const [chosenFirst, setFirst] = useState<string>()
  const [chosenSecond, setSecond] = useState<string>()
  // Packs come and go while this is shown: what is not there (any more) is replaced by one that is.
  const idOf = (wanted: string | undefined) => packs.find(({ id }) => id === wanted)?.id
  const first = idOf(chosenFirst) ?? packs[0]?.id ?? ''
  const second = idOf(chosenSecond) ?? packs.find(({ id }) => id !== first)?.id ?? ''
  const [folder, setFolder] = useState('')
  const [found, setFound] = useState<ModelComparison>()
  const { doing, refusal, run, dismiss } = useDoing()
  const chosen = second !== '' && first !== second
  const compare = () =>
    void run(async () => {
      const from = folder.trim() === '' ? {} : { folder: folder.trim() }
      setFound(await call('model.compare', { first, second, ...from }))
    })
  return (
    <section className="card pad5 col g4" aria-label={text.models.compare}>
      <h2>{text.models.compare}</h2>
      {packs.length < 2 ? (
        <p className="sec">{text.models.compareNone}</p>
      ) : (
        <form
          className="col g3"
          onSubmit={(event) => {
            event.preventDefault()
            if (chosen && !doing) compare()
          }}
        >
          <div className="bulk-consent">
            {(
              [
                [text.models.first, first, setFirst],
                [text.models.second, second, setSecond],
              ] as const
            ).map(([words, value, set]) => (
              <label className="field" key={words}>
                <span className="sm m">{words}</span>
                <select className="in" value={value} onChange={(event) => set(event.target.value)}>
                  {packs.map(({ id, name, version }) => (
                    <option key={id} value={id}>
                      {name} {version}
                    </option>
                  ))}
                </select>
              </label>
            ))}
          </div>
          <PlaceField
            id="compare-folder"
            label={text.models.folder}
            help={text.models.folderHelp}
            value={folder}
            kind="list"
            onChange={setFolder}
          />
          <div className="row g2">
            <button type="submit" className="btn" disabled={!chosen || doing}>
              {text.models.compareNow}
            </button>
            <span className="sm sec" role="status">
              {doing && text.models.comparing}
            </span>
          </div>
        </form>
      )}
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      {found !== undefined && <Comparison found={found} />}
    </section>
  )
}

function Comparison({ found }: { readonly found: ModelComparison }) {
  const [saved, setSaved] = useState('')
  const { first, second, pictures, common, disagreements, fmr } = found
  return (
    <>
      <div className="row g3 wrap">
        <p className="sp" role="status">
          {fill(text.models.pictures, { n: pictures, common })}
        </p>
        <button
          type="button"
          className="btn btn-sm"
          onClick={() => {
            saveFile(csvFile, [comparisonCsv(found)], 'text/csv')
            setSaved(csvFile)
          }}
        >
          <Download className="i i16" aria-hidden="true" />
          {text.station.export}
        </button>
        <span className="sm sec" role="status">
          {saved !== '' && fill(text.station.exported, { file: saved })}
        </span>
      </div>
      <div className="legend sm wrap" aria-hidden="true">
        <span className="legend-line solid" /> {first.pack}
        <span className="legend-line dashed" /> {second.pack}
      </div>
      <DetChart first={first} second={second} />
      <p className="sm sec">{text.models.better}</p>
      <ResultTable found={found} />
      <div className="bulk-consent">
        {[first, second].map((results) => (
          <Histogram key={results.pack} results={results} />
        ))}
      </div>
      <p>{fill(text.models.disagree, { rate: percent(fmr), mates: disagreements.mates, impostors: disagreements.impostors })}</p>
      {disagreements.listed.length > 0 && <Disagreements found={found} />}
    </>
  )
}

const percent = (value: number | null) => (value === null ? '–' : `${number(Number((100 * value).toPrecision(3)))} %`)
const score = (value: number | null) => (value === null ? '–' : number(Number(value.toFixed(4))))

function ResultTable({ found: { first, second } }: { readonly found: ModelComparison }) {
  const row = (words: string, of: (results: ModelComparison['first']) => string) => [words, of(first), of(second)] as const
  const ms = (value: number | null) => (value === null ? '–' : fill(text.station.ms, { n: Math.round(value) }))
  const rows = [
    row(text.models.templates, ({ usable }) => number(usable)),
    row(text.models.refused, ({ refused }) => number(refused.length)),
    row(text.models.median, ({ latencyMs }) => ms(latencyMs.median)),
    row(text.models.p95, ({ latencyMs }) => ms(latencyMs.p95)),
    row(text.models.mates, ({ mates }) => `${number(mates.pairs)} (${score(mates.min)} – ${score(mates.max)})`),
    row(text.models.impostors, ({ impostors }) => `${number(impostors.pairs)} (${score(impostors.min)} – ${score(impostors.max)})`),
    row(text.models.eer, ({ eer }) => percent(eer)),
    ...first.fnmr.map(({ fmr }, at) =>
      row(fill(text.models.fnmrAt, { rate: percent(fmr) }), ({ fnmr }) => {
        const one = fnmr[at]
        if (one === undefined) return '–'
        return one.supported ? percent(one.fnmr) : `${percent(one.fnmr)} (${text.models.fewPairs})`
      }),
    ),
  ]
  return (
    <table className="tbl">
      <caption className="sr">{text.models.compare}</caption>
      <thead>
        <tr>
          <th scope="col">{text.models.measured}</th>
          <th scope="col">{first.pack}</th>
          <th scope="col">{second.pack}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([words, one, other]) => (
          <tr key={words}>
            <th scope="row">{words}</th>
            <td className="num">{one}</td>
            <td className="num">{other}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Disagreements({ found: { first, second, disagreements } }: { readonly found: ModelComparison }) {
  return (
    <table className="tbl">
      <caption className="sr">{text.models.pairs}</caption>
      <thead>
        <tr>
          <th scope="col">{text.models.pairs}</th>
          <th scope="col">{first.pack}</th>
          <th scope="col">{second.pack}</th>
        </tr>
      </thead>
      <tbody>
        {disagreements.listed.map(({ a, b, same, first: one, second: other }) => (
          <tr key={`${a} ${b}`}>
            <th scope="row" className="break">
              <span className="ltr">
                {a} / {b}
              </span>{' '}
              <span className="sm sec">{same ? text.models.same : text.models.different}</span>
            </th>
            <td className="num">{score(one)}</td>
            <td className="num">{score(other)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
