/** Counts by day as lines that differ in colour and dash; the table below has the same numbers. */
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import { day as dayWords, number, useLanguage } from '../../locale/text.ts'
import { useLook } from '../../state/look.ts'

const heightPx = 180

export interface DaySeries {
  readonly words: string
  readonly colour: '--d1' | '--d3' | '--d4'
  readonly dash?: number[]
  readonly values: readonly number[]
}

/** @param days ISO dates, as long as the values of each series */
export function DayChart({
  days,
  series,
  words,
}: {
  readonly days: readonly string[]
  readonly series: readonly DaySeries[]
  readonly words: string
}) {
  const place = useRef<HTMLDivElement>(null)
  const language = useLanguage((state) => state.language)
  const theme = useLook((state) => state.theme)
  // biome-ignore lint/correctness/useExhaustiveDependencies: words and colours are read when the chart is made
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const style = getComputedStyle(element)
    const colour = (name: string) => style.getPropertyValue(name).trim()
    const axis = { stroke: colour('--text-2'), grid: { stroke: colour('--grid'), width: 1 }, ticks: { stroke: colour('--grid'), width: 1 } }
    const chart = new UPlot(
      {
        width: Math.max(200, element.clientWidth),
        height: heightPx,
        cursor: { show: false },
        legend: { show: false },
        scales: { x: { time: false }, y: { range: (_, _low, high) => [0, Math.max(4, high * 1.1)] } },
        axes: [
          { ...axis, space: 90, values: (_, marks) => marks.map((mark) => (days[mark] === undefined ? '' : dayWords(days[mark]))) },
          { ...axis, size: 56, values: (_, marks) => marks.map((mark) => (Number.isInteger(mark) ? number(mark) : '')) },
        ],
        series: [
          {},
          ...series.map((one) => ({
            label: one.words,
            stroke: colour(one.colour),
            width: 2,
            ...(one.dash === undefined ? {} : { dash: one.dash }),
          })),
        ],
      },
      [days.map((_, index) => index), ...series.map(({ values }) => [...values])],
      element,
    )
    const follow = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: heightPx }))
    follow.observe(element)
    return () => {
      follow.disconnect()
      chart.destroy()
    }
  }, [language, theme, days, series])
  return <div ref={place} className="chart ltr" role="img" aria-label={words} />
}
