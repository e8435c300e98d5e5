/** The candidates above the threshold, strongest first, with strength per search and per comparison. */
import { ListChecks, UsersRound } from 'lucide-react'
import type { Candidate } from '../../../contract/rows/subject.ts'
import type { OutputOf } from '../../../contract/table.ts'
import { StrengthScale } from '../../evidence/StrengthScale.tsx'
import { strengthPerComparison, strengthPerSearch } from '../../evidence/strength.ts'
import { strengthText } from '../../evidence/strengthText.ts'
import { count, day, fill, text } from '../../locale/text.ts'
import { useStation } from '../../state/station.ts'
import { useSubject } from '../../state/useSubject.ts'
import { StoredPicture } from '../../ui/Picture.tsx'
import { Private } from '../../ui/Private.tsx'
import { candidatesMax } from './identifyStore.ts'

export function Candidates({ result }: { readonly result: OutputOf<'gallery.identify'> }) {
  const { candidates, gallerySize, decision, fmr } = result
  const title = count(text.identify.candidates, candidates.length)
  return (
    <section className="card list" aria-label={title}>
      <div className="row list-head">
        <div className="sp" role="status">
          <h2>{title}</h2>
          <span className="sm sec">{text.identify.order}</span>
        </div>
        <div className="threshold sm">
          <b>{text.identify.threshold}</b>
          <span className="sec">{fill(text.identify.thresholdText, { n: strengthPerComparison(fmr, null).oneIn })}</span>
        </div>
      </div>
      {decision === 'inconclusive' && <p className="list-note sm">{text.identify.unsupported}</p>}
      <ol className="cands">
        {candidates.map((candidate) => (
          <CandidateRow key={candidate.id} candidate={candidate} gallerySize={gallerySize} fmrThreshold={fmr} />
        ))}
      </ol>
      <div className="list-foot col g2 sec">
        <p className="row g3 top">
          <ListChecks className="i" aria-hidden="true" />
          <span>
            <b>{candidates.length < candidatesMax ? text.identify.below : fill(text.identify.cut, { n: candidatesMax })}</b>{' '}
            {text.identify.belowText}
          </span>
        </p>
        <p className="row g3 top">
          <UsersRound className="i" aria-hidden="true" />
          <span>
            {text.identify.twins} {text.identify.limit}
          </span>
        </p>
      </div>
    </section>
  )
}

interface CandidateRowProps {
  readonly candidate: Candidate
  readonly gallerySize: number
  readonly fmrThreshold: number
}

function CandidateRow({ candidate, gallerySize, fmrThreshold }: CandidateRowProps) {
  const fmrMin = useStation((state) => state.fmrMin)
  const { summary, picture } = useSubject(candidate.id)
  const { fmr } = candidate
  return (
    <li className="cand2" data-subject={candidate.id}>
      <div className="cand-picture">
        <StoredPicture bytes={picture} words={fill(text.picture.ofSubject, { id: candidate.id })} />
      </div>
      <div className="col g3 sp cand-facts">
        <div>
          <div className="cand-name">
            <Private>{summary?.name ?? <span className="mut">{summary === undefined ? '' : text.identify.noName}</span>}</Private>
          </div>
          <div className="sec">
            <Private>
              <span className="ltr">{candidate.id}</span>
            </Private>
            {summary !== undefined && ` · ${fill(text.identify.enrolledOn, { date: day(summary.createdAt) })}`}
          </div>
        </div>
        <div className="cand-evidence">
          <div className="col g1">
            <span className="sm sec">{text.identify.scale}</span>
            <Private>{fmrMin !== null && <StrengthScale fmr={fmr} fmrThreshold={fmrThreshold} fmrMin={fmrMin} />}</Private>
          </div>
          <div>
            <div className="sm mut">{text.identify.perSearch}</div>
            <div className="cand-search num">
              <Private>{strengthText(strengthPerSearch(fmr, fmrMin, gallerySize))}</Private>
            </div>
            <div className="sm sec">{text.identify.perSearchText}</div>
          </div>
          <div>
            <div className="sm mut">{text.identify.perComparison}</div>
            <div className="cand-comparison num">
              <Private>{strengthText(strengthPerComparison(fmr, fmrMin))}</Private>
            </div>
            <div className="sm sec">{text.identify.perComparisonText}</div>
          </div>
        </div>
      </div>
    </li>
  )
}
