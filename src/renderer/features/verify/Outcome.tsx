/** The evidence behind a verdict, in words and on the scale; never a plain score. */
import { StrengthScale } from '../../evidence/StrengthScale.tsx'
import { strengthPerComparison } from '../../evidence/strength.ts'
import { strengthText } from '../../evidence/strengthText.ts'
import { fill, text } from '../../locale/text.ts'
import { useDesk } from '../../state/desk.ts'
import { useStation } from '../../state/station.ts'
import { wantedFmr } from '../../state/subjectId.ts'
import { useVerify } from './verifyStore.ts'

export function Outcome() {
  const verdict = useVerify((state) => state.verdict)
  const hidden = useDesk((state) => state.hidden)
  const fmrMin = useStation((state) => state.fmrMin)
  if (verdict === undefined || hidden) {
    return (
      <div className="outcome">
        <div className="outcome-words">
          <div className="b">{hidden && verdict !== undefined ? text.hidden : text.verify.notCompared}</div>
          <div className="sm sec">{text.verify.notComparedText}</div>
        </div>
        <div className="sp bar" />
      </div>
    )
  }
  const below = verdict.decision === 'nonMatch'
  return (
    <div className="outcome">
      <div className="outcome-words">
        <div className="outcome-strength num">{below ? text.verify.below : strengthText(strengthPerComparison(verdict.fmr, fmrMin))}</div>
        <div className="sm sec">{below ? fill(text.verify.belowText, { n: Math.round(1 / wantedFmr) }) : text.verify.chance}</div>
      </div>
      <div className="sp">{fmrMin !== null && <StrengthScale fmr={verdict.fmr} fmrThreshold={wantedFmr} fmrMin={fmrMin} />}</div>
    </div>
  )
}
