/** What evaluations and calibrations answer. Rates are fractions. */
import { z } from 'zod'
import { ComponentName } from './quality.ts'
import { SiteCalibration } from './siteCalibration.ts'

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
})
export type GroupReport = z.infer<typeof GroupReport>

const PadReport = z.object({
  /** False where no pack has a model for attacks: nothing was assessed, and no rate is claimed. */
  assessed: z.boolean(),
  /** The padScore from which on a presentation passed, as the pack's manifest has it; null where nothing was assessed. */
  threshold: z.number().nullable(),
  /** Attacks that passed, for each species of attack instrument (ISO/IEC 30107-3). */
  apcer: z.array(Rate.extend({ species: z.string(), nonResponse: Rate })),
  /** The species that passes most often. */
  apcerMax: Rate.nullable(),
  /** Bona fide presentations that failed. */
  bpcer: Rate,
  bpnrr: Rate,
})
export type PadReport = z.infer<typeof PadReport>

/** A false non-match rate at a false match rate. */
const RatePoint = z.object({
  fmr: z.number(),
  /** null where there are no mate pairs or no score keeps the rate. */
  fnmr: z.number().nullable(),
  /** The smallest score of this set with a false match rate of at most `fmr`. */
  threshold: z.number().nullable(),
  /** 95 % confidence interval of fnmr (Clopper-Pearson). */
  low: z.number(),
  high: z.number(),
  /** False where there are fewer impostor pairs than 1/fmr. */
  supported: z.boolean(),
})
export type RatePoint = z.infer<typeof RatePoint>

/** How comparison scores are spread. */
export const ScoreDistribution = z.object({
  pairs: z.number().int(),
  min: z.number().nullable(),
  mean: z.number().nullable(),
  max: z.number().nullable(),
  /** Counts in bins of equal width between from and to. */
  histogram: z.array(z.number().int()),
  from: z.number(),
  to: z.number(),
})

/** The same pictures in another light, held against themselves as they are. */
const LightStep = z.object({
  light: z.string(),
  /** Pictures that gave a template in this light, of those that did as they are. */
  extracted: Rate,
  /** Of those, how many score at or above the station's threshold with themselves. */
  matched: Rate,
  scoreMean: z.number().nullable(),
  scoreMin: z.number().nullable(),
})
export type LightStep = z.infer<typeof LightStep>

/** What the threshold that the station works with does on these pictures. */
const AtWork = z.object({
  fmrWanted: z.number(),
  threshold: z.number(),
  supported: z.boolean(),
  fmr: Rate,
  fnmr: Rate,
  provenance: z.string(),
})

/** Beyond what the impostor pairs show: never measured, always marked. */
const Estimated = z.object({
  method: z.string(),
  rates: z.array(z.object({ fmr: z.number(), threshold: z.number(), fnmr: z.number().nullable() })),
})

/** In which ways a drawn face is made worse. */
export const WorseningName = z.enum([
  'blurred',
  'dark',
  'over-exposed',
  'small',
  'far away',
  'turned',
  'tilted',
  'eyes closing',
  'light from one side',
  'blue light',
  'restless background',
  'a bar over one cheek',
])
export type WorseningName = z.infer<typeof WorseningName>

/** What a pack measures of a drawn face that is made worse step by step. */
const WorseSteps = z.object({
  name: WorseningName,
  /** The component that has to tell it. */
  component: ComponentName,
  /** Its raw value, from the untouched picture to the worst; null where it could not be measured. */
  raw: z.array(z.number().nullable()),
  /** Whether every step moves it further, or not back. */
  monotonic: z.boolean(),
  /** Others that moved most at any step, in spans of the passport preset; alike where they measure the same change. */
  othersMost: z.array(z.object({ component: ComponentName, spans: z.number(), alike: z.boolean() })),
  /** The most that any component moved that does not measure the same change. */
  unlikeSpansMax: z.number(),
})
export type WorseSteps = z.infer<typeof WorseSteps>

export const EvaluationReport = z.object({
  model: z.string(),
  pictures: z.number().int(),
  people: z.number().int(),
  enrolled: z.number().int(),
  refused: z.array(z.object({ file: z.string(), reason: z.string() })),
  extraction: Rate,
  /** Enrolled pictures that the preset would refuse. */
  belowQualityLimit: Rate,
  qualityPreset: z.string(),
  matePairs: z.number().int(),
  impostorPairs: z.number().int(),
  eer: z.number().nullable(),
  fnmr: z.array(RatePoint),
  /** Whether every score was kept; otherwise the ends that rates are read at were, and others counted in bins. */
  exact: z.boolean(),
  estimated: Estimated.nullable(),
  atWork: AtWork.nullable(),
  mates: ScoreDistribution,
  impostors: ScoreDistribution,
  det: z.array(z.object({ threshold: z.number(), fmr: z.number(), fnmr: z.number() })),
  light: z.array(LightStep),
  /** How quality answers to a drawn face that is made worse; empty where it was left out. */
  worse: z.array(WorseSteps),
  demographics: z.union([z.literal(demographicsUnknown), z.literal('measured for each group')]),
  groups: GroupReport.nullable(),
  pad: PadReport.nullable(),
  /** SHA-256 over the names and the SHA-256 of all pictures, in their order. */
  picturesSha256: z.string(),
  at: z.string(),
})
export type EvaluationReport = z.infer<typeof EvaluationReport>

export const CalibrationAnswer = z.object({
  model: z.string(),
  /** What holds now; null where it is the pack's own again. */
  calibration: SiteCalibration.nullable(),
  /** Rates that people ask for, and whether this calibration supports them. */
  rates: z.array(z.object({ fmr: z.number(), threshold: z.number(), supported: z.boolean() })),
})
export type CalibrationAnswer = z.infer<typeof CalibrationAnswer>
