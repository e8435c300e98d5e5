/** Evaluation on pictures of the site's own. Nothing is stored: templates are compared and let go. */
import { VultusError } from '../contract/errors.ts'
import { demographicsUnknown, type EvaluationReport, type GroupReport, WorseningName, type WorseSteps } from '../contract/evaluation.ts'
import type { Pad } from '../contract/types.ts'
import { thresholdAt } from '../core/calibration.ts'
import { csvRows } from '../core/evaluation/csv.ts'
import { groupRates } from '../core/evaluation/groups.ts'
import { rateOf } from '../core/evaluation/intervals.ts'
import { type Presentation, padReport } from '../core/evaluation/pad.ts'
import { lightFigures, scoreFigures } from '../core/evaluation/report.ts'
import { inOrder } from './inOrder.ts'
import { type EvaluationFace, type EvaluationWatch, forget, type Looked, lookAtAll, type PictureSet, qualityPreset } from './pictureSet.ts'
import type { Ports } from './ports.ts'
import { scorePairs } from './scorePairs.ts'

/** Pictures of one evaluation: their templates are in memory, about 0.8 kB each for 128 numbers, and all pairs of them take an hour. */
export const evaluatedPicturesMax = 100_000

/** A folder with a list in it, as the station reads it. */
export interface ListedFolder {
  /** The list of the pictures, as text. */
  readonly list: string
  /** A picture of the folder by its name in the list. @throws VultusError picture.* */
  read(file: string): Promise<Uint8Array>
}

export type PadFace = Pick<Ports['face'], 'lookAtPicture' | 'worsened'>

export interface EvaluationPorts {
  readonly face: EvaluationFace & PadFace
  readonly watch: EvaluationWatch
  readonly now: () => Date
}

export interface EvaluationRequest {
  readonly pictures: PictureSet | undefined
  readonly pad: ListedFolder | undefined
  readonly fmrWanted: number
  /** Without the ladder of lighting. */
  readonly plain: boolean
}

/** The rates of groups; pictures of people without a group are left out. */
async function groupReport(ports: EvaluationPorts, { pictures }: Looked, fmrWanted: number): Promise<GroupReport | null> {
  const grouped = pictures.flatMap(({ picture: { person, group }, template }) => (group === undefined ? [] : [{ person, group, template }]))
  if (grouped.length === 0) return null
  const { threshold, supported } = thresholdAt(ports.face.model.calibration, fmrWanted)
  const counting = groupRates(grouped, threshold)
  let step = counting.next()
  while (!step.done) {
    await ports.watch.turn()
    step = counting.next()
  }
  return { fmrWanted, threshold, supported, groups: step.value }
}

/**
 * What the networks say of a presentation, also where their error rates were never measured: measuring them is what this is for.
 * Captures of a desk get no verdict from them until then.
 */
function responseOf(padScore: number | null | undefined, threshold: number | null): Pad {
  if (typeof padScore !== 'number' || threshold === null) return 'notAssessed'
  return padScore >= threshold ? 'passed' : 'failed'
}

async function padPresentations({ face, watch }: EvaluationPorts, folder: ListedFolder): Promise<readonly Presentation[]> {
  const rows = csvRows(folder.list, ['file', 'species'])
  if (typeof rows === 'string') throw new VultusError('request.invalid', `list of pictures: ${rows}`)
  if (rows.length > evaluatedPicturesMax) throw new VultusError('request.tooLarge', `at most ${evaluatedPicturesMax} pictures`)
  return await inOrder(rows, face.atOnce, async ({ file, species }) => {
    await watch.turn()
    return async (): Promise<Presentation> => {
      try {
        const { summary, sample } = await face.lookAtPicture({ picture: await folder.read(file), source: 'file' })
        sample.template.fill(0)
        sample.picture.fill(0)
        return { species, pad: responseOf(summary.padScore, face.model.padThreshold) }
      } catch (error) {
        if (!(error instanceof VultusError) || !/^(face|picture)\./.test(error.code)) throw error
        return { species, pad: undefined }
      }
    }
  })
}

/** A drawn face made worse in every way there is. */
function worsenings({ face, watch }: EvaluationPorts): Promise<WorseSteps[]> {
  return inOrder(WorseningName.options, face.atOnce, async (name) => {
    await watch.turn()
    return () => face.worsened({ name })
  })
}

const nothing: PictureSet = { pictures: [], read: () => Promise.reject(new VultusError('picture.missing')), sha256: () => '' }

/** Evaluates what was named. @throws VultusError request.invalid for a list that is not well formed, evaluation.cancelled */
export async function evaluate(ports: EvaluationPorts, request: EvaluationRequest): Promise<EvaluationReport> {
  const { face, watch, now } = ports
  const { fmrWanted, plain } = request
  const set = request.pictures ?? nothing
  const looked = await lookAtAll(face, set, !plain, watch)
  try {
    const scores = await scorePairs(looked.pictures, set.pairs, watch)
    const groups = await groupReport(ports, looked, fmrWanted)
    const presentations = request.pad === undefined ? undefined : await padPresentations(ports, request.pad)
    const worse = plain || set === nothing ? [] : await worsenings(ports)
    const enrolled = looked.pictures.filter(({ template }) => template !== undefined)
    const below = enrolled.filter(({ belowQualityLimit }) => belowQualityLimit).length
    const { threshold } = thresholdAt(face.model.calibration, fmrWanted)
    return {
      model: face.model.id,
      pictures: looked.pictures.length + (presentations?.length ?? 0),
      people: new Set(set.pictures.map(({ person }) => person)).size,
      enrolled: enrolled.length,
      refused: [...looked.refused],
      extraction: rateOf(enrolled.length, looked.pictures.length),
      belowQualityLimit: rateOf(below, enrolled.length),
      qualityPreset,
      ...scoreFigures(scores, face.model.calibration, fmrWanted),
      light: lightFigures(
        enrolled.map(({ lightScores }) => lightScores),
        threshold,
      ),
      worse,
      demographics: groups === null ? demographicsUnknown : 'measured for each group',
      groups,
      pad: presentations === undefined ? null : padReport(presentations, face.model.padThreshold),
      picturesSha256: set.sha256(),
      at: now().toISOString(),
    }
  } finally {
    forget(looked)
  }
}
