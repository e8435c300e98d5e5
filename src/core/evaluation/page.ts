/** The report of an evaluation as one page: no scripts, nothing loaded from anywhere. */
import type { EvaluationReport, Rate } from '../../contract/evaluation.ts'
import { componentWords } from '../../contract/quality.ts'
import { detPicture, distributionPicture, escaped } from './svg.ts'

const refusedListedMax = 500

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:72ch;margin:2rem auto;padding:0 1rem;color:#1c2126;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #d5dade;vertical-align:top}td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
svg{width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:#3c444b}.grid{stroke:#e3e7ea}
.mates{fill:#1f7a4d55;stroke:#1f7a4d;stroke-width:1.5}.impostors{fill:#b3541e44;stroke:#b3541e;stroke-width:1.5;stroke-dasharray:5 3}
.threshold{stroke:#1c2126;stroke-dasharray:2 3}.curve{fill:none;stroke:#1f4f7a;stroke-width:2}.note{color:#4d565e}.mark{font-weight:600}`

const number = (value: number | null, digits = 4) => (value === null ? '–' : value.toFixed(digits))
const share = (value: number | null) => (value === null ? '–' : `${(value * 100).toFixed(2)} %`)
const interval = (low: number, high: number) => `${share(low)} to ${share(high)}`
const ofAll = ({ rate, count, of }: Rate) => `${share(rate)} (${count} of ${of})`

type Cell = string | { readonly number: string }
const cell = (tag: 'td' | 'th', value: Cell) =>
  typeof value === 'string' ? `<${tag}>${escaped(value)}</${tag}>` : `<${tag} class="n">${escaped(value.number)}</${tag}>`

function table(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const line = (tag: 'td' | 'th', cells: readonly Cell[]) => `<tr>${cells.map((value) => cell(tag, value)).join('')}</tr>`
  return `<table><thead>${line('th', head)}</thead><tbody>${rows.map((row) => line('td', row)).join('')}</tbody></table>`
}

const n = (text: string) => ({ number: text })

function summary(report: EvaluationReport): string {
  const { pictures, people, extraction, belowQualityLimit, qualityPreset, matePairs, impostorPairs, eer } = report
  return table(
    ['what', n('measured'), n('95 % interval')],
    [
      ['pictures, people', n(`${pictures}, ${people}`), n('')],
      ['pictures that gave a template', n(ofAll(extraction)), n(interval(extraction.low, extraction.high))],
      [
        `below the quality limit (${qualityPreset})`,
        n(ofAll(belowQualityLimit)),
        n(interval(belowQualityLimit.low, belowQualityLimit.high)),
      ],
      ['pairs of one person', n(String(matePairs)), n('')],
      ['pairs of different people', n(String(impostorPairs)), n('')],
      ['equal error rate', n(share(eer)), n('')],
    ],
  )
}

function rates({ fnmr, impostorPairs, exact }: EvaluationReport): string {
  const rows = fnmr.map(({ fmr, fnmr: rate, threshold, low, high, supported }) => [
    n(String(fmr)),
    n(number(threshold)),
    n(share(rate)),
    n(interval(low, high)),
    supported ? 'yes' : `no: ${impostorPairs} pairs of different people cannot show it`,
  ])
  const exactness = exact
    ? 'Every score was kept: thresholds and rates are exact for these pictures.'
    : 'The highest scores of different people and the lowest of one person were kept one by one and are exact; others were counted in steps of 0.000008.'
  return `${table([n('FMR'), n('threshold'), n('FNMR'), n('95 % interval'), 'supported'], rows)}<p class="note">The threshold is the smallest score of these pictures with a false match rate of at most FMR. ${exactness} Intervals are those of Clopper and Pearson and take pairs as independent, which pairs of the same pictures are not.</p>`
}

function estimates({ estimated }: EvaluationReport): string {
  if (estimated === null) return ''
  const rows = estimated.rates.map(({ fmr, threshold, fnmr }) => [n(String(fmr)), n(number(threshold)), n(share(fnmr)), 'estimated'])
  return `<h2>Estimated, not measured</h2>${table([n('FMR'), n('threshold'), n('FNMR there'), ''], rows)}<p class="note">Method: ${escaped(estimated.method)}. Nothing is decided by these: beyond what a calibration supports decisions stay inconclusive.</p>`
}

function work({ atWork }: EvaluationReport): string {
  if (atWork === null) return ''
  const { fmrWanted, threshold, supported, fmr, fnmr, provenance } = atWork
  return `<h2>The threshold at work</h2><p>For a false match rate of ${fmrWanted} the station works with ${number(threshold)}${supported ? '' : ', which its calibration does not support'}. On these pictures it gives an FMR of ${ofAll(fmr)}, 95 %: ${interval(fmr.low, fmr.high)}, and an FNMR of ${ofAll(fnmr)}, 95 %: ${interval(fnmr.low, fnmr.high)}.</p><p class="note">Calibration: ${escaped(provenance)}</p>`
}

function lights({ light }: EvaluationReport): string {
  if (light.length === 0) return ''
  const rows = light.map(({ light: name, extracted, matched, scoreMean, scoreMin }) => [
    name,
    n(ofAll(extracted)),
    n(number(scoreMean)),
    n(number(scoreMin)),
    n(ofAll(matched)),
  ])
  return `<h2>The same pictures in other light</h2>${table(['light', n('templates'), n('mean score'), n('lowest'), n('at the threshold')], rows)}<p class="note">Each picture was made darker, brighter and lit from one side, and compared with itself as it is.</p>`
}

function worsened({ worse }: EvaluationReport): string {
  if (worse.length === 0) return ''
  const digits = (value: number | null) => (value === null ? 'not measured' : String(Number(value.toPrecision(3))))
  const rows = worse.map(({ name, component, raw, monotonic, othersMost, unlikeSpansMax }) => [
    name,
    componentWords[component].name,
    raw.map(digits).join(', '),
    monotonic ? 'yes' : 'no',
    othersMost.map((other) => `${componentWords[other.component].name}${other.alike ? '*' : ''} ${other.spans.toFixed(2)}`).join(', '),
    n(unlikeSpansMax.toFixed(2)),
  ])
  return `<h2>A drawn face made worse</h2>${table(['what', 'component', 'raw, untouched to worst', 'in step', 'moves most besides, in spans', n('unlike')], rows)}<p class="note">What this pack measures of a drawn face, not of these pictures. A span is the distance from a good value to the limit of the passport preset; components with an asterisk measure the same change. In the last column the most that any other one moved.</p>`
}

function groupsPart({ groups, demographics }: EvaluationReport): string {
  if (groups === null) return `<h2>Groups of people</h2><p class="mark">${escaped(demographics)}</p>`
  const rate = (one: Rate) => n(`${ofAll(one)} ${interval(one.low, one.high)}`)
  const rows = groups.groups.map(({ group, people, failureToEnrol, fnmr, fmr }) => [
    group,
    n(String(people)),
    rate(failureToEnrol),
    rate(fnmr),
    rate(fmr),
  ])
  return `<h2>Groups of people</h2>${table(['group', n('people'), n('failure to enrol'), n('FNMR'), n('FMR')], rows)}<p class="note">At the threshold for FMR ${groups.fmrWanted}, pairs within each group.</p>`
}

function attacks({ pad }: EvaluationReport): string {
  if (pad === null) return ''
  if (!pad.assessed) return '<h2>Attacks</h2><p>No model pack assesses presentation attacks: nothing is claimed.</p>'
  const rows = [
    ...pad.apcer.map(({ species, ...rate }) => [`APCER ${species}`, n(ofAll(rate)), n(interval(rate.low, rate.high))]),
    ['BPCER', n(ofAll(pad.bpcer)), n(interval(pad.bpcer.low, pad.bpcer.high))],
  ]
  const note = `<p class="note">A presentation passes from a score of ${pad.threshold} on.</p>`
  return `<h2>Attacks</h2>${table(['rate', n('measured'), n('95 % interval')], rows)}${note}`
}

function refusals({ refused }: EvaluationReport): string {
  if (refused.length === 0) return ''
  const rows = refused.slice(0, refusedListedMax).map(({ file, reason }) => [file, reason])
  const more = refused.length > refusedListedMax ? `<p class="note">and ${refused.length - refusedListedMax} more</p>` : ''
  return `<h2>Refused pictures</h2>${table(['file', 'reason'], rows)}${more}`
}

/** A whole HTML document. */
export function evaluationPage(report: EvaluationReport): string {
  const scores =
    report.matePairs + report.impostorPairs === 0
      ? ''
      : `<h2>Scores</h2>${distributionPicture(report)}<p class="note">Solid: pairs of one person. Dashed: pairs of different people.</p>${report.det.length === 0 ? '' : `<h2>Errors against each other</h2>${detPicture(report)}<p class="note">The dotted line is the smallest rate that so many pairs show.</p>`}<h2>Error rates</h2>${rates(report)}${estimates(report)}${work(report)}`
  const body = `<h1>Evaluation of ${escaped(report.model)}</h1><p class="note">${escaped(report.at)}; SHA-256 of the pictures ${escaped(report.picturesSha256)}</p>${summary(report)}${scores}${lights(report)}${worsened(report)}${groupsPart(report)}${attacks(report)}${refusals(report)}`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Evaluation of ${escaped(report.model)}</title><style>${style}</style></head>
<body>${body}</body></html>
`
}
