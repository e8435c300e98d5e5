/** The site's own thresholds: measured on its pictures, kept in the vault, in force from then on. */
import { VultusError } from '../contract/errors.ts'
import type { Actor } from '../contract/records.ts'
import type { SiteCalibration } from '../contract/siteCalibration.ts'
import type { OutputOf } from '../contract/table.ts'
import { thresholdAt } from '../core/calibration.ts'
import { calibrationPoints, impostorPairsMin } from '../core/evaluation/calibrate.ts'
import type { Scores } from '../core/evaluation/errorRates.ts'
import { reportedRates } from '../core/evaluation/report.ts'
import type { EvaluationPorts } from './evaluate.ts'
import { forget, lookAtAll, type PictureSet } from './pictureSet.ts'
import type { VaultPort } from './ports.ts'
import { scorePairs } from './scorePairs.ts'

interface Measured {
  readonly scores: Scores
  readonly pictures: number
  readonly people: number
}

async function measure({ face, watch }: EvaluationPorts, set: PictureSet): Promise<Measured> {
  const looked = await lookAtAll(face, set, false, watch)
  try {
    const enrolled = looked.pictures.filter(({ template }) => template !== undefined)
    const people = new Set(enrolled.map(({ picture }) => picture.person)).size
    return { scores: await scorePairs(looked.pictures, set.pairs, watch), pictures: enrolled.length, people }
  } finally {
    forget(looked)
  }
}

function answerOf(model: string, calibration: SiteCalibration | null): OutputOf<'calibration.set'> {
  if (calibration === null) return { model, calibration, rates: [] }
  const rates = reportedRates.map((fmr) => {
    const { threshold, supported } = thresholdAt(calibration, fmr)
    return { fmr, threshold, supported }
  })
  return { model, calibration, rates }
}

/** Runs something on the open vault, in its turn. Measuring takes long and holds the vault from nobody. */
export type WithVault = <T>(run: (vault: VaultPort) => T) => Promise<T>

/** Who stands in the provenance: the name of the account, or the role where there are none. */
function nameOf(vault: VaultPort, { operator, role }: Actor): string {
  return (operator === undefined ? undefined : vault.operators.byId(operator)?.name) ?? role
}

/** @throws VultusError evaluation.tooSmall */
function pointsOf({ scores }: Measured): SiteCalibration['points'] {
  const pairs = scores.impostors.count
  if (pairs < impostorPairsMin) {
    throw new VultusError('evaluation.tooSmall', `${pairs} pairs of different people, at least ${impostorPairsMin} are needed`)
  }
  const points = calibrationPoints(scores)
  if (points.length < 2) throw new VultusError('evaluation.tooSmall', 'pictures of different people score as high as any')
  return points
}

/**
 * Measures and sets the calibration of a model.
 * @throws VultusError evaluation.tooSmall, evaluation.cancelled
 */
export async function calibrate(
  ports: EvaluationPorts & { readonly withVault: WithVault },
  set: PictureSet,
  actor: Actor,
): Promise<OutputOf<'calibration.set'>> {
  const { face, now } = ports
  const measured = await measure(ports, set)
  const { scores, pictures, people } = measured
  const points = pointsOf(measured)
  const [impostorPairs, matePairs] = [scores.impostors.count, scores.mates.count]
  const at = now().toISOString()
  const sha256 = set.sha256()
  const model = face.model.id
  return await ports.withVault((vault) => {
    const by = nameOf(vault, actor)
    const provenance = `Calibrated at this site on ${at.slice(0, 10)} by ${by}: ${pictures} pictures of ${people} people, ${matePairs} pairs of one person and ${impostorPairs} of different people; SHA-256 of the pictures ${sha256}.`
    const calibration: SiteCalibration = { impostorPairs, points, provenance, by, at, pictures, people, matePairs, sha256 }
    vault.settings.change({
      name: 'models.calibrations',
      value: { ...vault.settings.get('models.calibrations'), [model]: calibration },
      audit: { event: 'calibration.set', actor, outcome: 'done', details: { model, impostorPairs, matePairs, pictures, sha256 } },
    })
    return answerOf(model, calibration)
  })
}

/** Goes back to the calibration that the pack brings. */
export function removeCalibration(vault: VaultPort, model: string, actor: Actor): OutputOf<'calibration.set'> {
  const { [model]: known, ...others } = vault.settings.get('models.calibrations')
  vault.settings.change({
    name: 'models.calibrations',
    value: others,
    audit: { event: 'calibration.set', actor, outcome: 'done', details: { model, removed: known !== undefined } },
  })
  return answerOf(model, null)
}
