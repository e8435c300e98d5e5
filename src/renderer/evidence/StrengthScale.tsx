/** The strength of a comparison on a logarithmic scale that ends where the calibration ends, with the threshold as a line. */
import { fill, text } from '../locale/text.ts'
import { placeOnScale, scaleMarks, strengthPerComparison } from './strength.ts'
import { strengthText } from './strengthText.ts'

export interface StrengthScaleProps {
  /** Rate at the score of this comparison. */
  readonly fmr: number
  /** Rate of the threshold. */
  readonly fmrThreshold: number
  /** End of the scale. */
  readonly fmrMin: number
}

export function StrengthScale({ fmr, fmrThreshold, fmrMin }: StrengthScaleProps) {
  const place = (rate: number) => `${(placeOnScale(rate, fmrMin) * 100).toFixed(2)}%`
  return (
    <div className="strength" aria-hidden="true">
      <div className="track">
        <i style={{ inlineSize: place(fmr) }} />
        <b style={{ insetInlineStart: place(fmrThreshold) }} />
      </div>
      <div className="strength-marks xs mut num">
        <span style={{ insetInlineStart: '0%' }} data-edge="start">
          {text.identify.every}
        </span>
        {scaleMarks(fmrMin).map((mark) => (
          <span key={mark.oneIn} style={{ insetInlineStart: `${mark.place * 100}%` }} data-edge={mark.end ? 'end' : undefined}>
            {fill(text.strength.oneIn, { n: mark.oneIn })}
            {mark.end ? '*' : ''}
          </span>
        ))}
      </div>
      <div className="sm sec strength-legend">
        <span className="strength-line" /> {text.verify.thresholdMark}: {strengthText(strengthPerComparison(fmrThreshold, null))}
      </div>
    </div>
  )
}
