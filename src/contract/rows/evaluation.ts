/** Evaluation on pictures of the site's own: how well a model tells people apart, all and by groups, attacks, and the site's thresholds. */
import { z } from 'zod'
import { CalibrationAnswer, EvaluationReport } from '../evaluation.ts'
import { calibrationText, reportText } from '../evaluationText.ts'
import { quick, row } from '../row.ts'
import { Rate as WantedRate } from '../types.ts'

/** Longest path of a file on this machine. */
const Path = z.string().min(1).max(4096)

const PackId = z.string().regex(/^[a-z0-9-]{1,40}$/, 'an id has 1 to 40 of the characters a-z 0-9 -')

/** Which pictures, and with which pack. */
const Pictures = z.object({
  folder: Path.optional().describe('folder of pictures: a folder for each person, their pictures in it'),
  pairs: Path.optional().describe('pairs to compare instead of all: as of LFW, or CSV with the columns first, second, same'),
  pack: PackId.optional().describe('installed pack to evaluate (default: the active one)'),
})

/** Both work through thousands of pictures: a day is enough for any of them. */
const longest = { timeoutMs: 24 * 60 * 60_000, atOnceMax: 1 } as const
const watched = { progress: 'evaluation.progress', cancel: 'evaluation.cancel' } as const

export const evaluationRows = {
  'evaluation.run': row({
    input: Pictures.extend({
      groups: Path.optional().describe('CSV with the columns person, group; without a folder with file, person, group'),
      pad: Path.optional().describe('folder with pad.csv: columns file, species (bonaFide, or the attack instrument)'),
      fmr: WantedRate.default(1e-3).describe('false match rate that the threshold is for'),
      plain: z.boolean().default(false).describe('leave out the same pictures in other light'),
      html: z.boolean().default(false),
    }).refine(
      ({ folder, pairs, groups, pad }) => [folder, pairs, groups, pad].some((one) => one !== undefined),
      'name what to evaluate: a folder, pairs, groups or pad',
    ),
    output: EvaluationReport.extend({
      /** The report as a page without scripts, where it was asked for. */
      html: z.string().optional(),
    }),
    roles: ['administrator'],
    audit: 'read',
    unrecorded: 'answered',
    vault: 'any',
    limits: longest,
    command: {
      name: 'evaluate',
      summary: 'measure how well a model tells people apart on own pictures, for groups of people, or attacks',
      example: 'vultus evaluate people/ --out report.html --json',
      argument: 'folder',
      options: ['pack', 'pairs', 'groups', 'pad', 'fmr', 'plain'],
      files: { folder: 'path', pairs: 'path', groups: 'path', pad: 'path' },
      outFile: { option: 'out', summary: 'write the report as a page with pictures to a new file', field: 'html' },
      watch: watched,
      text: reportText,
    },
  }),
  'calibration.set': row({
    input: Pictures.extend({
      remove: z.boolean().default(false).describe("go back to the pack's own calibration"),
    }).refine(({ folder, pairs, remove }) => (folder !== undefined || pairs !== undefined) !== remove, 'name a folder or pairs, or remove'),
    output: CalibrationAnswer,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    // It takes the vault only for the change: whoever copies the vault does not wait for the measuring.
    duringCopy: true,
    limits: longest,
    command: {
      name: 'calibrate',
      summary: "set the thresholds of a model by the site's own pictures",
      example: 'vultus calibrate people/ --json',
      argument: 'folder',
      options: ['pack', 'pairs', 'remove'],
      files: { folder: 'path', pairs: 'path' },
      watch: watched,
      text: calibrationText,
    },
  }),
  /** How far the evaluation or calibration is that runs now. */
  'evaluation.progress': row({
    input: z.object({}),
    output: z.object({
      stage: z.enum(['idle', 'pictures', 'pairs']),
      done: z.number().int().nonnegative(),
      total: z.number().int().nonnegative(),
    }),
    roles: ['administrator'],
    audit: 'none',
    vault: 'any',
    limits: quick,
  }),
  'evaluation.cancel': row({
    input: z.object({}),
    output: z.object({ cancelled: z.boolean() }),
    roles: ['administrator'],
    audit: 'none',
    vault: 'any',
    limits: quick,
  }),
}
