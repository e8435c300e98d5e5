/** Rows of an import that look like somebody in the gallery: a supervisor decides whether they are. */

import { importLimits } from '../contract/bulkImport.ts'
import { VultusError } from '../contract/errors.ts'
import type { ImportedRow, ImportSettings } from '../contract/importRecords.ts'
import type { Actor, AuditEntry } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { type ReferenceNo, SubjectId } from '../contract/types.ts'
import { livenessDetails, modelOf, referenceOf, refuseQuality, sourcesOf } from './enrol.ts'
import { addedBy, alike, samplesOf } from './import.ts'
import { intakeDetails, rowIntake } from './importConsent.ts'
import type { SourceRow } from './importPorts.ts'
import type { FacePort, Ports } from './ports.ts'

/** Finds a row again as it was imported. @throws VultusError import.sourceChanged */
export type FindRow = (job: string, settings: ImportSettings, wanted: Pick<ImportedRow, 'row' | 'mark'>) => Promise<SourceRow>

type Decided = OutputOf<'import.decide'>

/**
 * Does what was decided of a row, with its entry in the audit chain. Its pictures are read again: until somebody has decided, the vault
 * keeps nothing of a person who is not enrolled.
 * @throws VultusError import.rowUnknown, import.sourceChanged, import.numberTaken, subject.unknown, duplicate.found where somebody else
 *   looks alike whom the report did not name yet
 */
export async function decideImport(ports: Ports, find: FindRow, input: ParsedInputOf<'import.decide'>, actor: Actor): Promise<Decided> {
  const { decision, grounds } = input
  const { job, settings, row } = ports.vault.imports.waiting(input.job, input.row)
  const details = { job: job.id, row: row.row, decision, grounds }
  const audit: AuditEntry = { event: 'import.decide', actor, outcome: 'done', details }
  if (decision === 'dismiss') {
    ports.vault.imports.dismiss({ job: job.id, row: row.row, audit })
    return { row: row.row, outcome: 'dismissed', id: null, references: [] }
  }
  const source = await find(job.id, settings, row)
  const samples = await samplesOf(ports.face, source)
  refuseQuality(samples, { preset: settings.preset })
  return await ports.serialised(async () => {
    const id = SubjectId.parse(decision === 'same' ? input.subject : source.number)
    if (decision === 'different') await refuseUnseen({ ports, settings, job: job.id, row }, id, samples)
    else modelOf(ports, samples)
    // A subject who is there keeps what was filled in; that this person consented holds for them too.
    const intake = rowIntake(
      ports.vault,
      settings,
      { ...source, number: id, ...(decision === 'same' ? { form: undefined, name: undefined } : {}) },
      ports.nowMs(),
    )
    const outcome = decision === 'same' ? 'added' : 'enrolled'
    const change = ports.vault.imports.decide({
      job: job.id,
      row: row.row,
      outcome,
      id,
      name: decision === 'same' ? undefined : intake.name,
      form: decision === 'same' ? undefined : intake.form,
      consent: intake.consent,
      references: samples.map((sample) => referenceOf(sample)),
      audit: {
        ...audit,
        details: {
          ...details,
          references: samples.length,
          captureSource: sourcesOf(samples),
          ...livenessDetails(samples),
          ...intakeDetails(settings, intake),
        },
      },
    })
    await ports.publish(change, addedBy(change, samples))
    return { row: row.row, outcome, id, references: change.referenceNos as ReferenceNo[] }
  })
}

/** Somebody who came since the report was looked at was not decided upon. */
async function refuseUnseen(
  at: { ports: Ports; settings: ImportSettings; job: string; row: ImportedRow },
  id: SubjectId,
  samples: Parameters<typeof alike>[3],
): Promise<void> {
  const { ports, settings, job, row } = at
  const seen = new Set(row.candidates.map((candidate) => candidate.id))
  const candidates = await alike(ports, settings, id, samples)
  const shown = candidates.slice(0, importLimits.candidatesMax)
  if (shown.every((candidate) => seen.has(candidate.id))) return
  ports.vault.imports.setCandidates(job, row.row, shown)
  throw new VultusError('duplicate.found', undefined, { data: { candidates: shown.map((candidate) => ({ id: candidate.id })) } })
}

/** The sample of a row's first picture, to be looked at beside that of a candidate; nothing is kept. */
export async function importPicture(face: FacePort, row: SourceRow): Promise<Uint8Array> {
  const [read] = await row.pictures()
  if (read === undefined) throw new VultusError('picture.missing')
  const { captureId, sample } = await face.captureFromPicture({ picture: await read(), source: 'file' })
  await face.dropCapture({ captureId })
  return sample
}
