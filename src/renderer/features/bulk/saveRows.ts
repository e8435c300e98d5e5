/** Rows of an import as a file for a spreadsheet, asked for page after page. */
import type { ImportFilter } from '../../../contract/bulkImport.ts'
import type { JobId } from '../../../contract/jobs.ts'
import type { OutputOf } from '../../../contract/table.ts'
import { call } from '../../state/station.ts'
import { saveFile } from '../../ui/saveFile.ts'

export async function saveRows(job: JobId | undefined, outcome: ImportFilter): Promise<void> {
  if (job === undefined) return
  const parts: string[] = []
  for (let next: { after: number } | null = { after: 0 }; next !== null; ) {
    const page: OutputOf<'import.export'> = await call('import.export', { job, outcome, ...next })
    parts.push(...page.lines.map((line) => `${line}\r\n`))
    next = page.next
  }
  saveFile('import.csv', parts, 'text/csv')
}
