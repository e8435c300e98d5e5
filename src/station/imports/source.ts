/** What is imported: a folder or a list, whichever the path names. */
import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { VultusError } from '../../contract/errors.ts'
import type { ImportSettings } from '../../contract/importRecords.ts'
import type { SourceRow } from '../../operations/importPorts.ts'
import { folderRows, surveyFolder } from './folder.ts'
import { listRows, surveyList } from './list.ts'

export interface SourceSurvey {
  readonly kind: ImportSettings['kind']
  readonly total: number
  readonly unreadColumns: readonly string[]
}

/**
 * Looks through what is to be imported, before anything is done.
 * @throws VultusError import.sourceUnreadable, import.listInvalid, import.tooLarge, import.empty
 */
export async function surveySource(source: string, columns: ImportSettings['columns']): Promise<SourceSurvey> {
  if (!isAbsolute(source)) throw new VultusError('request.invalid', 'source: an absolute path')
  const found = await stat(source).catch(() => {
    throw new VultusError('import.sourceUnreadable')
  })
  const kind = found.isDirectory() ? 'folder' : 'list'
  const survey = kind === 'folder' ? await surveyFolder(source) : await surveyList(source, columns)
  if (survey.total === 0) throw new VultusError('import.empty')
  return { kind, ...survey }
}

/** The rows of an import, from the first. @throws VultusError as surveySource does */
export function rowsOf(settings: ImportSettings): AsyncGenerator<SourceRow> {
  return settings.kind === 'folder' ? folderRows(settings) : listRows(settings)
}
