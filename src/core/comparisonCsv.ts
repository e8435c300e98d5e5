/** A comparison of two packs as a table for other programs: every number that is shown, RFC 4180. */
import type { ModelComparison } from '../contract/rows/model.ts'
import { type CsvValue, csvLine } from './csv.ts'

export function comparisonCsv({ pictures, common, source, fmr, first, second, disagreements }: ModelComparison): string {
  const rows: CsvValue[][] = [
    ['pack', 'what', 'at', 'value'],
    ['', 'pictures', null, pictures],
    ['', 'pictures of both', null, common],
    ['', `source ${source}`, null, null],
    ['', 'mate pairs disagreed upon', fmr, disagreements.mates],
    ['', 'impostor pairs disagreed upon', fmr, disagreements.impostors],
  ]
  for (const { pack, usable, refused, latencyMs, mates, impostors, eer, det, fnmr } of [first, second]) {
    const add = (what: string, at: CsvValue, value: CsvValue) => rows.push([pack, what, at, value])
    add('templates', null, usable)
    add('refused', null, refused.length)
    add('latency median ms', null, latencyMs.median)
    add('latency p95 ms', null, latencyMs.p95)
    for (const [name, scores] of [['mates', mates] as const, ['impostors', impostors] as const]) {
      for (const what of ['pairs', 'min', 'mean', 'max'] as const) add(`${name} ${what}`, null, scores[what])
      const width = (scores.to - scores.from) / Math.max(1, scores.histogram.length)
      for (const [bin, count] of scores.histogram.entries()) add(`${name} from score`, scores.from + bin * width, count)
    }
    add('equal error rate', null, eer)
    for (const one of fnmr) add(one.supported ? 'fnmr at fmr' : 'fnmr at fmr (too few pairs)', one.fmr, one.fnmr)
    for (const point of det) add('det: fnmr at fmr', point.fmr, point.fnmr)
  }
  for (const { a, b, same, first: one, second: other } of disagreements.listed) {
    rows.push(
      [first.pack, `${same ? 'mate' : 'impostor'} pair`, `${a} / ${b}`, one],
      [second.pack, `${same ? 'mate' : 'impostor'} pair`, `${a} / ${b}`, other],
    )
  }
  // File names come from a folder.
  return rows.map(csvLine).join('')
}
