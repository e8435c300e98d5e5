/** How scores of a pack are spread: pairs of the same person above the line, pairs of two people below it. */
import type { ModelComparison } from '../../../contract/rows/model.ts'
import { fill, text } from '../../locale/text.ts'

const [width, half] = [240, 48]

export function Histogram({ results: { pack, mates, impostors } }: { readonly results: ModelComparison['first'] }) {
  const from = Math.min(mates.from, impostors.from)
  const to = Math.max(mates.to, impostors.to)
  const bars = (scores: typeof mates, up: boolean) => {
    const highest = Math.max(1, ...scores.histogram)
    const binWidth = (scores.to - scores.from) / Math.max(1, scores.histogram.length)
    const x = (value: number) => ((value - from) / Math.max(1e-9, to - from)) * width
    return scores.histogram.map((count, bin) => {
      const at = scores.from + bin * binWidth
      const height = (count / highest) * (half - 2)
      return <rect key={at} x={x(at)} y={up ? half - height : half} width={Math.max(0.5, x(at + binWidth) - x(at))} height={height} />
    })
  }
  return (
    <figure className="col g1">
      <figcaption className="sm m">{pack}</figcaption>
      <svg className="histogram ltr" viewBox={`0 0 ${width} ${2 * half}`} role="img" aria-label={fill(text.models.spread, { pack })}>
        <g className="mates">{bars(mates, true)}</g>
        <g className="impostors">{bars(impostors, false)}</g>
        <line x1="0" x2={width} y1={half} y2={half} />
      </svg>
      <span className="xs sec">{text.models.spreadText}</span>
    </figure>
  )
}
