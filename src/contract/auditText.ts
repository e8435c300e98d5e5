/** Records of the audit chain as the command line prints them: in columns, accounts and programs by their names. */
import { kindOfRole, type Named, namedDetail, shortId } from './named.ts'

/** What is printed of a record. */
interface PrintedRecord {
  readonly no: number
  readonly at: string
  readonly event: string
  readonly actor: Readonly<Record<string, unknown>> & { readonly door: string }
  readonly outcome: string
  readonly code?: string | undefined
  readonly subject?: string | undefined
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

interface PrintedPage {
  readonly records: readonly PrintedRecord[]
  readonly named: readonly Named[]
  readonly next: number | null
}

/** Names must not steer a terminal. */
const printable = (text: string) => text.replace(/\p{Cc}/gu, '?')

/** The name of somebody, or what there is instead of one: `unknown program 3f2a91c0`. */
export const nameText = ({ id, kind, name }: Named): string => (name === null ? `unknown ${kind} ${shortId(id)}` : printable(name))

/** Who stands behind the id of an actor of that role. */
export function whoText(named: readonly Named[], { role, operator }: Readonly<Record<string, unknown>>): string {
  const title = role === 'client' ? 'program' : printable(String(role))
  if (typeof operator !== 'string') return title
  const known = named.find(({ id }) => id === operator) ?? { id: operator, kind: kindOfRole(role), name: null }
  if (role !== 'client') return `${title} ${nameText(known)}`
  return known.kind === 'program'
    ? `program ${nameText(known).replace(/^unknown program/, 'unknown')}`
    : `program at the service of ${nameText(known)}`
}

const detailsText = (named: readonly Named[], { details = {} }: PrintedRecord) =>
  Object.entries(details)
    .map(([field, value]) => {
      const somebody = namedDetail(named, field, value)
      return `${field} ${somebody === undefined ? printable(String(value)) : nameText(somebody)}`
    })
    .join(', ')

function cellsOf(named: readonly Named[], record: PrintedRecord): string[] {
  const { no, at, event, outcome, code, actor, subject } = record
  return [
    String(no),
    at,
    printable(event),
    code === undefined ? outcome : `${outcome} ${printable(code)}`,
    whoText(named, actor),
    printable(actor.door),
    subject === undefined ? '' : printable(shortId(subject)),
    detailsText(named, record),
  ]
}

/** What `audit list` prints. */
export function auditListText({ records, named, next }: PrintedPage): string {
  const titles = ['no', 'time', 'event', 'outcome', 'who', 'door', 'subject', 'details']
  const lines = [titles, ...records.map((record) => cellsOf(named, record))]
  const widths = titles.map((_, column) => Math.max(...lines.map((cells) => [...(cells[column] ?? '')].length)))
  const padded = (cell: string, column: number) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length)
  const table = lines.map((cells) => cells.map(padded).join('  ').trimEnd())
  const more = next === null ? [] : [`Older ones: --before ${next}`]
  return [...(records.length === 0 ? ['No record on this page is like this.'] : table), ...more].join('\n')
}
