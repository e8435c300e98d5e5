/** Latency over the last minute as lines; the table beside it has the same figures. */
import { useEffect } from 'react'
import type UPlot from 'uplot'
import { number, text } from '../../locale/text.ts'
import { type Pens, type Plot, useChart } from '../../ui/useChart.ts'
import type { Second } from './measures.ts'

const heightPx = 200

export function LatencyChart({ seconds }: { readonly seconds: readonly Second[] }) {
  const { place, chart } = useChart(heightPx, plotOf, [])
  useEffect(() => chart.current?.setData(dataOf(seconds)), [chart, seconds])
  return <div ref={place} className="chart ltr" role="img" aria-label={text.station.chart} />
}

const dataOf = (seconds: readonly Second[]): UPlot.AlignedData => [
  seconds.map(({ secondsAgo }) => -secondsAgo),
  seconds.map(({ faceMs }) => faceMs),
  seconds.map(({ roundMs }) => roundMs),
]

function plotOf({ colour, axis }: Pens): Plot {
  const values = (_: UPlot, marks: number[]) => marks.map((mark) => number(Math.abs(mark)))
  return {
    data: dataOf([]),
    scales: { x: { time: false, range: [-59, 0] }, y: { range: (_, _low, high) => [0, Math.max(50, high * 1.1)] } },
    axes: [
      { ...axis, values, label: text.station.chartAgo, labelSize: 20 },
      { ...axis, values, size: 56, label: 'ms', labelSize: 20 },
    ],
    series: [
      {},
      { label: text.station.face, stroke: colour('--d3'), width: 2, dash: [6, 4] },
      { label: text.station.round, stroke: colour('--d1'), width: 2 },
    ],
  }
}
