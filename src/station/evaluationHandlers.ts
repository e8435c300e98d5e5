/** What the procedures of evaluation and calibration do. */
import { VultusError } from '../contract/errors.ts'
import type { Actor } from '../contract/records.ts'
import { evaluationPage } from '../core/evaluation/page.ts'
import { calibrate, removeCalibration } from '../operations/calibrate.ts'
import { evaluate } from '../operations/evaluate.ts'
import type { VaultPort } from '../operations/ports.ts'
import type { Handlers } from './handlerTypes.ts'
import type { Parts } from './parts.ts'
import { listedFolder, pictureSetOf } from './pictureSets.ts'

/** Who stands in the provenance: the name of the account, or the role where there are none. */
function nameOf(vault: VaultPort, { operator, role }: Actor): string {
  return (operator === undefined ? undefined : vault.operators.byId(operator)?.name) ?? role
}

export function evaluationHandlers(parts: Parts) {
  const { evaluations, holder } = parts
  return {
    'evaluation.run': async ({ folder, pairs, groups, pad, pack, fmr, plain, html }) => {
      const pictures = await pictureSetOf({ folder, pairs, groups })
      const attacks = pad === undefined ? undefined : await listedFolder(pad, 'pad.csv')
      const report = await evaluations.run(pack ?? parts.activePack(), (ports) =>
        evaluate(ports, { pictures, pad: attacks, fmrWanted: fmr, plain }),
      )
      return html ? { ...report, html: evaluationPage(report) } : report
    },
    'calibration.set': async ({ folder, pairs, pack, remove }, actor) => {
      const vault = await holder.need()
      if (remove) return removeCalibration(vault, await parts.modelIdOf(pack), actor)
      const set = await pictureSetOf({ folder, pairs })
      if (set === undefined) throw new VultusError('request.invalid', 'name a folder or pairs')
      return await evaluations.run(pack ?? parts.activePack(), async (ports) =>
        calibrate({ ...ports, vault: await holder.need() }, set, actor, nameOf(vault, actor)),
      )
    },
    'evaluation.progress': async () => evaluations.progress,
    'evaluation.cancel': async () => ({ cancelled: evaluations.cancel() }),
  } satisfies Partial<Handlers>
}
