/** What the procedures of double enrolments do. */
import { beginDuplicates, reportDuplicates } from '../operations/duplicates.ts'
import type { Handlers } from './handlerTypes.ts'
import type { Parts } from './parts.ts'

export function duplicateHandlers(parts: Parts) {
  return {
    'gallery.findDuplicates': async (input, actor) => {
      const ports = await parts.ports()
      return { job: parts.jobs.start('duplicates', (vault) => beginDuplicates(ports, vault, input, actor)) }
    },
    'gallery.duplicates': async (input) => reportDuplicates({ face: parts.face.port }, await parts.holder.need(), input),
  } satisfies Partial<Handlers>
}
