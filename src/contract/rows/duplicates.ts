/** Subjects that may be one person: all references of the gallery against all others. */
import { z } from 'zod'
import { Job, JobId } from '../jobs.ts'
import { quick, row, slow } from '../row.ts'
import { limits, Rate, SubjectId } from '../types.ts'
import { exitOfJob, JobAnswer } from './keys.ts'

const roles = ['supervisor', 'administrator'] as const

/** Two subjects, once, with their most similar references. */
const DuplicatePair = z.object({
  first: SubjectId,
  second: SubjectId,
  comparisonScore: z.number(),
  /** The calibrated false match rate at this score; null where another model is active now. */
  fmr: z.number().nullable(),
})
export type DuplicatePair = z.infer<typeof DuplicatePair>

export const duplicateRows = {
  'gallery.findDuplicates': row({
    input: z.object({
      fmr: Rate.max(1e-3).default(1e-6).describe('wanted false match rate, per comparison; every reference meets every other'),
    }),
    output: JobAnswer,
    roles,
    audit: 'effect',
    vault: 'open',
    limits: slow,
    command: {
      name: 'duplicates',
      summary: 'compare all references with each other, and list the pairs of subjects that may be one person',
      example: 'vultus duplicates --fmr 1e-6 --json',
      options: ['fmr'],
      follow: true,
      report: 'gallery.duplicates',
      exitOf: exitOfJob,
    },
  }),
  'gallery.duplicates': row({
    input: z.object({
      job: JobId.optional().describe('id of the job that compared; the newest where it is left out'),
      limit: z.number().int().min(1).max(limits.subjectsPerPageMax).default(100).describe('most pairs in the answer'),
      after: z.number().int().nonnegative().default(0).describe('leave out so many of the most similar pairs'),
    }),
    output: z.object({
      job: Job,
      model: z.string(),
      /** Pairs of references with a score at or above it are in the report. */
      threshold: z.number(),
      /** The rate that stands behind the threshold. */
      fmr: z.number(),
      /** False where the wanted rate is below what the calibration can show. */
      supported: z.boolean(),
      /** Pairs of references that have been compared. */
      comparisons: z.number(),
      /** Score from which no pair is missing: the threshold, or higher where there were more pairs than are kept. */
      completeFrom: z.number(),
      /** Pairs of subjects in the whole report. */
      found: z.number().int(),
      /** Most similar first, ties by id. */
      pairs: z.array(DuplicatePair),
    }),
    roles,
    audit: 'read',
    vault: 'open',
    limits: quick,
    command: {
      name: 'duplicates report',
      summary: 'list the pairs of subjects that a job has found',
      example: 'vultus duplicates report --limit 20 --json',
      options: ['job', 'limit', 'after'],
      exitOf: exitOfJob,
    },
  }),
}
