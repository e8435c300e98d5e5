/** Errors of two packs at every threshold, both ways (DET), on logarithmic scales: lower and further to the left is better. */
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import type { ModelComparison } from '../../../contract/rows/model.ts'
import { number, text, useLanguage } from '../../locale/text.ts'
import { useLook } from '../../state/look.ts'

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
  const place = useRef<HTMLDivElement>(null)
  const language = useLanguage((state) => state.language)
  const theme = useLook((state) => state.theme)
  // biome-ignore lint/correctness/useExhaustiveDependencies: words and colours are read when the chart is made
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const curves = [curveOf(first), curveOf(second)]
    const rates = [...new Set(curves.flatMap((curve) => [...curve.keys()]))].sort((a, b) => a - b)
    const style = getComputedStyle(element)
    const colour = (name: string) => style.getPropertyValue(name).trim()
    const percent = (value: number) => `${number(Number((100 * value).toPrecision(2)))} %`
    const axis = { stroke: colour('--text-2'), grid: { stroke: colour('--grid'), width: 1 }, ticks: { stroke: colour('--grid'), width: 1 } }
    const values = (_: UPlot, marks: (number | null)[]) => marks.map((mark) => (mark === null ? '' : percent(mark)))
    const data: UPlot.AlignedData = [rates, ...curves.map((curve) => rates.map((rate) => curve.get(rate) ?? null))]
    const chart = new UPlot(
      {
        width: Math.max(200, element.clientWidth),
        height: heightPx,
        cursor: { show: false },
        legend: { show: false },
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
      },
      data,
      element,
    )
    const follow = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: heightPx }))
    follow.observe(element)
    return () => {
      follow.disconnect()
      chart.destroy()
    }
  }, [language, theme, first, second])
  return <div ref={place} className="chart ltr" role="img" aria-label={text.models.det} />
}
