/** Bulk import: enrolling the people of a folder of pictures or of a list, as a job. */
import { z } from 'zod'
import { ImportDecision, ImportFilter, ImportGrounds, ImportOutcome, ImportReport, importLimits } from '../bulkImport.ts'
import { FieldId, formLimits } from '../form.ts'
import { importText } from '../importText.ts'
import { type Job, JobId } from '../jobs.ts'
import { PresetId } from '../quality.ts'
import { looking, quick, row, slow } from '../row.ts'
import { Bytes, Rate, ReferenceNo, Sequence, SubjectId } from '../types.ts'
import { ConsentGiven } from './consent.ts'
import { Language } from './desk.ts'
import { JobAnswer } from './keys.ts'

const roles = ['supervisor', 'administrator'] as const

const Column = z.string().trim().min(1).max(importLimits.columnCharactersMax).optional()
const FieldColumns = z
  .record(FieldId, z.string().trim().min(1).max(importLimits.columnCharactersMax))
  .refine((columns) => Object.keys(columns).length <= formLimits.fieldsMax, `at most ${formLimits.fieldsMax} fields`)
const Source = z
  .string()
  .min(1)
  .max(importLimits.pathCharactersMax)
  .describe('folder with a folder of pictures for each person, or with pictures named by number; or a CSV list')
const ReportedJob = JobId.optional().describe('id of the job that imported; the newest where it is left out')
const RowNo = z.number().int().positive().describe('number of the row in the report')

/** Exit code of an import that was followed to its end: refused rows are no success, nor are rows that somebody has to decide. */
const exitOfImport = ({ job, counts }: { job: Job; counts?: ImportReport['counts'] }) => {
  if (job.state === 'failed') return 5
  if ((counts?.refused ?? 0) > 0) return 3
  return (counts?.suspected ?? 0) > 0 ? 7 : 0
}

const followed = {
  follow: true,
  report: 'import.report',
  pausedBy: { resume: 'vultus import resume' },
  exitOf: exitOfImport,
  text: importText,
} as const

