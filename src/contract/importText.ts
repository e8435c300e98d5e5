/** The report of an import as people print it. */
import type { ImportReport, ReportedRow } from './bulkImport.ts'

/** Control characters of a list must not steer the terminal. */
const printable = (text: string) => text.replace(/\p{Cc}/gu, '?')

function rowText({ row, number, picture, outcome, message, detail, candidates }: ReportedRow): string {
  const who = [number, picture].filter((part) => part !== null).map((part) => printable(part))
  const why = message === null ? '' : `: ${message}${detail === null ? '' : ` (${printable(detail)})`}`
  const alike = candidates.map(({ id }) => id).join(', ')
  return `  row ${row}  ${[...who, outcome].join('  ')}${why}${alike === '' ? '' : `, looks like ${alike}`}`
}

/** @param report of an import; where it did not end, the job alone */
export function importText({
  job,
  counts,
  rows,
  cursor,
  unreadColumns,
  readable,
}: Pick<ImportReport, 'job'> & Partial<ImportReport>): string {
  const state = `import ${job.id}: ${job.state}, ${job.done} of ${job.total} rows${job.error === null ? '' : ` (${job.error})`}`
  if (counts === undefined) return state
  const lines = [
    state,
    `  ${Object.entries(counts)
      .map(([outcome, count]) => `${outcome} ${count}`)
      .join(', ')}`,
  ]
  if (unreadColumns !== undefined && unreadColumns.length > 0)
    lines.push(`  columns that were not read: ${unreadColumns.map(printable).join(', ')}`)
  if (readable === false) lines.push('  the folder or list is not there any more, or not as it was: rows have no names')
  for (const row of rows ?? []) lines.push(rowText(row))
  if (cursor !== undefined) lines.push(`  more: vultus import report --after ${cursor}, or all of them: vultus import export --out FILE`)
  return lines.join('\n')
}
