/** What became of an import: pages of its report, and its rows as a list that people can work with. */

import { type ImportFilter, ImportOutcome, type ImportReport, importLimits, type ReportedRow } from '../contract/bulkImport.ts'
import type { ErrorCode } from '../contract/errors.ts'
import { errorTable } from '../contract/errors.ts'
import type { ImportedRow, ImportSettings } from '../contract/importRecords.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import type { SubjectId } from '../contract/types.ts'
import { fmrAt } from '../core/calibration.ts'
import { csvField } from '../core/csv.ts'
import type { SourceRow } from './importPorts.ts'
import type { Ports, VaultPort } from './ports.ts'

/** Finds rows again in what was imported; readable is false where one is not there as it was. */
export type FindRows = (
  job: string,
  settings: ImportSettings,
  wanted: readonly Pick<ImportedRow, 'row' | 'mark'>[],
) => Promise<{ readable: boolean; rows: ReadonlyMap<number, SourceRow> }>

interface ReportPorts {
  readonly face: Pick<Ports['face'], 'model'>
  readonly vault: VaultPort
  readonly find: FindRows
}

const outcomesOf: Readonly<Partial<Record<ImportFilter, readonly ImportOutcome[]>>> = {
  all: ImportOutcome.options,
  notEnrolled: ['skipped', 'suspected', 'dismissed', 'refused'],
}

export async function reportImport(ports: ReportPorts, input: ParsedInputOf<'import.report'>): Promise<OutputOf<'import.report'>> {
  const { outcome, limit, after } = input
  const outcomes = outcomesOf[outcome] ?? [ImportOutcome.parse(outcome)]
  const { job, settings, counts, reasons, rows } = ports.vault.imports.report({ job: input.job, outcomes, after, limit })
  const found = await ports.find(job.id, settings, rows)
  const last = rows.at(-1)
  return {
    job,
    source: settings.source,
    kind: settings.kind,
    readable: found.readable,
    unreadColumns: [...settings.unreadColumns],
    counts,
    reasons: { ...reasons },
    rows: rows.map((row) => reported(ports, row, found.rows.get(row.row))),
    ...(rows.length < limit || last === undefined ? {} : { cursor: last.row }),
  }
}

function reported({ face }: Pick<ReportPorts, 'face'>, imported: ImportedRow, source: SourceRow | undefined): ReportedRow {
  const { row, outcome, code, detail, subject, candidates } = imported
  const { message, remedy } = wordsOf(code)
  const rateOf = (model: string, score: number) => (face.model?.id === model ? fmrAt(face.model.calibration, score) : null)
  return {
    row,
    line: source?.line ?? null,
    number: source?.number ?? subject,
    name: source?.name ?? null,
    picture: source?.picture ?? null,
    outcome,
    code,
    detail,
    message,
    remedy,
    candidates: candidates.map(({ id, model, comparisonScore }) => ({
      id: id as SubjectId,
      comparisonScore,
      fmr: rateOf(model, comparisonScore),
    })),
  }
}

const wordsOf = (code: ErrorCode | null) => (code === null ? { message: null, remedy: null } : errorTable[code])

const csvColumns = ['row', 'line', 'number', 'name', 'picture', 'outcome', 'code', 'detail', 'message', 'remedy', 'candidates'] as const
const bom = '\uFEFF'

function rowLine(row: ReportedRow): string {
  const fields = { ...row, candidates: row.candidates.map(({ id }) => id).join(' ') }
  return csvColumns.map((column) => csvField(fields[column])).join(',')
}

/** The next page of the rows as lines of a file, in CSV or as one array in JSON. */
export async function exportImport(ports: ReportPorts, input: ParsedInputOf<'import.export'>): Promise<OutputOf<'import.export'>> {
  const { after, format } = input
  const report: ImportReport = await reportImport(ports, { ...input, limit: importLimits.rowsPerPageMax })
  const next = report.cursor === undefined ? null : { after: report.cursor }
  if (format === 'csv') {
    const lines = report.rows.map(rowLine)
    return { lines: after === 0 ? [bom + csvColumns.join(','), ...lines] : lines, next }
  }
  const rows = report.rows.map((row, index) => `${after === 0 && index === 0 ? ' ' : ','}${JSON.stringify(row)}`)
  return { lines: [...(after === 0 ? ['['] : []), ...rows, ...(next === null ? [']'] : [])], next }
}
