/** The audit chain for those who check it: its records, whether it is whole, and what leaves the station of it. */
import { useState } from 'react'
import type { AuditRecord } from '../../../contract/rows/audit.ts'
import { day, text, timeOfDay } from '../../locale/text.ts'
import { useAsked } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Screen } from '../../ui/Screen.tsx'
import { AuditFilters, type Filter, noFilter } from './AuditFilters.tsx'
import { CertificateButton } from './CertificateButton.tsx'
import { CheckChain } from './CheckChain.tsx'

const recordsPerPage = 50

export function AuditScreen() {
  const [filter, setFilter] = useState<Filter>(noFilter)
  // The pages that were asked for, by the number that each begins before; the first one begins at the newest record.
  const [pages, setPages] = useState<readonly number[]>([0])
  return (
    <Screen name={text.areas.audit} keys={[]}>
      <div className="office-head">
        <h1>{text.audit.title}</h1>
        <p className="sm sec">{text.audit.subtitle}</p>
      </div>
      <CheckChain />
      <AuditFilters
        onFilter={(wanted) => {
          setFilter(wanted)
          setPages([0])
        }}
      />
      <div className="office wide">
        <section className="card" aria-label={text.audit.title}>
          <table className="tbl">
            <thead>
              <tr>
                {[
                  text.audit.number,
                  text.audit.time,
                  text.audit.event,
                  text.audit.outcome,
                  text.audit.who,
                  text.audit.subject,
                  text.audit.details,
                ].map((title) => (
                  <th scope="col" key={title}>
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            {pages.map((before, at) => (
              <Page
                key={`${JSON.stringify(filter)} ${before}`}
                filter={filter}
                before={before}
                last={at === pages.length - 1}
                onOlder={(next) => setPages([...pages, next])}
              />
            ))}
          </table>
        </section>
      </div>
    </Screen>
  )
}

interface PageProps {
  readonly filter: Filter
  readonly before: number
  readonly last: boolean
  readonly onOlder: (before: number) => void
}

function Page({ filter, before, last, onOlder }: PageProps) {
  const { value, refusal } = useAsked('audit.list', { ...filter, limit: recordsPerPage, ...(before === 0 ? {} : { before }) })
  const next = value?.next ?? null
  const empty = value?.records.length === 0 && next === null && before === 0
  return (
    <tbody>
      {value?.records.map((record) => (
        <RecordRow key={record.no} record={record} />
      ))}
      {(value === undefined || empty || (last && next !== null)) && (
        <tr>
          <td colSpan={7}>
            <RefusalBanner refusal={refusal} />
            {value === undefined && refusal === undefined && text.office.loading}
            {empty && text.audit.none}
            {last && next !== null && (
              <button type="button" className="btn btn-sm" onClick={() => onOlder(next)}>
                {text.audit.older}
              </button>
            )}
          </td>
        </tr>
      )}
    </tbody>
  )
}

/** The words for a name of a record. Records of an older or newer station may have names that have no words here. */
const named = (words: Readonly<Record<string, string>>, name: string) => (Object.hasOwn(words, name) ? words[name] : undefined)

const shortId = (id: string) => id.slice(0, 8)

function RecordRow({ record }: { readonly record: AuditRecord }) {
  const { no, at, event, actor, outcome, code, subject, details } = record
  const operator = typeof actor.operator === 'string' ? actor.operator : undefined
  return (
    <tr>
      <td className="num">{no}</td>
      <td className="num nowrap">
        <time dateTime={at}>
          {day(at)} {timeOfDay(new Date(at))}
        </time>
      </td>
      <td>
        {named(text.events, event) ?? event}
        <div className="xs sec ltr">{event}</div>
      </td>
      <td>
        <span className={outcome === 'done' ? 'chip' : 'chip out'}>{text.audit.outcomes[outcome]}</span>
        {code !== undefined && (
          <>
            {' '}
            <span className="sm sec ltr">{code}</span>
          </>
        )}
      </td>
      <td title={operator}>
        {named(text.signIn.roles, actor.role) ?? named(text.audit.otherRoles, actor.role) ?? actor.role}
        {operator !== undefined && (
          <>
            {' '}
            <span className="sm sec ltr">{shortId(operator)}</span>
          </>
        )}
        <div className="xs sec">{named(text.audit.doors, actor.door) ?? actor.door}</div>
      </td>
      <td title={subject}>{subject !== undefined && <span className="ltr">{shortId(subject)}</span>}</td>
      <td className="sm break">
        <span className="ltr">
          {Object.entries(details ?? {})
            .map(([name, value]) => `${name} ${value}`)
            .join(', ')}
        </span>{' '}
        {event === 'subject.erase' && outcome === 'done' && <CertificateButton record={no} />}
      </td>
    </tr>
  )
}
