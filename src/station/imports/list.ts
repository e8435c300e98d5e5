/**
 * A list of people in CSV (RFC 4180), read as a stream: UTF-8 with or without byte order mark, comma, semicolon or tab. Pictures are
 * named relative to the folder of the list.
 */
import { constants } from 'node:fs'
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline, Transform } from 'node:stream'
import { type CsvError, parse } from 'csv-parse'
import { importLimits } from '../../contract/bulkImport.ts'
import { VultusError } from '../../contract/errors.ts'
import type { ImportColumns, ImportSettings } from '../../contract/importRecords.ts'
import { columnsOf, type ListColumns, shapeOf } from '../../core/importColumns.ts'
import type { SourceRow } from '../../operations/importPorts.ts'
import { readPictureBelow } from './pictureBelow.ts'
import { markOf, problemOf } from './rowFields.ts'

interface ListRecord {
  readonly fields: readonly string[]
  /** Line of the file at which the record ends, from 1. */
  readonly line: number
}

/** @throws VultusError import.sourceUnreadable, import.tooLarge */
async function openList(path: string): Promise<FileHandle> {
  // Without it a pipe that nobody writes to would be waited for, and the station with it.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => {
    throw new VultusError('import.sourceUnreadable')
  })
  const found = await file.stat()
  if (found.isFile() && found.size <= importLimits.listBytesMax) return file
  await file.close()
  throw new VultusError(found.isFile() ? 'import.tooLarge' : 'import.sourceUnreadable')
}

/** Passes bytes on that are UTF-8, and fails at the first that are not. */
function onlyUtf8(): Transform {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const check = (bytes: Uint8Array | undefined, done: (error?: Error | null, data?: unknown) => void) => {
    try {
      decoder.decode(bytes, { stream: bytes !== undefined })
      done(null, bytes)
    } catch {
      done(new VultusError('import.listInvalid', 'it is not UTF-8'))
    }
  }
  return new Transform({ transform: (bytes: Uint8Array, _encoding, done) => check(bytes, done), flush: (done) => check(undefined, done) })
}

/** What a fault of the list is, in words that repeat nothing of it. */
function listFault(error: unknown): VultusError {
  if (error instanceof VultusError) return error
  const { code, lines } = error as Partial<CsvError>
  const at = typeof lines === 'number' ? `line ${lines}: ` : ''
  if (code === 'CSV_MAX_RECORD_SIZE')
    return new VultusError('import.listInvalid', `${at}a row is longer than 64 KiB, or a quote is not closed`)
  if (code !== undefined && /QUOTE/.test(code))
    return new VultusError('import.listInvalid', `${at}a quote is not closed, or stands where none may`)
  return new VultusError('import.sourceUnreadable')
}

/** Every record of a list, the header first. @throws VultusError import.sourceUnreadable, import.listInvalid, import.tooLarge */
async function* recordsOf(path: string): AsyncGenerator<ListRecord> {
  const file = await openList(path)
  try {
    const beginning = Buffer.alloc(importLimits.rowBytesMax)
    const { bytesRead } = await file.read(beginning, 0, beginning.length, 0)
    const { delimiter, linesBefore } = shapeOf(beginning.toString('utf8', 0, bytesRead))
    const parser = parse({
      bom: true,
      delimiter,
      from_line: linesBefore + 1,
      info: true,
      max_record_size: importLimits.rowBytesMax,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    })
    pipeline(file.createReadStream({ start: 0, autoClose: false }), onlyUtf8(), parser, () => undefined)
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { fields: record, line: info.lines }
    }
  } catch (error) {
    throw listFault(error)
  } finally {
    await file.close()
  }
}

/** @throws VultusError import.listInvalid naming the column */
function columnsIn({ fields }: ListRecord, named: ImportColumns): ListColumns {
  assertFewColumns(fields)
  const columns = columnsOf(fields, named)
  if (typeof columns === 'string') throw new VultusError('import.listInvalid', columns)
  return columns
}

