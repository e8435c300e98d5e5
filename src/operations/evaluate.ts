/** Evaluation on pictures of the site's own. Nothing is stored: templates are compared and let go. */
import { VultusError } from '../contract/errors.ts'
import { demographicsUnknown, type EvaluationReport } from '../contract/rows/evaluation.ts'
import type { OutputOf } from '../contract/table.ts'
import { thresholdAt } from '../core/calibration.ts'
import { csvRows } from '../core/evaluation/csv.ts'
import { type GroupedPicture, groupRates } from '../core/evaluation/groups.ts'
import { type Presentation, padReport } from '../core/evaluation/pad.ts'
import { activeModel } from './enrol.ts'
import type { Ports } from './ports.ts'

/** Pictures of one evaluation. */
export const evaluatedPicturesMax = 5000

/** The folder of the pictures, as the station reads it. */
export interface PictureFolder {
  /** The list of the pictures, as text. */
  readonly list: string
  /** A picture of the folder by its name in the list. @throws VultusError picture.* */
  read(file: string): Promise<Uint8Array>
}

export interface EvaluationPorts extends Pick<Ports, 'face'> {
  /** Lets others have their turn. */
  readonly turn: () => Promise<unknown>
}

function rowsOf<Column extends string>(folder: PictureFolder, columns: readonly Column[]): Record<Column, string>[] {
  const rows = csvRows(folder.list, columns)
  if (typeof rows === 'string') throw new VultusError('request.invalid', `list of pictures: ${rows}`)
  if (rows.length > evaluatedPicturesMax) throw new VultusError('request.tooLarge', `at most ${evaluatedPicturesMax} pictures`)
  return rows
}

/** The capture of a picture; the code of the refusal where it gives none. */
async function captured(ports: EvaluationPorts, folder: PictureFolder, file: string) {
  try {
    const picture = await folder.read(file)
    const { captureId, pad } = await ports.face.captureFromPicture({ picture, source: 'file' })
    const { template } = await ports.face.takeSample({ captureId })
    const kept = template.slice()
    await ports.face.dropCapture({ captureId })
    return { pad, template: kept, reason: undefined }
  } catch (error) {
    const expected = error instanceof VultusError && /^(face|picture)\./.test(error.code)
    if (!expected) throw error
    return { pad: undefined, template: undefined, reason: error.code }
  }
}

async function evaluateGroups(
  ports: EvaluationPorts,
  folder: PictureFolder,
  fmrWanted: number,
): Promise<NonNullable<EvaluationReport['groups']>> {
  const { threshold, supported } = thresholdAt(activeModel(ports).calibration, fmrWanted)
  const pictures: GroupedPicture[] = []
  const refused: { file: string; reason: string }[] = []
  for (const { file, person, group } of rowsOf(folder, ['file', 'person', 'group'])) {
    const { template, reason } = await captured(ports, folder, file)
    pictures.push({ person, group, template })
    if (reason !== undefined) refused.push({ file, reason })
  }
  const counting = groupRates(pictures, threshold)
  let step = counting.next()
  while (!step.done) {
    await ports.turn()
    step = counting.next()
  }
  for (const { template } of pictures) template?.fill(0)
  return { fmrWanted, threshold, supported, groups: step.value, refused }
}

async function evaluatePad(ports: EvaluationPorts, folder: PictureFolder): Promise<readonly Presentation[]> {
  const presentations: Presentation[] = []
  for (const { file, species } of rowsOf(folder, ['file', 'species'])) {
    const { pad, template } = await captured(ports, folder, file)
    template?.fill(0)
    presentations.push({ species, pad })
  }
  return presentations
}

/** Evaluates what was named. @throws VultusError request.invalid for a list that is not well formed */
export async function evaluate(
  ports: EvaluationPorts,
  folders: { readonly groups: PictureFolder | undefined; readonly pad: PictureFolder | undefined },
  fmrWanted: number,
): Promise<OutputOf<'evaluation.run'>> {
  const model = activeModel(ports).id
  const groups = folders.groups === undefined ? null : await evaluateGroups(ports, folders.groups, fmrWanted)
  const presentations = folders.pad === undefined ? undefined : await evaluatePad(ports, folders.pad)
  return {
    model,
    pictures: (groups?.groups.reduce((sum, { pictures }) => sum + pictures, 0) ?? 0) + (presentations?.length ?? 0),
    demographics: groups === null ? demographicsUnknown : 'measured for each group',
    groups,
    pad: presentations === undefined ? null : padReport(presentations),
  }
}
