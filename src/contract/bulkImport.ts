/** What a bulk import answers: outcomes of rows, and its report. */
import { z } from 'zod'
import { Job } from './jobs.ts'
import { Sequence, SubjectId } from './types.ts'

export const importLimits = {
  listBytesMax: 512 * 1024 * 1024,
  listRowsMax: 1_000_000,
  listColumnsMax: 200,
  /** Of one row of a list. */
  rowBytesMax: 64 * 1024,
  folderEntriesMax: 100_000,
  /** Files of the folder of one person, pictures or not. */
  personFilesMax: 1_000,
  pathCharactersMax: 4096,
  columnCharactersMax: 100,
  rowsPerPageMax: 1000,
  /** Subjects that a row may be, of whom the report tells. */
  candidatesMax: 10,
} as const

/**
 * What became of a row. suspected: somebody in the gallery looks alike, and a supervisor decides; added: decided to be that subject;
 * dismissed: decided to be left out; skipped: the number was enrolled before the import.
 */
export const ImportOutcome = z.enum(['enrolled', 'added', 'skipped', 'suspected', 'dismissed', 'refused'])
export type ImportOutcome = z.infer<typeof ImportOutcome>

/** Which rows a report has. */
export const ImportFilter = z.enum(['notEnrolled', 'all', ...ImportOutcome.options])
export type ImportFilter = z.infer<typeof ImportFilter>

export const ImportDecision = z.enum(['different', 'same', 'dismiss'])
export type ImportDecision = z.infer<typeof ImportDecision>

/** What a decision rests on; a code, because the audit chain keeps no words about people. */
export const ImportGrounds = z.enum(['pictures', 'documents', 'relatives', 'knownInPerson', 'other'])

const Outcomes = z.object(Object.fromEntries(ImportOutcome.options.map((outcome) => [outcome, z.number().int().nonnegative()])))

const ReportedRow = z.object({
  /** Of the list or folder, from 1. */
  row: z.number().int().positive(),
  /** Line of the list, as an editor counts; null for folders. */
  line: z.number().int().positive().nullable(),
  /** From the list or folder itself; null where it is not there any more, or not as it was. */
  number: z.string().nullable(),
  name: z.string().nullable(),
  picture: z.string().nullable(),
  outcome: ImportOutcome,
  code: z.string().nullable(),
  /** Which field, component or limit; never a value. */
  detail: z.string().nullable(),
  message: z.string().nullable(),
  remedy: z.string().nullable(),
  /** Subjects who look alike, best first. */
  candidates: z.array(z.object({ id: SubjectId, comparisonScore: z.number(), fmr: z.number().nullable() })),
})
export type ReportedRow = z.infer<typeof ReportedRow>

export const ImportReport = z.object({
  job: Job,
  source: z.string(),
  kind: z.enum(['folder', 'list']),
  /** Whether what was imported can still be read: without it rows have no numbers, names and pictures. */
  readable: z.boolean(),
  /** Columns of the list that were not read. */
  unreadColumns: z.array(z.string()),
  counts: Outcomes,
  /** How many rows were refused, by code. */
  reasons: z.record(z.string(), z.number().int().positive()).default({}),
  rows: z.array(ReportedRow),
  /** Where there may be more: what to pass as after. */
  cursor: Sequence.optional(),
})
export type ImportReport = z.infer<typeof ImportReport>
