/** Bulk import: each row is looked at, searched for in the gallery, and enrolled, left to a supervisor, or refused with its reason. */

import { importLimits } from '../contract/bulkImport.ts'
import { type ErrorCode, VultusError } from '../contract/errors.ts'
import { nameField, numberField } from '../contract/form.ts'
import type { ImportSettings, RowCandidate, RowProblem } from '../contract/importRecords.ts'
import type { Job } from '../contract/jobs.ts'
import type { Sample } from '../contract/processes.ts'
import type { Actor } from '../contract/records.ts'
import type { ParsedInputOf } from '../contract/table.ts'
import type { FormColumn } from '../core/importColumns.ts'
import { livenessDetails, lookAlikes, modelOf, referenceOf, refuseQuality, sourcesOf } from './enrol.ts'
import { intakeDetails, rowIntake } from './importConsent.ts'
import type { SourceRow } from './importPorts.ts'
import type { FacePort, Ports, VaultPort } from './ports.ts'
import type { Looked, RowsAhead } from './rowsAhead.ts'

/** Rows that are looked at at once: one in the face process, and one that waits for it. */
export const rowsAheadMax = 2
/** A picture that ends the face process so often, or that needs more memory than there is, is refused. */
const triesMax = 3

export type RowPorts = Pick<Ports, 'face' | 'vault' | 'nowMs'>

export interface ImportPorts extends Ports {
  /** Waits before another try. */
  readonly pause: () => Promise<void>
}

/** Begins the job; from here on what it reads and how it decides is fixed. */
export function beginImport(
  vault: VaultPort,
  input: ParsedInputOf<'import.start'>,
  survey: Pick<ImportSettings, 'kind' | 'unreadColumns' | 'columns' | 'consent' | 'salt'> & { readonly total: number },
  actor: Actor,
): Job {
  const { source, duplicates, preset, fmr, fpir = null } = input
  const { total, ...found } = survey
  const details = {
    kind: survey.kind,
    rows: total,
    duplicates,
    preset,
    fmr,
    fpir,
    ...(survey.consent === undefined ? {} : { consent: survey.consent.given }),
  }
  return vault.imports.begin({ source, duplicates, preset, fmr, fpir, ...found }, total, {
    event: 'import.start',
    actor,
    outcome: 'done',
    details,
  })
}

/** Fields of the form that a list may have a column for, with all that they are called. */
export const formColumns = (vault: VaultPort): FormColumn[] =>
  vault.forms
    .current()
    .policy.fields.filter(({ id }) => id !== numberField && id !== nameField)
    .map(({ id, label }) => ({ id, names: Object.values(label) }))

/** Looks at a row; never rejects. */
export async function lookAtRow(ports: RowPorts, job: string, settings: ImportSettings, row: SourceRow): Promise<Looked> {
  try {
    if (row.problem !== undefined) return { problem: row.problem }
    const standing = ports.vault.imports.standingOf(job, row.number)
    if (standing !== 'free') return { standing }
    // What the list lacks is found before a picture is looked at.
    rowIntake(ports.vault, settings, row, ports.nowMs())
    return { samples: await samplesOf(ports.face, row) }
  } catch (error) {
    return { error }
  }
}

/** The samples of all pictures of a row, one picture after the other. @throws VultusError picture.*, face.*, import.* */
export async function samplesOf(face: FacePort, row: Pick<SourceRow, 'pictures'>): Promise<Sample[]> {
  const samples: Sample[] = []
  for (const read of await row.pictures()) samples.push(await sampleOf(face, await read()))
  return samples
}

async function sampleOf(face: FacePort, picture: Uint8Array): Promise<Sample> {
  const { captureId } = await face.captureFromPicture({ picture, source: 'file' })
  try {
    return await face.takeSample({ captureId })
  } finally {
    await face.dropCapture({ captureId }).catch(() => undefined)
  }
}

/** One step of the job: the next row. What it does and that the job is behind it are committed together. */
export async function importStep(ports: ImportPorts, job: string, settings: ImportSettings, ahead: RowsAhead): Promise<Job> {
  const head = await ahead.head()
  if (head === undefined) return ports.vault.imports.finish(job)
  const ended = await rowDone(ports, job, settings, head.row, await head.looked)
  ahead.shift()
  return ended
}

