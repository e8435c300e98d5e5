/** How each kind of long work is done at this station. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { JobKindName } from '../contract/jobs.ts'
import { stepDuplicates } from '../operations/duplicates.ts'
import { type ModelPorts, reembedStep } from '../operations/models.ts'
import type { Ports, VaultPort } from '../operations/ports.ts'
import type { FacePart } from './facePart.ts'
import type { Imports } from './imports/imports.ts'
import type { JobKind } from './jobs.ts'
import type { VaultHolder } from './vaultHolder.ts'

/** What long work is done with. */
interface WorkingParts {
  readonly holder: VaultHolder
  readonly face: Pick<FacePart, 'spare'>
  readonly imports: Imports
  ports(): Promise<Ports>
  modelPorts(vault: VaultPort): ModelPorts
}

export function jobKindsOf(parts: WorkingParts): Record<JobKindName, JobKind> {
  const { holder, face, imports } = parts
  return {
    rotate: { pausable: true, event: 'vault.rotate', step: async (vault, id) => vault.rotation.step(id) },
    rotateDeep: { pausable: true, event: 'vault.rotate', step: async (vault, id) => vault.rotation.step(id) },
    rekey: { pausable: false, event: 'vault.rekey', step: (_vault, id, watch) => holder.rekey(id, watch) },
    backUp: { pausable: false, event: 'vault.backUp', beside: true, step: (_vault, id, watch) => holder.backUp(id, watch) },
    duplicates: {
      pausable: true,
      event: 'gallery.findDuplicates',
      beside: true,
      step: async (_vault, id) => stepDuplicates(await parts.ports(), id, nextTurn),
    },
    reembed: {
      pausable: true,
      event: 'model.reembed',
      step: (vault, id) => face.spare.use(vault.models.packOf(id), (spare) => reembedStep(parts.modelPorts(vault), id, spare)),
      over: () => face.spare.end(),
    },
    import: {
      pausable: true,
      event: 'import.start',
      beside: true,
      // While the vault is copied a row waits, and the copy waits for a row.
      step: (_vault, id) => holder.use(async () => await imports.step(await parts.ports(), id), false),
      over: () => imports.over(),
    },
  }
}
