/** Two packs on the same pictures: what each makes of them, and where they disagree. Nothing is stored. */
import { refusalOf } from '../contract/errors.ts'
import type { ModelComparison } from '../contract/rows/model.ts'
import { comparisonScore } from '../core/comparison.ts'
import {
  detOf,
  distributionOf,
  equalErrorRate,
  errorsAt,
  isSupported,
  quantile,
  type Scores,
  thresholdFor,
} from '../core/evaluation/errorRates.ts'
import { ScoreSet } from '../core/evaluation/scoreSet.ts'
import type { PacksPort } from './modelPorts.ts'

/** A picture of a person; names are shown in the report. */
export interface ComparedPicture {
  readonly name: string
  /** Pictures of one person have the same. */
  readonly person: string
  readonly read: () => Promise<Uint8Array>
}

export interface CompareRequest {
  readonly first: string
  readonly second: string
  readonly pictures: readonly ComparedPicture[]
  readonly source: ModelComparison['source']
  readonly fmr: number
}

/** What one pack made of the pictures; templates[i] is undefined where picture i was refused. */
interface Looked {
  readonly pack: string
  readonly model: string
  readonly templates: readonly (Float32Array | undefined)[]
  readonly refused: { picture: string; code: string }[]
  readonly tookMs: readonly number[]
}

interface Scored {
  readonly counted: Scores
  /** Of each pair. */
  readonly scores: Float64Array
}

const wantedRates = [1e-1, 1e-2, 1e-3, 1e-4] as const
const listedMax = 20
const detPointsMax = 40
/** Other calls get their turn after so many rows of pairs. */
const rowsPerTurn = 32

async function lookAt(packs: PacksPort, pack: string, pictures: readonly ComparedPicture[]): Promise<Looked> {
  // One process, so that the times are those of a picture that has a core to itself.
  return await packs.withFace(pack, 1, async (face) => {
    const templates: (Float32Array | undefined)[] = []
    const refused: { picture: string; code: string }[] = []
    const tookMs: number[] = []
    for (const { name, read } of pictures) {
      try {
        const { template, totalMs } = await face.template(await read())
        templates.push(template)
        tookMs.push(totalMs)
      } catch (error) {
        const { code } = refusalOf(error)
        // Only what is the picture's fault is left out.
        if (!/^(picture|face)\./.test(code)) throw error
        templates.push(undefined)
        refused.push({ picture: name, code })
      }
    }
    return { pack, model: face.model.id, templates, refused, tookMs }
  })
}

interface Pairs {
  readonly a: Uint16Array
  readonly b: Uint16Array
  readonly same: Uint8Array
}

function pairsOf(pictures: readonly ComparedPicture[], used: readonly number[]): Pairs {
  const count = (used.length * (used.length - 1)) / 2
  const pairs = { a: new Uint16Array(count), b: new Uint16Array(count), same: new Uint8Array(count) }
  let at = 0
  used.forEach((a, row) => {
    for (const b of used.slice(row + 1)) {
      pairs.a[at] = a
      pairs.b[at] = b
      pairs.same[at++] = pictures[a]!.person === pictures[b]!.person ? 1 : 0
    }
  })
  return pairs
}

async function scoresOf({ templates }: Looked, { a, b, same }: Pairs, breathe: () => Promise<void>): Promise<Scored> {
  const scores = new Float64Array(a.length)
  const counted: Scores = { mates: new ScoreSet('low'), impostors: new ScoreSet('high') }
  for (let at = 0, row = -1, rows = 0; at < a.length; at++) {
    if (a[at] !== row) {
      row = a[at]!
      if (++rows % rowsPerTurn === 0) await breathe()
    }
    const score = comparisonScore(templates[a[at]!]!, templates[b[at]!]!)
    scores[at] = score
    counted[same[at] === 1 ? 'mates' : 'impostors'].add(score)
  }
  return { scores, counted }
}

function resultsOf({ pack, model, refused, tookMs }: Looked, { counted }: Scored): ModelComparison['first'] {
  const { mates, impostors } = counted
  return {
    pack,
    model,
    usable: tookMs.length,
    refused,
    latencyMs: { median: quantile(tookMs, 0.5), p95: quantile(tookMs, 0.95) },
    mates: distributionOf(mates),
    impostors: distributionOf(impostors),
    eer: equalErrorRate(counted),
    det: detOf(counted, detPointsMax),
    fnmr: wantedRates.map((fmr) => {
      const threshold = thresholdFor(counted, fmr)
      const fnmr = threshold === undefined || mates.count === 0 ? null : errorsAt(counted, threshold).fnmr
      return { fmr, threshold: threshold ?? null, fnmr, supported: isSupported(fmr, impostors.count) }
    }),
  }
}

/** Where one matches and the other does not, each at its own threshold of the same rate; the furthest apart first. */
function disagreementsOf(request: CompareRequest, pairs: Pairs, first: Scored, second: Scored): ModelComparison['disagreements'] {
  const limits = [first, second].map(({ counted }) => thresholdFor(counted, request.fmr))
  const [limitFirst, limitSecond] = limits
  if (limitFirst === undefined || limitSecond === undefined) return { mates: 0, impostors: 0, listed: [] }
  const found: { at: number; apart: number }[] = []
  let [mates, impostors] = [0, 0]
  for (let at = 0; at < pairs.a.length; at++) {
    const [one, other] = [first.scores[at]! - limitFirst, second.scores[at]! - limitSecond]
    if (one >= 0 === other >= 0) continue
    if (pairs.same[at] === 1) mates++
    else impostors++
    found.push({ at, apart: Math.abs(one) + Math.abs(other) })
  }
  const nameOf = (index: number) => request.pictures[index]!.name
  const listed = found
    .sort((x, y) => y.apart - x.apart || x.at - y.at)
    .slice(0, listedMax)
    .map(({ at }) => ({
      a: nameOf(pairs.a[at]!),
      b: nameOf(pairs.b[at]!),
      same: pairs.same[at] === 1,
      first: first.scores[at]!,
      second: second.scores[at]!,
    }))
  return { mates, impostors, listed }
}

/**
 * Runs both packs, one after the other, each in a process of its own, and holds them against each other on the pictures that both used.
 * @param breathe gives other calls their turn
 */
export async function compareModels(packs: PacksPort, request: CompareRequest, breathe: () => Promise<void>): Promise<ModelComparison> {
  const { pictures, source, fmr } = request
  const first = await lookAt(packs, request.first, pictures)
  const second = await lookAt(packs, request.second, pictures)
  const used = pictures.flatMap((_, at) => (first.templates[at] !== undefined && second.templates[at] !== undefined ? [at] : []))
  const pairs = pairsOf(pictures, used)
  const [scoredFirst, scoredSecond] = [await scoresOf(first, pairs, breathe), await scoresOf(second, pairs, breathe)]
  for (const template of [...first.templates, ...second.templates]) template?.fill(0)
  return {
    pictures: pictures.length,
    common: used.length,
    source,
    fmr,
    first: resultsOf(first, scoredFirst),
    second: resultsOf(second, scoredSecond),
    disagreements: disagreementsOf(request, pairs, scoredFirst, scoredSecond),
  }
}