/** Does a row; what may pass by itself is tried again, and what is wrong with the row itself is kept as its refusal. */
async function rowDone(ports: ImportPorts, job: string, settings: ImportSettings, row: SourceRow, first: Looked): Promise<Job> {
  let looked = first
  for (let tries = 1; ; tries++) {
    try {
      return await doneWith(ports, job, settings, row, looked)
    } catch (error) {
      const problem = problemOfRow(error, 'error' in looked && tries === triesMax)
      if (problem !== undefined) return ports.vault.imports.keep(job, { ...row, outcome: 'refused', problem })
      if (tries === triesMax || !mayPass(error)) throw error
    }
    await ports.pause()
    looked = await lookAtRow(ports, job, settings, row)
  }
}

async function doneWith(ports: Ports, job: string, settings: ImportSettings, row: SourceRow, looked: Looked): Promise<Job> {
  const { imports } = ports.vault
  if ('error' in looked) throw looked.error
  if ('problem' in looked) return imports.keep(job, { ...row, outcome: 'refused', problem: looked.problem })
  if ('samples' in looked) return await enrolRow(ports, job, settings, row, looked.samples)
  if (looked.standing === 'skipped') return imports.keep(job, { ...row, outcome: 'skipped', problem: undefined })
  return imports.keep(job, { ...row, outcome: 'refused', problem: { code: 'import.numberTaken' } })
}

async function enrolRow(ports: Ports, job: string, settings: ImportSettings, row: SourceRow, samples: readonly Sample[]): Promise<Job> {
  const { imports } = ports.vault
  refuseQuality(samples, { preset: settings.preset })
  return await ports.serialised(async () => {
    const candidates = await alike(ports, settings, row.number, samples)
    if (candidates.length > 0) return imports.keep(job, { ...row, ...keptAsAlike(settings, candidates) })
    const references = samples.map((sample) => referenceOf(sample))
    const intake = rowIntake(ports.vault, settings, row, ports.nowMs())
    const details = {
      preset: settings.preset,
      captureSource: sourcesOf(samples),
      ...livenessDetails(samples),
      ...intakeDetails(settings, intake),
    }
    const { job: ended, change } = imports.enrol(job, { row: row.row, mark: row.mark, number: row.number, ...intake, references, details })
    if (change !== undefined) await ports.publish(change, addedBy(change, samples))
    return ended
  })
}

/** What the matcher is told of new references. */
export function addedBy({ referenceNos }: { readonly referenceNos: readonly number[] }, samples: readonly Sample[]) {
  return referenceNos.map((referenceNo, index) => ({ referenceNo, template: (samples[index] as Sample).template }))
}

/** Other subjects who look like the samples, best first. */
export async function alike(ports: Ports, settings: ImportSettings, id: string, samples: readonly Sample[]): Promise<RowCandidate[]> {
  const model = modelOf(ports, samples)
  const { candidates: found } = await lookAlikes(ports, model, samples, { id, fmr: settings.fmr, fpir: settings.fpir ?? undefined })
  return found.map((candidate) => ({ id: candidate.id, comparisonScore: candidate.comparisonScore, model: model.id }))
}

function keptAsAlike({ duplicates }: ImportSettings, found: readonly RowCandidate[]) {
  const candidates = found.slice(0, importLimits.candidatesMax)
  return duplicates === 'ask'
    ? ({ outcome: 'suspected', problem: { code: 'import.suspected' }, candidates } as const)
    : ({ outcome: 'refused', problem: { code: 'duplicate.found' }, candidates } as const)
}

const codeOf = (error: unknown): ErrorCode | undefined => (error instanceof VultusError ? error.code : undefined)

const rowCodes: readonly ErrorCode[] = [
  'quality.refused',
  'import.rowInvalid',
  'import.pathOutside',
  'import.numberTaken',
  'duplicate.found',
  'form.refused',
  'consent.required',
]
/** What another try may not meet: a process that was started again, a model that was changed, a gallery that is being loaded. */
const passingCodes: readonly ErrorCode[] = [
  'process.restarted',
  'resource.exhausted',
  'rate.limited',
  'capture.unknown',
  'gallery.notReady',
]

const mayPass = (error: unknown) => passingCodes.some((code) => code === codeOf(error))

/** What is wrong with the row, where it is the row. @param lastTry a picture that ended its process time and again is to blame itself */
function problemOfRow(error: unknown, lastTry: boolean): RowProblem | undefined {
  const code = codeOf(error)
  if (code === undefined) return undefined
  const ofPicture = /^(picture|face)[.]/.test(code) || rowCodes.includes(code)
  const endsProcesses = lastTry && (code === 'process.restarted' || code === 'resource.exhausted')
  return ofPicture || endsProcesses ? { code, detail: (error as VultusError).detail } : undefined
}
