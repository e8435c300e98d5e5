/** Evaluation on pictures of the site's own: error rates for each group of people, and for each kind of attack. */
import { z } from 'zod'
import { row } from '../row.ts'
import { Rate as WantedRate } from '../types.ts'

/** Longest path of a file on this machine. */
const Path = z.string().min(1).max(4096)

/** A rate with its 95 % confidence interval (Clopper-Pearson); fractions. */
export const Rate = z.object({
  count: z.number().int().nonnegative(),
  of: z.number().int().nonnegative(),
  /** null without a single trial. */
  rate: z.number().nullable(),
  low: z.number(),
  high: z.number(),
})
export type Rate = z.infer<typeof Rate>

const GroupRates = z.object({
  group: z.string(),
  pictures: z.number().int(),
  people: z.number().int(),
  failureToEnrol: Rate,
  /** Mate pairs below the threshold, of those whose pictures were enrolled. */
  fnmr: Rate,
  /** Pairs of different people of this group at or above the threshold. */
  fmr: Rate,
})
export type GroupRates = z.infer<typeof GroupRates>

/** What a report says of groups where none were named. */
export const demographicsUnknown = 'demographic performance unknown'

const GroupReport = z.object({
  fmrWanted: z.number(),
  threshold: z.number(),
  /** Whether the calibration supports the wanted rate. */
  supported: z.boolean(),
  groups: z.array(GroupRates),
  refused: z.array(z.object({ file: z.string(), reason: z.string() })),
})
export type GroupReport = z.infer<typeof GroupReport>

const PadReport = z.object({
  /** False where no pack has a model for attacks: nothing was assessed, and no rate is claimed. */
  assessed: z.boolean(),
  /** Attacks that passed, for each species of attack instrument (ISO/IEC 30107-3). */
  apcer: z.array(Rate.extend({ species: z.string(), nonResponse: Rate })),
  /** The species that passes most often. */
  apcerMax: Rate.nullable(),
  /** Bona fide presentations that failed. */
  bpcer: Rate,
  bpnrr: Rate,
})
export type PadReport = z.infer<typeof PadReport>

export const EvaluationReport = z.object({
  model: z.string(),
  pictures: z.number().int(),
  demographics: z.union([z.literal(demographicsUnknown), z.literal('measured for each group')]),
  groups: GroupReport.nullable(),
  pad: PadReport.nullable(),
})
export type EvaluationReport = z.infer<typeof EvaluationReport>

const percent = ({ rate, low, high, count, of }: Rate) =>
  rate === null
    ? 'no trial'
    : `${(rate * 100).toFixed(2)} % (95 %: ${(low * 100).toFixed(2)} to ${(high * 100).toFixed(2)} %; ${count} of ${of})`

function reportText({ model, pictures, demographics, groups, pad }: EvaluationReport): string {
  const lines = [`${model}, ${pictures} pictures: ${demographics}`]
  for (const { group, people, failureToEnrol, fnmr, fmr } of groups?.groups ?? []) {
    lines.push(`${group} (${people} people)`)
    lines.push(`  failure to enrol ${percent(failureToEnrol)}`, `  FNMR ${percent(fnmr)}`, `  FMR ${percent(fmr)}`)
  }
  if (groups !== null && !groups.supported) lines.push('The calibration of the model does not reach the wanted false match rate.')
  if (pad?.assessed === false) lines.push('No model pack assesses presentation attacks: nothing is claimed.')
  else if (pad !== null) {
    for (const species of pad.apcer) lines.push(`APCER ${species.species} ${percent(species)}, no response ${percent(species.nonResponse)}`)
    lines.push(`BPCER ${percent(pad.bpcer)}, no response ${percent(pad.bpnrr)}`)
  }
  return lines.join('\n')
}

export const evaluationRows = {
  'evaluation.run': row({
    input: z
      .object({
        groups: Path.optional().describe('CSV with the columns file, person, group; files are beside it'),
        pad: Path.optional().describe('folder with pad.csv: columns file, species (bonaFide, or the attack instrument)'),
        fmr: WantedRate.default(1e-3).describe('false match rate that the threshold is for'),
      })
      .refine(({ groups, pad }) => groups !== undefined || pad !== undefined, 'name what to evaluate: groups or pad'),
    output: EvaluationReport,
    roles: ['administrator'],
    audit: 'read',
    vault: 'any',
    limits: { timeoutMs: 6 * 60 * 60_000, atOnceMax: 1 },
    command: {
      name: 'evaluate',
      summary: 'measure error rates for groups of people, or for attacks, on own pictures',
      example: 'vultus evaluate --groups people.csv --json',
      options: ['groups', 'pad', 'fmr'],
      files: { groups: 'path', pad: 'path' },
      text: reportText,
    },
  }),
}
