/** Counts by day as lines that differ in colour and dash; the table below has the same numbers. */
import { day as dayWords, number } from '../../locale/text.ts'
import { type Pens, type Plot, useChart } from '../../ui/useChart.ts'

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
  const { place } = useChart(heightPx, (pens) => plotOf(days, series, pens), [days, series])
  return <div ref={place} className="chart ltr" role="img" aria-label={words} />
}

function plotOf(days: readonly string[], series: readonly DaySeries[], { colour, axis }: Pens): Plot {
  return {
    data: [days.map((_, index) => index), ...series.map(({ values }) => [...values])],
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
  }
}
