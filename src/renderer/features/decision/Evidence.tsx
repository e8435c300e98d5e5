/** How strong the evidence is that two people are one, as a rate of false matches and never as a plain score. */
import { StrengthScale } from '../../evidence/StrengthScale.tsx'
import { strengthPerComparison } from '../../evidence/strength.ts'
import { strengthText } from '../../evidence/strengthText.ts'
import { text } from '../../locale/text.ts'
import { useStation } from '../../state/station.ts'
import { wantedFmr } from '../../state/subjectId.ts'
import { Private } from '../../ui/Private.tsx'

/** @param fmr null where another model is active now, whose scores say nothing of these */
export function Evidence({ fmr }: { readonly fmr: number | null }) {
  const fmrMin = useStation((state) => state.fmrMin)
  if (fmr === null) {
    return (
      <section className="col g1">
        <div className="sm sec">{text.enrol.review.strength}</div>
        <div className="b">{text.inbox.unrated}</div>
      </section>
    )
  }
  return (
    <section className="col g3">
      <div>
        <div className="sm sec">{text.enrol.review.strength}</div>
        <div className="ev num">
          <Private>{strengthText(strengthPerComparison(fmr, fmrMin))}</Private>
        </div>
        <div>
          <b>{text.enrol.review.chance}</b> <span className="sec">{text.enrol.review.perComparison}</span>
        </div>
      </div>
      <Private>{fmrMin !== null && <StrengthScale fmr={fmr} fmrThreshold={wantedFmr} fmrMin={fmrMin} />}</Private>
      <p className="sm sec">
        {text.enrol.review.twins} {text.identify.limit}
      </p>
    </section>
  )
}
