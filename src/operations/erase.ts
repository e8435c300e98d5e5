import { VultusError } from '../contract/errors.ts'
import type { Actor } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import type { Ports } from './ports.ts'

/** Destroys the subject's key and rows, takes its references out of the gallery, and answers the certificate of it. */
export async function erase(ports: Ports, input: ParsedInputOf<'subject.erase'>, actor: Actor): Promise<OutputOf<'subject.erase'>> {
  return await ports.serialised(async () => {
    const subject = ports.vault.auditIdOf(input.id)
    if (subject === undefined) throw new VultusError('subject.unknown')
    const { certificate, logEmptied, ...change } = ports.vault.eraseSubject({
      id: input.id,
      audit: { event: 'subject.erase', actor, outcome: 'done', subject },
    })
    await ports.publish(change, [])
    return { id: input.id, erased: true, logEmptied, certificate }
  })
}
