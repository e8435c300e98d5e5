/** Pictures of an evaluation as SVG: no scripts, no outside resources, readable without colours. */
import type { EvaluationReport } from '../../contract/evaluation.ts'

const width = 640
const height = 300
const frame = { left: 56, right: 16, top: 16, bottom: 40 } as const
const plotWidth = width - frame.left - frame.right
const plotHeight = height - frame.top - frame.bottom

const px = (value: number) => value.toFixed(1)

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

interface Axis {
  /** 0 to 1 along the axis. */
  readonly at: (value: number) => number
  readonly ticks: readonly { readonly value: number; readonly text: string }[]
  readonly name: string
}

function axes(x: Axis, y: Axis): string {
  const left = frame.left
  const bottom = frame.top + plotHeight
  const alongX = x.ticks.map(({ value, text }) => {
    const at = px(left + x.at(value) * plotWidth)
    return `<line class="grid" x1="${at}" y1="${frame.top}" x2="${at}" y2="${bottom}"/><text x="${at}" y="${bottom + 15}" text-anchor="middle">${escaped(text)}</text>`
  })
  const alongY = y.ticks.map(({ value, text }) => {
    const at = px(bottom - y.at(value) * plotHeight)
    return `<line class="grid" x1="${left}" y1="${at}" x2="${width - frame.right}" y2="${at}"/><text x="${left - 6}" y="${Number(at) + 4}" text-anchor="end">${escaped(text)}</text>`
  })
  return [
    ...alongX,
    ...alongY,
    `<text x="${left + plotWidth / 2}" y="${height - 6}" text-anchor="middle">${escaped(x.name)}</text>`,
    `<text transform="translate(14 ${frame.top + plotHeight / 2}) rotate(-90)" text-anchor="middle">${escaped(y.name)}</text>`,
  ].join('')
}

function drawn(title: string, body: string): string {
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}"><title>${escaped(title)}</title>${body}</svg>`
}

const evenTicks = (from: number, to: number, count: number, digits: number) =>
  Array.from({ length: count + 1 }, (_, at) => {
    const value = from + ((to - from) * at) / count
    return { value, text: value.toFixed(digits) }
  })

/** Both distributions of scores as shares of their pairs, with the threshold that the station works with. */
export function distributionPicture({ mates, impostors, atWork }: EvaluationReport): string {
  const { from, to } = mates
  const shares = [mates, impostors].map(({ histogram, pairs }) => histogram.map((count) => (pairs === 0 ? 0 : count / pairs)))
  const highest = Math.max(0.01, ...shares.flat())
  const x: Axis = { at: (value) => (value - from) / (to - from), ticks: evenTicks(from, to, 6, 2), name: 'comparison score' }
  const y: Axis = { at: (value) => value / highest, ticks: evenTicks(0, highest, 4, 2), name: 'share of pairs' }
  const outline = (values: readonly number[], name: string) => {
    const points = values.flatMap((value, bin) => {
      const at = px(frame.top + plotHeight * (1 - y.at(value)))
      return [bin, bin + 1].map((edge) => `${px(frame.left + (plotWidth * edge) / values.length)},${at}`)
    })
    const bottom = frame.top + plotHeight
    return `<polygon class="${name}" points="${frame.left},${bottom} ${points.join(' ')} ${frame.left + plotWidth},${bottom}"/>`
  }
  const limit = atWork === null || atWork.threshold < from || atWork.threshold > to ? '' : thresholdLine(x.at(atWork.threshold))
  return drawn(
    'Distributions of the comparison scores',
    axes(x, y) + outline(shares[1]!, 'impostors') + outline(shares[0]!, 'mates') + limit,
  )
}

function thresholdLine(at: number): string {
  const x = px(frame.left + at * plotWidth)
  return `<line class="threshold" x1="${x}" y1="${frame.top}" x2="${x}" y2="${frame.top + plotHeight}"/><text x="${x}" y="${frame.top + 10}" dx="4">threshold</text>`
}

const logTicks = (from: number) =>
  Array.from({ length: Math.floor(-Math.log10(from) + 1e-9) + 1 }, (_, decade) => ({
    value: 10 ** -decade,
    text: decade === 0 ? '1' : `1e-${decade}`,
  }))

/** The DET curve, both errors logarithmic; what is 0 stands at the foot. */
export function detPicture({ det, matePairs, impostorPairs }: EvaluationReport): string {
  if (det.length === 0) return ''
  const axisFrom = (pairs: number) => 10 ** -Math.max(1, Math.ceil(Math.log10(Math.max(10, pairs))))
  const [fmrFrom, fnmrFrom] = [axisFrom(impostorPairs), axisFrom(matePairs)]
  const along = (from: number) => (value: number) => (value <= from ? 0 : 1 - Math.log10(value) / Math.log10(from))
  const x: Axis = { at: along(fmrFrom), ticks: logTicks(fmrFrom), name: 'false match rate' }
  const y: Axis = { at: along(fnmrFrom), ticks: logTicks(fnmrFrom), name: 'false non-match rate' }
  const points = det.map(({ fmr, fnmr }) => `${px(frame.left + x.at(fmr) * plotWidth)},${px(frame.top + plotHeight * (1 - y.at(fnmr)))}`)
  const smallest = px(frame.left + x.at(1 / impostorPairs) * plotWidth)
  const end = `<line class="threshold" x1="${smallest}" y1="${frame.top}" x2="${smallest}" y2="${frame.top + plotHeight}"/>`
  return drawn('DET curve', `${axes(x, y)}${end}<polyline class="curve" points="${points.join(' ')}"/>`)
}
