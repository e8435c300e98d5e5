/** Records of the audit chain in words: whom they tell of, and what else they say. */
import { kindOfRole, type Named, namedDetail } from '../../../contract/named.ts'
import type { AuditRecord } from '../../../contract/rows/audit.ts'
import { type CsvValue, csvLine } from '../../../core/csv.ts'
import { nameOf, nameWords } from '../../locale/names.ts'
import { fill, text } from '../../locale/text.ts'

/** The words for a name of a record. Records of an older or newer station may have names that have no words here. */
export const wordsFor = (words: Readonly<Record<string, string>>, name: string): string =>
  (Object.hasOwn(words, name) ? words[name] : undefined) ?? name

export const roleWords = (role: string): string => wordsFor({ ...text.signIn.roles, ...text.audit.otherRoles }, role)

/** Whoever asked, by name; undefined where no account and no program was known. */
export function whoWords(named: readonly Named[], { role, operator }: AuditRecord['actor']): string | undefined {
  if (typeof operator !== 'string') return undefined
  const name = nameOf(named, operator, kindOfRole(role))
  const opened = role === 'client' && named.some(({ id, kind }) => id === operator && kind === 'account')
  return opened ? fill(text.audit.service, { name }) : name
}

export const detailsWords = (named: readonly Named[], details: AuditRecord['details']): string =>
  Object.entries(details ?? {})
    .map(([field, value]) => {
      const somebody = namedDetail(named, field, value)
      return `${field} ${somebody === undefined ? value : nameWords(somebody)}`
    })
    .join(', ')

/** The titles of a table of records for a spreadsheet. */
export const tableTitles = (): string => {
  const { number, time, event, outcome, code, role, who, door, subject, details } = text.audit
  return csvLine([number, time, event, outcome, code, role, who, door, subject, details])
}

/** A record as a line of that table; its time is UTC. */
export function tableLine(named: readonly Named[], { no, at, event, outcome, code, actor, subject, details }: AuditRecord): string {
  const values: CsvValue[] = [
    no,
    at,
    wordsFor(text.events, event),
    text.audit.outcomes[outcome],
    code ?? null,
    roleWords(actor.role),
    whoWords(named, actor) ?? null,
    wordsFor(text.audit.doors, actor.door),
    subject ?? null,
    detailsWords(named, details),
  ]
  return csvLine(values)
}
