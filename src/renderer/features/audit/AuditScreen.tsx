/** The audit chain for those who check it: its records, whether it is whole, and what leaves the station of it. */
import { useState } from 'react'
import { type Named, shortId } from '../../../contract/named.ts'
import type { AuditRecord } from '../../../contract/rows/audit.ts'
import { day, text, timeOfDay } from '../../locale/text.ts'
import { useAsked } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Screen } from '../../ui/Screen.tsx'
import { AuditFilters, type Filter, noFilter } from './AuditFilters.tsx'
import { CertificateButton } from './CertificateButton.tsx'
import { CheckChain } from './CheckChain.tsx'
import { detailsWords, roleWords, whoWords, wordsFor } from './words.ts'

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
      <CheckChain filter={filter} />
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
        <RecordRow key={record.no} record={record} named={value.named} />
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

function RecordRow({ record, named }: { readonly record: AuditRecord; readonly named: readonly Named[] }) {
  const { no, at, event, actor, outcome, code, subject, details } = record
  const operator = typeof actor.operator === 'string' ? actor.operator : undefined
  const who = whoWords(named, actor)
  return (
    <tr>
      <td className="num">{no}</td>
      <td className="num nowrap">
        <time dateTime={at}>
          {day(at)} {timeOfDay(new Date(at))}
        </time>
      </td>
      <td>
        {wordsFor(text.events, event)}
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
        {who !== undefined && (
          <div className="break" dir="auto">
            {who}
          </div>
        )}
        <span className={who === undefined ? undefined : 'xs sec'}>{roleWords(actor.role)}</span>
        <div className="xs sec">{wordsFor(text.audit.doors, actor.door)}</div>
      </td>
      <td title={subject}>{subject !== undefined && <span className="ltr">{shortId(subject)}</span>}</td>
      <td className="sm break">
        <span className="ltr">{detailsWords(named, details)}</span>{' '}
        {event === 'subject.erase' && outcome === 'done' && <CertificateButton record={no} />}
      </td>
    </tr>
  )
}
