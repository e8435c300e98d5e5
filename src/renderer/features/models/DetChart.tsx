/** Errors of two packs at every threshold, both ways (DET), on logarithmic scales: lower and further to the left is better. */
import type UPlot from 'uplot'
import type { ModelComparison } from '../../../contract/rows/model.ts'
import { number, text } from '../../locale/text.ts'
import { type Pens, type Plot, useChart } from '../../ui/useChart.ts'

const heightPx = 280
/** What stands where no error was counted: a logarithm has no zero. */
const floorOf = (pairs: number) => 0.5 / Math.max(1, pairs)

type Results = ModelComparison['first']

/** The curve with the false match rate rising, errors of none at the floor. */
function curveOf({ det, mates, impostors }: Results): Map<number, number> {
  const points = new Map<number, number>()
  for (const { fmr, fnmr } of det) {
    const at = Math.max(fmr, floorOf(impostors.pairs))
    points.set(at, Math.min(points.get(at) ?? 1, Math.max(fnmr, floorOf(mates.pairs))))
  }
  return points
}

export function DetChart({ first, second }: Pick<ModelComparison, 'first' | 'second'>) {
  const { place } = useChart(heightPx, (pens) => plotOf(first, second, pens), [first, second])
  return <div ref={place} className="chart ltr" role="img" aria-label={text.models.det} />
}

function plotOf(first: Results, second: Results, { colour, axis }: Pens): Plot {
  const curves = [curveOf(first), curveOf(second)]
  const rates = [...new Set(curves.flatMap((curve) => [...curve.keys()]))].sort((a, b) => a - b)
  const percent = (value: number) => `${number(Number((100 * value).toPrecision(2)))} %`
  const values = (_: UPlot, marks: (number | null)[]) => marks.map((mark) => (mark === null ? '' : percent(mark)))
  return {
    data: [rates, ...curves.map((curve) => rates.map((rate) => curve.get(rate) ?? null))],
    scales: { x: { time: false, distr: 3 }, y: { distr: 3 } },
    axes: [
      { ...axis, values, label: text.models.fmr, labelSize: 24 },
      { ...axis, values, size: 64, label: text.models.fnmr, labelSize: 24 },
    ],
    series: [
      {},
      { label: first.pack, stroke: colour('--d1'), width: 2, spanGaps: true },
      { label: second.pack, stroke: colour('--d3'), width: 2, dash: [6, 4], spanGaps: true },
    ],
  }
}
