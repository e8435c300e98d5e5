/** Listing and searching subjects, and looking after the vault: long lists are read page by page, so that others of the station have their turn. */
import { setImmediate } from 'node:timers/promises'
import type { Actor } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import type { Parts } from './parts.ts'

const subjectsPerTurn = 200

export function lookUpHandlers({ holder }: Parts) {
  return {
    'subject.list': async ({ limit, cursor }: ParsedInputOf<'subject.list'>): Promise<OutputOf<'subject.list'>> => {
      const vault = await holder.need()
      const wanted = limit ?? Number.POSITIVE_INFINITY
      let page = vault.subjects.page({ after: cursor ?? 0, limit: Math.min(wanted, subjectsPerTurn) })
      const subjects = page.subjects
      while (page.after !== null && subjects.length < wanted) {
        await setImmediate()
        page = vault.subjects.page({ after: page.after, limit: Math.min(wanted - subjects.length, subjectsPerTurn) })
        for (const subject of page.subjects) subjects.push(subject)
      }
      return { subjects, ...(page.after === null ? {} : { cursor: page.after }) }
    },
    'subject.search': async ({ query, limit, cursor }: ParsedInputOf<'subject.search'>): Promise<OutputOf<'subject.search'>> => {
      const { subjects, after } = (await holder.need()).subjects.search({ query, limit, after: cursor ?? 0 })
      return { subjects, ...(after === null ? {} : { cursor: after }) }
    },
    'vault.maintain': async ({ thorough }: ParsedInputOf<'vault.maintain'>, actor: Actor) =>
      await (await holder.need()).upkeep.run({
        thorough,
        audit: { event: 'vault.maintain', actor, outcome: 'done', details: { thorough } },
      }),
    'vault.reports': async () => ({ reports: (await holder.need()).upkeep.reports() }),
  }
}
