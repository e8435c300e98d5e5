/** What is imported: a folder or a list, whichever the path names. */
import { stat } from 'node:fs/promises'
import { extname, isAbsolute } from 'node:path'
import { VultusError } from '../../contract/errors.ts'
import type { ImportColumns, ImportSettings } from '../../contract/importRecords.ts'
import type { OutputOf } from '../../contract/table.ts'
import { type FormColumn, guessColumns } from '../../core/importColumns.ts'
import type { SourceRow } from '../../operations/importPorts.ts'
import { folderRows, surveyFolder } from './folder.ts'
import { headerOf, listRows, surveyList } from './list.ts'

export const listEndings: readonly string[] = ['.csv', '.tsv', '.txt']

export interface SourceSurvey {
  readonly kind: ImportSettings['kind']
  readonly total: number
  readonly unreadColumns: readonly string[]
  readonly columns: ImportColumns
}

/** @throws VultusError request.invalid, import.sourceUnreadable */
async function kindOf(source: string): Promise<ImportSettings['kind']> {
  if (!isAbsolute(source)) throw new VultusError('request.invalid', 'source: an absolute path')
  const found = await stat(source).catch(() => {
    throw new VultusError('import.sourceUnreadable')
  })
  return found.isDirectory() ? 'folder' : 'list'
}

/**
 * What a folder or list is, and what the names of its columns tell.
 * @param form fields of the form that may have a column
 * @throws VultusError import.sourceUnreadable, import.listInvalid, import.tooLarge
 */
export async function lookAtSource(source: string, form: readonly FormColumn[]): Promise<OutputOf<'import.look'>> {
  const nothing = { number: null, name: null, picture: null, consent: null }
  const kind = await kindOf(source)
  if (kind === 'folder') return { kind, rows: (await surveyFolder(source)).total, columns: [], taken: nothing, fields: {} }
  // The first line is shown to whoever asks: that of a list, not of any file that the station may read.
  if (!listEndings.includes(extname(source).toLowerCase())) {
    throw new VultusError('import.listInvalid', `the name of a list ends in ${listEndings.join(', ')}`)
  }
  const { columns, rows } = await headerOf(source)
  const { taken, fields } = guessColumns(columns, form)
  return { kind, rows, columns, taken: { ...nothing, ...taken }, fields: { ...fields } }
}

/**
 * Looks through what is to be imported, before anything is done.
 * @throws VultusError import.sourceUnreadable, import.listInvalid, import.tooLarge, import.empty
 */
export async function surveySource(source: string, named: ImportColumns, form: readonly FormColumn[]): Promise<SourceSurvey> {
  const kind = await kindOf(source)
  const survey = kind === 'folder' ? { ...(await surveyFolder(source)), columns: named } : await surveyList(source, columnsFor)
  if (survey.total === 0) throw new VultusError('import.empty')
  return { kind, ...survey }

  // What the names tell is fixed now: a form that changes later changes nothing of an import that goes on.
  function columnsFor(header: readonly string[]): ImportColumns {
    const { taken, fields } = guessColumns(header, named.fields === undefined ? form : [])
    return { ...named, consent: named.consent ?? taken.consent, fields: named.fields ?? fields }
  }
}

/** The rows of an import, from the first. @throws VultusError as surveySource does */
export function rowsOf(settings: ImportSettings): AsyncGenerator<SourceRow> {
  return settings.kind === 'folder' ? folderRows(settings) : listRows(settings)
}
