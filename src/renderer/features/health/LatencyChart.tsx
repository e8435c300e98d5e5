/** Latency over the last minute as lines; the table beside it has the same figures. */
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import { number, text, useLanguage } from '../../locale/text.ts'
import { useLook } from '../../state/look.ts'
import type { Second } from './measures.ts'

const heightPx = 200

export function LatencyChart({ seconds }: { readonly seconds: readonly Second[] }) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<UPlot>(undefined)
  const language = useLanguage((state) => state.language)
  const theme = useLook((state) => state.theme)
  // biome-ignore lint/correctness/useExhaustiveDependencies: words and colours are read when the chart is made
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const made = new UPlot(optionsFor(element), dataOf([]), element)
    chart.current = made
    const follow = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: heightPx }))
    follow.observe(element)
    return () => {
      follow.disconnect()
      made.destroy()
    }
  }, [language, theme])
  useEffect(() => chart.current?.setData(dataOf(seconds)), [seconds])
  return <div ref={place} className="chart ltr" role="img" aria-label={text.station.chart} />
}

const dataOf = (seconds: readonly Second[]): UPlot.AlignedData => [
  seconds.map(({ secondsAgo }) => -secondsAgo),
  seconds.map(({ faceMs }) => faceMs),
  seconds.map(({ roundMs }) => roundMs),
]

function optionsFor(element: HTMLElement): UPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const axis = { stroke: colour('--text-2'), grid: { stroke: colour('--grid'), width: 1 }, ticks: { stroke: colour('--grid'), width: 1 } }
  const values = (_: UPlot, marks: number[]) => marks.map((mark) => number(Math.abs(mark)))
  return {
    width: Math.max(200, element.clientWidth),
    height: heightPx,
    cursor: { show: false },
    legend: { show: false },
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
