/** Versions of references, what the vault keeps, how the window looks, and what subjects are asked. */

import type { Actor } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { analytics } from '../operations/analytics.ts'
import { changeConsent, consentText } from '../operations/consent.ts'
import { changeDesk } from '../operations/deskSettings.ts'
import { changeKept, listReferences, rollBack } from '../operations/references.ts'
import type { Parts } from './parts.ts'

export function referenceHandlers(parts: Parts) {
  const { holder } = parts
  return {
    'reference.list': async (input: ParsedInputOf<'reference.list'>) => listReferences(await holder.need(), input),
    'reference.rollBack': async (input: ParsedInputOf<'reference.rollBack'>, actor: Actor) =>
      await rollBack(await parts.ports(), input, actor),
    'reference.remove': async ({ id, superseded: version }: ParsedInputOf<'reference.remove'>, actor: Actor) => {
      const vault = await holder.need()
      const { removed } = vault.versions.remove({ id, version, audit: { event: 'reference.remove', actor, outcome: 'done' } })
      return { id, version, removed }
    },
    'retention.preview': async (): Promise<OutputOf<'retention.preview'>> => {
      const { days, due } = (await holder.need()).versions.due()
      return { supersededDays: days, due }
    },
    'retention.sweep': async (_: ParsedInputOf<'retention.sweep'>, actor: Actor) =>
      await (await holder.need()).versions.sweep({ event: 'retention.sweep', actor, outcome: 'done' }),
    'desk.settings': async () => (await holder.need()).settings.get('desk.look'),
    'desk.change': async (input: ParsedInputOf<'desk.change'>, actor: Actor) => changeDesk(await holder.need(), input, actor),
    'analytics.days': async (input: ParsedInputOf<'analytics.days'>) => await analytics(await holder.need(), input, Date.now()),
    'consent.text': async (input: ParsedInputOf<'consent.text'>) => consentText(await holder.need(), input),
    'consent.change': async (input: ParsedInputOf<'consent.change'>, actor: Actor) =>
      changeConsent(await holder.need(), input, actor, Date.now()),
    'vault.settings': async (input: ParsedInputOf<'vault.settings'>, actor: Actor) => changeKept(await holder.need(), input, actor),
  }
}
