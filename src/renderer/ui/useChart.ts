/** Charts of lines: in the colours of the theme, as wide as their place, and gone with it. */
import { type RefObject, useEffect, useRef } from 'react'
import UPlot from 'uplot'
import { useLanguage } from '../locale/text.ts'
import { useLook } from '../state/look.ts'

/** What a chart is drawn with in the theme of the moment. */
export interface Pens {
  /** @param token of the look, as `--d1` */
  readonly colour: (token: string) => string
  /** What every axis has. */
  readonly axis: UPlot.Axis
}

/** What one chart has of its own. */
export type Plot = Required<Pick<UPlot.Options, 'scales' | 'axes' | 'series'>> & { readonly data: UPlot.AlignedData }

/**
 * A chart that is made anew where the language, the theme or what it is made of changes.
 * @param plot is asked for words, colours and data when the chart is made
 * @param madeOf what `plot` reads, of the same length at each call
 * @returns `place` for the element that holds it, `chart` to hand it other data
 */
export function useChart(
  heightPx: number,
  plot: (pens: Pens) => Plot,
  madeOf: readonly unknown[],
): { place: RefObject<HTMLDivElement | null>; chart: RefObject<UPlot | undefined> } {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<UPlot>(undefined)
  const language = useLanguage((state) => state.language)
  const theme = useLook((state) => state.theme)
  // biome-ignore lint/correctness/useExhaustiveDependencies: words and colours are read when the chart is made
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const { data, ...own } = plot(pensOf(element))
    const common = { height: heightPx, cursor: { show: false }, legend: { show: false } }
    const made = new UPlot({ ...common, width: Math.max(200, element.clientWidth), ...own }, data, element)
    chart.current = made
    const follow = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: heightPx }))
    follow.observe(element)
    return () => {
      follow.disconnect()
      made.destroy()
    }
  }, [language, theme, ...madeOf])
  return { place, chart }
}

function pensOf(element: HTMLElement): Pens {
  const style = getComputedStyle(element)
  const colour = (token: string) => style.getPropertyValue(token).trim()
  const line = { stroke: colour('--grid'), width: 1 }
  return { colour, axis: { stroke: colour('--text-2'), grid: line, ticks: line } }
}