function assertFewColumns(fields: readonly string[]): void {
  if (fields.length > importLimits.listColumnsMax)
    throw new VultusError('import.listInvalid', `more than ${importLimits.listColumnsMax} columns`)
}

const shortened = (names: readonly string[]) => names.map((name) => name.slice(0, importLimits.columnCharactersMax))

/**
 * Looks through a whole list.
 * @param columnsFor what the columns are, once the first line is known
 * @throws VultusError import.sourceUnreadable, import.listInvalid, import.tooLarge
 */
export async function surveyList(path: string, columnsFor: (header: readonly string[]) => ImportColumns): Promise<ListSurvey> {
  let found: { columns: ListColumns; named: ImportColumns } | undefined
  let total = 0
  for await (const record of recordsOf(path)) {
    if (found === undefined) {
      const named = columnsFor(record.fields)
      found = { columns: columnsIn(record, named), named }
    } else if (++total > importLimits.listRowsMax) throw new VultusError('import.tooLarge')
  }
  return { total, unreadColumns: shortened(found?.columns.unread ?? []), columns: found?.named ?? {} }
}

export interface ListSurvey {
  /** Rows. */
  readonly total: number
  readonly unreadColumns: readonly string[]
  readonly columns: ImportColumns
}

/** The names in the first line, and how many rows there are. @throws VultusError as surveyList does */
export async function headerOf(path: string): Promise<{ readonly columns: string[]; readonly rows: number }> {
  let columns: string[] | undefined
  let rows = 0
  for await (const { fields } of recordsOf(path)) {
    if (columns === undefined) {
      assertFewColumns(fields)
      columns = shortened(fields)
    } else if (++rows > importLimits.listRowsMax) throw new VultusError('import.tooLarge')
  }
  return { columns: columns ?? [], rows }
}

/** The rows below the header, in their order. @throws VultusError as surveyList does */
export async function* listRows(settings: Pick<ImportSettings, 'source' | 'columns' | 'salt'>): AsyncGenerator<SourceRow> {
  const { source, salt } = settings
  const folder = await realpath(dirname(source)).catch(() => {
    throw new VultusError('import.sourceUnreadable')
  })
  let columns: ListColumns | undefined
  let row = 0
  for await (const record of recordsOf(source)) {
    if (columns === undefined) columns = columnsIn(record, settings.columns)
    else yield rowOf(record, columns, { row: ++row, salt, folder })
  }
}

function rowOf({ fields, line }: ListRecord, columns: ListColumns, at: { row: number; salt: string; folder: string }): SourceRow {
  const field = (place: number | undefined) => (place === undefined ? '' : (fields[place] ?? '')).trim()
  const number = field(columns.number)
  const name = field(columns.name) || undefined
  const picture = field(columns.picture)
  const form = Object.fromEntries(
    Object.entries(columns.fields)
      .map(([id, place]) => [id, field(place)] as const)
      .filter(([, value]) => value !== ''),
  )
  const consentDay = columns.consent === undefined ? undefined : field(columns.consent)
  // Lists without these columns keep the mark that they had before there were any.
  const beside = Object.keys(columns.fields).length === 0 && consentDay === undefined ? [] : [JSON.stringify([form, consentDay ?? null])]
  const noPicture = picture === '' ? ({ code: 'import.rowInvalid', detail: 'picture: there is none' } as const) : undefined
  // Most rows are only passed over, where a job goes on or a report is made: what costs time is found when it is asked for.
  return {
    row: at.row,
    line,
    number,
    name,
    picture,
    form,
    consentDay,
    get problem() {
      return problemOf({ number, name }) ?? noPicture
    },
    get mark() {
      return markOf(at.salt, [number, name ?? null, picture, ...beside])
    },
    pictures: async () => [() => readPictureBelow(at.folder, picture)],
  }
}
