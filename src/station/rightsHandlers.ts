/** What the procedures about the rights of subjects do. */
import { correctSubject, liftRestriction, restrict } from '../operations/rights.ts'
import type { Handlers } from './handlerTypes.ts'
import type { Parts } from './parts.ts'

export function rightsHandlers(parts: Parts) {
  return {
    'subject.restrict': async (input, actor) => await restrict(await parts.ports(), input, actor),
    'subject.liftRestriction': async (input, actor) => await liftRestriction(await parts.ports(), input, actor),
    'subject.correct': async (input, actor) => correctSubject(await parts.holder.need(), input, actor),
  } satisfies Partial<Handlers>
}
