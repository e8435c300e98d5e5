import { VultusError } from '../contract/errors.ts'
import type { Actor } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import type { Ports } from './ports.ts'

/**
 * Destroys the subject's key and rows, takes its references out of the gallery, lets the key files of the backups follow, and
 * answers the certificate of it.
 */
export async function erase(ports: Ports, input: ParsedInputOf<'subject.erase'>, actor: Actor): Promise<OutputOf<'subject.erase'>> {
  const erased = await ports.serialised(async () => {
    const subject = ports.vault.subjects.auditIdOf(input.id)
    if (subject === undefined) throw new VultusError('subject.unknown')
    const { certificate, logEmptied, ...change } = ports.vault.erasures.erase({
      id: input.id,
      audit: { event: 'subject.erase', actor, outcome: 'done', subject },
    })
    await ports.publish(change, [])
    return { logEmptied, certificate }
  })
  // Not in the turn of the enrolments: a slow disk holds only this answer up.
  const certificate = await ports.vault.erasures.follow(erased.certificate)
  return { id: input.id, erased: true, logEmptied: erased.logEmptied, certificate }
}
