/**
 * Latency against the size of the gallery, both logarithmic, as an SVG that needs no script and no font of its own. Curves are told apart
 * by the shape of their points as well as by their colours.
 */

export interface Curve {
  readonly name: string
  readonly colour: string
  /** Whether it is a rival or a floor, drawn in dashes. */
  readonly dashed: boolean
  readonly points: readonly { readonly rows: number; readonly ms: number }[]
}

const width = 720
const height = 440
const left = 64
const right = 24
const top = 72
const bottom = 56

/** Drawn for light paper, and for dark where the reader has it; colours of curves are seen on both. */
const styles =
  '<style>.paper{fill:#ffffff}.ink{fill:#14171c}.dim{fill:#545b66}.grid{stroke:#e3e6ea}.edge{stroke:#ffffff}' +
  '@media (prefers-color-scheme:dark){.paper{fill:#14171c}.ink{fill:#eef0f3}.dim{fill:#a9b0bb}.grid{stroke:#343a44}.edge{stroke:#14171c}}</style>'

const decadesOf = (least: number, most: number) => {
  const first = Math.floor(Math.log10(least))
  const last = Math.max(first + 1, Math.ceil(Math.log10(most)))
  return { first, last, all: Array.from({ length: last - first + 1 }, (_, at) => first + at) }
}

const rowsText = (rows: number) => (rows >= 1e6 ? `${rows / 1e6}M` : rows >= 1e3 ? `${rows / 1e3}k` : String(rows))
const msText = (decade: number) => (decade < 0 ? (10 ** decade).toFixed(-decade) : String(10 ** decade))
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** @param curves at least one with a point */
export function latencyPicture(title: string, subtitle: string, curves: readonly Curve[]): string {
  const points = curves.flatMap((curve) => curve.points)
  const x = decadesOf(Math.min(...points.map(({ rows }) => rows)), Math.max(...points.map(({ rows }) => rows)))
  const y = decadesOf(Math.min(...points.map(({ ms }) => ms)), Math.max(...points.map(({ ms }) => ms)))
  const placeX = (rows: number) => left + ((Math.log10(rows) - x.first) / (x.last - x.first)) * (width - left - right)
  const placeY = (ms: number) => height - bottom - ((Math.log10(ms) - y.first) / (y.last - y.first)) * (height - top - bottom)
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="Inter, system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    styles,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<text x="${left}" y="24" font-size="16" font-weight="600" class="ink">${escaped(title)}</text>`,
    `<text x="${left}" y="42" class="dim">${escaped(subtitle)}</text>`,
    ...x.all.map((decade) => gridX(placeX(10 ** decade), rowsText(10 ** decade))),
    ...y.all.map((decade) => gridY(placeY(10 ** decade), `${msText(decade)} ms`)),
    `<text x="${(left + width - right) / 2}" y="${height - 12}" text-anchor="middle" class="dim">references in the gallery</text>`,
    ...curves.flatMap((curve, index) => drawn(curve, index, placeX, placeY)),
    ...curves.map((curve, index) => legend(curve, index)),
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}

const gridX = (x: number, text: string) =>
  `<line x1="${x.toFixed(1)}" y1="${top}" x2="${x.toFixed(1)}" y2="${height - bottom}" class="grid"/>` +
  `<text x="${x.toFixed(1)}" y="${height - bottom + 18}" text-anchor="middle" class="dim">${text}</text>`

const gridY = (y: number, text: string) =>
  `<line x1="${left}" y1="${y.toFixed(1)}" x2="${width - right}" y2="${y.toFixed(1)}" class="grid"/>` +
  `<text x="${left - 8}" y="${(y + 4).toFixed(1)}" text-anchor="end" class="dim">${text}</text>`

function drawn(
  { colour, dashed, points }: Curve,
  index: number,
  placeX: (rows: number) => number,
  placeY: (ms: number) => number,
): string[] {
  const places = points.map(({ rows, ms }) => [placeX(rows).toFixed(1), placeY(ms).toFixed(1)] as const)
  const dashes = dashed ? ' stroke-dasharray="6 4"' : ''
  return [
    `<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"${dashes}/>`,
    ...places.map(([x, y]) => pointAt(x, y, colour, index)),
  ]
}

/** A path around 0, 0 for the points of each curve. */
const pointShapes = [
  'M-4,-4h8v8h-8z',
  'M0,-5L5,4h-10z',
  'M-4,-1.2h8v2.4h-8z',
  'M0,-5.5L5.5,0L0,5.5L-5.5,0z',
  'M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z',
]

const pointAt = (x: string, y: string, colour: string, index: number) =>
  `<path transform="translate(${x},${y})" d="${pointShapes[index % pointShapes.length]}" fill="${colour}" class="edge"/>`

function legend({ name, colour, dashed }: Curve, index: number): string {
  const y = top + 16 + index * 18
  const dashes = dashed ? ' stroke-dasharray="6 4"' : ''
  return (
    `<line x1="${left + 12}" y1="${y - 4}" x2="${left + 40}" y2="${y - 4}" stroke="${colour}" stroke-width="2"${dashes}/>` +
    pointAt(String(left + 26), String(y - 4), colour, index) +
    `<text x="${left + 48}" y="${y}" class="ink">${escaped(name)}</text>`
  )
}
