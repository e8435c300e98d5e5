/**
 * The bulk import of this station: the folder or list that its job reads, kept open between the steps, and the rows that reports ask for.
 * 1. Nothing here outlives the process: where the job is stands in the vault.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { VultusError } from '../../contract/errors.ts'
import type { ImportSettings } from '../../contract/importRecords.ts'
import type { Job } from '../../contract/jobs.ts'
import type { Actor } from '../../contract/records.ts'
import type { ParsedInputOf } from '../../contract/table.ts'
import { beginImport, formColumns, importStep, lookAtRow, rowsAheadMax } from '../../operations/import.ts'
import { importConsent } from '../../operations/importConsent.ts'
import type { SourceRow } from '../../operations/importPorts.ts'
import type { Ports, VaultPort } from '../../operations/ports.ts'
import { RowsAhead } from '../../operations/rowsAhead.ts'
import { RowLookUp } from './rowLookUp.ts'
import { rowsOf, surveySource } from './source.ts'

const saltBytes = 16
/** A process that has ended needs a moment to come up. */
const pauseMs = 500

interface Working {
  readonly job: string
  readonly settings: ImportSettings
  readonly ahead: RowsAhead
}

export class Imports {
  readonly lookUp = new RowLookUp()
  #working: Working | undefined

  /**
   * Looks through what is to be imported. @returns what begins the job of it
   * @throws VultusError import.sourceUnreadable, import.listInvalid, import.tooLarge, import.empty
   */
  async prepare(
    vault: VaultPort,
    input: ParsedInputOf<'import.start'>,
    actor: Actor,
  ): Promise<{ begin: (vault: VaultPort) => Job; unreadColumns: string[] }> {
    const { source, numberColumn, nameColumn, pictureColumn, consentColumn, fieldColumns } = input
    const named = { number: numberColumn, name: nameColumn, picture: pictureColumn, consent: consentColumn, fields: fieldColumns }
    const consent = importConsent(vault, input)
    const survey = await surveySource(source, named, formColumns(vault))
    const salt = randomBytes(saltBytes).toString('base64url')
    return { begin: (vault) => beginImport(vault, input, { ...survey, consent, salt }, actor), unreadColumns: [...survey.unreadColumns] }
  }

  /** One step of the job. @throws VultusError import.sourceChanged, and what keeps the station from enrolling */
  async step(ports: Ports, job: string): Promise<Job> {
    if (this.#working?.job !== job) await this.over()
    this.#working ??= await openAt(ports, job)
    const { settings, ahead } = this.#working
    return await importStep({ ...ports, pause: () => sleep(pauseMs) }, job, settings, ahead)
  }

  /** Lets go of what the steps needed. */
  async over(): Promise<void> {
    const working = this.#working
    this.#working = undefined
    await working?.ahead.close()
  }
}

/** Opens what a job reads, behind the last row that is done. */
async function openAt(ports: Ports, job: string): Promise<Working> {
  const { settings, after, mark } = ports.vault.imports.next(job)
  const rows = rowsOf(settings)
  if (after > 0) await passOver(rows, after, mark)
  return { job, settings, ahead: new RowsAhead(rows, (row) => lookAtRow(ports, job, settings, row), rowsAheadMax) }
}

/** @throws VultusError import.sourceChanged where the last row that is done is another one now */
async function passOver(rows: AsyncGenerator<SourceRow>, after: number, mark: string | null): Promise<void> {
  for (;;) {
    const next = await rows.next()
    const last = next.value
    if (last !== undefined && last.row < after) continue
    if (last !== undefined && (mark === null || last.mark === mark)) return
    await rows.return(undefined)
    throw new VultusError('import.sourceChanged')
  }
}
