/** What the procedures of bulk import do. */
import { VultusError } from '../contract/errors.ts'
import type { AuditEntry } from '../contract/records.ts'
import { formColumns } from '../operations/import.ts'
import { decideImport, importPicture } from '../operations/importDecision.ts'
import { exportImport, reportImport } from '../operations/importReport.ts'
import type { Handlers } from './handlerTypes.ts'
import { lookAtSource } from './imports/source.ts'
import type { Parts } from './parts.ts'

export function importHandlers(parts: Parts) {
  const { jobs, imports, holder } = parts
  const face = parts.face.port
  const find = imports.lookUp.find.bind(imports.lookUp)
  const findOne = imports.lookUp.one.bind(imports.lookUp)
  return {
    'import.start': async (input, actor) => {
      const { begin, unreadColumns } = await imports.prepare(await holder.need(), input, actor)
      return { job: jobs.start('import', begin), unreadColumns }
    },
    'import.look': async ({ source }) => await lookAtSource(source, formColumns(await holder.need())),
    'import.resume': async (input, actor) => {
      const id = input.job
      const job = jobs.list().find((candidate) => candidate.kind === 'import' && (id === undefined || candidate.id === id))
      if (job === undefined) throw new VultusError('job.unknown')
      if (job.state === 'cancelled') throw new VultusError('job.notPossible', job.state)
      if (job.state !== 'paused' && job.state !== 'failed') return { job }
      const audit: AuditEntry = { event: 'import.resume', actor, outcome: 'done', details: { job: job.id } }
      return { job: jobs.resume(job.id, audit) }
    },
    'import.report': async (input) => await reportImport({ face, vault: await holder.need(), find }, input),
    'import.export': async (input) => await exportImport({ face, vault: await holder.need(), find }, input),
    'import.decide': async (input, actor) => await decideImport(await parts.ports(), findOne, input, actor),
    'import.picture': async (input) => {
      const { imports: rows } = await holder.need()
      const { job, settings, row } = rows.waiting(input.job, input.row)
      return { sample: (await importPicture(face, await findOne(job.id, settings, row))) as Uint8Array<ArrayBuffer> }
    },
  } satisfies Partial<Handlers>
}