export const importRows = {
  'import.start': row({
    input: z.object({
      source: Source,
      duplicates: z
        .enum(['ask', 'refuse'])
        .default('ask')
        .describe('who looks like somebody in the gallery is left to a supervisor, or refused'),
      preset: z
        .enum(['none', ...PresetId.options])
        .default('none')
        .describe('quality preset that the pictures have to meet'),
      fmr: Rate.default(1e-3).describe('wanted false match rate of the duplicate search, per comparison'),
      fpir: Rate.optional().describe('wanted false positive rate of a whole search; sets fmr to it over the gallery size'),
      numberColumn: Column.describe('column of the list that has the number, where its name is not known'),
      nameColumn: Column.describe('column of the list that has the name'),
      pictureColumn: Column.describe('column of the list that has the path of the picture, relative to the list'),
      consentColumn: Column.describe('column of the list that has the day of each consent, YYYY-MM-DD'),
      fieldColumns: FieldColumns.optional().describe('file with the columns of fields of the form (JSON: field and column)'),
      consentGiven: ConsentGiven.optional().describe(
        'how the people consented: on paper, or in another system; otherGround: nobody was asked, for another legal ground',
      ),
      consentVersion: z.number().int().positive().optional().describe('version of the text that they agreed to; the one in force'),
      consentLanguage: Language.optional().describe('language of the text that they agreed to'),
    }),
    output: JobAnswer.extend({ unreadColumns: z.array(z.string()) }),
    roles,
    audit: 'effect',
    vault: 'open',
    limits: slow,
    command: {
      name: 'import',
      summary: 'enrol the people of a folder of pictures, or of a list in CSV; Ctrl-C pauses, and nobody is enrolled twice',
      example: 'vultus import people.csv --duplicates ask --json',
      argument: 'source',
      options: ['duplicates', 'preset', 'fmr', 'fpir', 'numberColumn', 'nameColumn', 'pictureColumn'].concat([
        'consentColumn',
        'fieldColumns',
        'consentGiven',
        'consentVersion',
        'consentLanguage',
      ]),
      excludes: { fpir: 'fmr' },
      files: { source: 'path', fieldColumns: 'json' },
      ...followed,
    },
  }),
  /** What a folder or list is, before anything is imported: how many rows, and what its columns are taken for. */
  'import.look': row({
    input: z.object({ source: Source }),
    output: z.object({
      kind: z.enum(['folder', 'list']),
      rows: z.number().int().nonnegative(),
      /** Of a list: all columns, in their order. */
      columns: z.array(z.string()),
      /** The column that each of these is taken from, by the names in the first line; null where none is. */
      taken: z.object({
        number: z.string().nullable(),
        name: z.string().nullable(),
        picture: z.string().nullable(),
        consent: z.string().nullable(),
      }),
      /** Columns by the fields of the form. */
      fields: z.record(FieldId, z.string()),
    }),
    roles,
    audit: 'none',
    vault: 'open',
    limits: { timeoutMs: 120_000, atOnceMax: 2 },
  }),
  'import.resume': row({
    input: z.object({ job: ReportedJob }),
    output: JobAnswer,
    roles,
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'import resume',
      summary: 'go on with an import that was paused, cut off or has failed, at the row where it was',
      example: 'vultus import resume',
      options: ['job'],
      ...followed,
    },
  }),
  'import.report': row({
    input: z.object({
      job: ReportedJob,
      outcome: ImportFilter.default('notEnrolled').describe('which rows'),
      limit: z.number().int().min(1).max(importLimits.rowsPerPageMax).default(100).describe('most rows in the answer'),
      after: Sequence.default(0).describe('leave out rows up to this number'),
    }),
    output: ImportReport,
    roles,
    audit: 'read',
    vault: 'open',
    limits: { timeoutMs: 60_000, atOnceMax: 4 },
    command: {
      name: 'import report',
      summary: 'show what became of the rows of an import',
      example: 'vultus import report --outcome suspected --json',
      options: ['job', 'outcome', 'limit', 'after'],
      text: importText,
    },
  }),
  'import.export': row({
    input: z.object({
      job: ReportedJob,
      outcome: ImportFilter.default('notEnrolled').describe('which rows'),
      format: z.enum(['csv', 'json']).default('csv').describe('CSV for a spreadsheet, or one array in JSON'),
      after: Sequence.default(0),
    }),
    output: z.object({
      lines: z.array(z.string()),
      next: z.object({ after: Sequence }).nullable(),
    }),
    roles,
    audit: 'read',
    vault: 'open',
    limits: { timeoutMs: 60_000, atOnceMax: 4 },
    command: {
      name: 'import export',
      summary: 'write the rows that were not enrolled, with the reason of each',
      example: 'vultus import export --format csv --out refused.csv',
      options: ['job', 'outcome', 'format'],
      outFile: { option: 'out', summary: 'write to this new file instead of stdout' },
      stream: {
        lines: (answer: { lines: readonly string[] }) => answer.lines,
        next: (answer: { next: { after: number } | null }) => answer.next,
      },
    },
  }),
  'import.decide': row({
    input: z
      .object({
        job: ReportedJob,
        row: RowNo,
        decision: ImportDecision.describe('another person: enrol them; the same: add the picture to that subject; or leave the row out'),
        subject: SubjectId.optional().describe('of decision same: number of the subject that the row is'),
        grounds: ImportGrounds.default('pictures').describe('what the decision rests on'),
      })
      .refine(
        ({ decision, subject }) => (decision === 'same') === (subject !== undefined),
        'subject: with the decision same, and only then',
      ),
    output: z.object({
      row: z.number().int().positive(),
      outcome: ImportOutcome,
      /** The subject that the picture is of now; null where the row was left out. */
      id: SubjectId.nullable(),
      references: z.array(ReferenceNo),
    }),
    roles,
    audit: 'effect',
    vault: 'open',
    limits: looking,
    command: {
      name: 'import decide',
      summary: 'decide on a row that looks like somebody in the gallery',
      example: 'vultus import decide --row 17 --decision different --grounds documents',
      options: ['job', 'row', 'decision', 'subject', 'grounds'],
    },
  }),
  /** The picture of a row that waits for a decision, to be compared with that of a candidate. */
  'import.picture': row({
    input: z.object({ job: ReportedJob, row: RowNo }),
    output: z.object({ sample: Bytes }),
    roles,
    audit: 'read',
    vault: 'open',
    limits: { ...looking, atOnceMax: 2 },
  }),
}
