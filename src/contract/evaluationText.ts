/** Evaluations and calibrations in words. */
import type { CalibrationAnswer, EvaluationReport, GroupReport, PadReport, Rate, RatePoint } from './evaluation.ts'

const percent = ({ rate, low, high, count, of }: Rate) =>
  rate === null
    ? 'no trial'
    : `${(rate * 100).toFixed(2)} % (95 %: ${(low * 100).toFixed(2)} to ${(high * 100).toFixed(2)} %; ${count} of ${of})`

const score = (value: number | null) => (value === null ? '-' : value.toFixed(4))
const share = (value: number | null) => (value === null ? '-' : `${(value * 100).toFixed(2)} %`)

function rateLine({ fmr, fnmr, threshold, low, high, supported }: RatePoint): string {
  const measured = `FNMR ${share(fnmr)} (95 %: ${share(low)} to ${share(high)}) at ${score(threshold)}`
  return `FMR ${fmr}: ${supported ? measured : 'too few pairs of different people to show this rate'}`
}

function scoreLines(report: EvaluationReport): string[] {
  const { pictures, people, extraction, belowQualityLimit, qualityPreset, matePairs, impostorPairs, eer, fnmr, atWork, light } = report
  if (people === 0) return []
  return [
    `${pictures} pictures of ${people} people; ${matePairs} pairs of one person, ${impostorPairs} of different people`,
    `templates from ${percent(extraction)}`,
    `below the quality limit (${qualityPreset}) ${percent(belowQualityLimit)}`,
    `equal error rate ${share(eer)}`,
    ...fnmr.map(rateLine),
    ...(report.estimated?.rates.map(({ fmr, threshold }) => `FMR ${fmr}: estimated threshold ${score(threshold)} (not measured)`) ?? []),
    ...(atWork === null
      ? []
      : [
          `the station's threshold for FMR ${atWork.fmrWanted} is ${score(atWork.threshold)}${atWork.supported ? '' : ' (not supported by its calibration)'}:`,
          `  FMR ${percent(atWork.fmr)}`,
          `  FNMR ${percent(atWork.fnmr)}`,
        ]),
    ...light.map(
      ({ light: name, extracted, matched, scoreMean, scoreMin }) =>
        `light ${name}: templates ${share(extracted.rate)}, same face ${share(matched.rate)}, score ${score(scoreMean)} (lowest ${score(scoreMin)})`,
    ),
  ]
}

function groupLines(groups: GroupReport | null): string[] {
  if (groups === null) return []
  const lines = groups.groups.flatMap(({ group, people, failureToEnrol, fnmr, fmr }) => [
    `${group} (${people} people)`,
    `  failure to enrol ${percent(failureToEnrol)}`,
    `  FNMR ${percent(fnmr)}`,
    `  FMR ${percent(fmr)}`,
  ])
  return groups.supported ? lines : [...lines, 'The calibration of the model does not reach the wanted false match rate.']
}

function padLines(pad: PadReport | null): string[] {
  if (pad === null) return []
  if (!pad.assessed) return ['No model pack assesses presentation attacks: nothing is claimed.']
  return [
    ...pad.apcer.map((species) => `APCER ${species.species} ${percent(species)}, no response ${percent(species.nonResponse)}`),
    `BPCER ${percent(pad.bpcer)}, no response ${percent(pad.bpnrr)}, from a score of ${pad.threshold} on`,
  ]
}

/** A report as people print it. */
export function reportText(report: EvaluationReport): string {
  const { model, demographics, groups, pad } = report
  return [`${model}: ${demographics}`, ...scoreLines(report), ...groupLines(groups), ...padLines(pad)].join('\n')
}

/** What a calibration is good for, as people print it. */
export function calibrationText({ model, calibration, rates }: CalibrationAnswer): string {
  if (calibration === null) return `${model}: the pack's own calibration holds`
  const lines = rates.map(({ fmr, threshold, supported }) =>
    supported
      ? `FMR ${fmr}: threshold ${score(threshold)}`
      : `FMR ${fmr}: the sample is too small for this rate (${calibration.impostorPairs} pairs of different people); decisions above the threshold stay inconclusive`,
  )
  return [`${model}: ${calibration.provenance}`, ...lines].join('\n')
}
