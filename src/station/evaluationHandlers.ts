/** What the procedures of evaluation and calibration do. */
import { VultusError } from '../contract/errors.ts'
import { evaluationPage } from '../core/evaluation/page.ts'
import { calibrate, removeCalibration, type WithVault } from '../operations/calibrate.ts'
import { evaluate } from '../operations/evaluate.ts'
import type { Handlers } from './handlerTypes.ts'
import type { Parts } from './parts.ts'
import { listedFolder, pictureSetOf } from './pictureSets.ts'

export function evaluationHandlers({ face, holder }: Parts) {
  const { evaluations } = face
  return {
    'evaluation.run': async ({ folder, pairs, groups, pad, pack, fmr, plain, html }) => {
      const pictures = await pictureSetOf({ folder, pairs, groups })
      const attacks = pad === undefined ? undefined : await listedFolder(pad, 'pad.csv')
      const report = await evaluations.run(pack ?? face.activePack(), (ports) =>
        evaluate(ports, { pictures, pad: attacks, fmrWanted: fmr, plain }),
      )
      return html ? { ...report, html: evaluationPage(report) } : report
    },
    'calibration.set': async ({ folder, pairs, pack, remove }, actor) => {
      const withVault: WithVault = (run) => holder.use(async () => run(await holder.need()), false)
      if (remove) {
        const model = await face.modelIdOf(pack)
        return await withVault((vault) => removeCalibration(vault, model, actor))
      }
      const set = await pictureSetOf({ folder, pairs })
      if (set === undefined) throw new VultusError('request.invalid', 'name a folder or pairs')
      return await evaluations.run(pack ?? face.activePack(), (ports) => calibrate({ ...ports, withVault }, set, actor))
    },
    'evaluation.progress': async () => evaluations.progress,
    'evaluation.cancel': async () => ({ cancelled: evaluations.cancel() }),
  } satisfies Partial<Handlers>
}
