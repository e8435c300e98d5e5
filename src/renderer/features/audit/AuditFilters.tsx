/** Which records are shown. */
import { useState } from 'react'
import type { AuditFilter } from '../../../contract/rows/audit.ts'
import { inWords, text } from '../../locale/text.ts'

export type Filter = Partial<Pick<AuditFilter, 'event' | 'outcome' | 'from' | 'to'>>
export const noFilter: Filter = {}

const outcomes = ['done', 'refused', 'failed'] as const

/** What the fields say as a filter; days are those of this computer. */
export function filterOf(fields: { event: string; outcome: string; from: string; to: string }): Filter {
  const startOf = (value: string) => new Date(`${value}T00:00:00`)
  const time = (value: string) => (Number.isNaN(startOf(value).getTime()) ? undefined : startOf(value).toISOString())
  const outcome = outcomes.find((name) => name === fields.outcome)
  const [event, from, to] = [fields.event, time(fields.from), time(fields.to)]
  return {
    ...(event === '' ? {} : { event }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
}

/** Every event with its words, in the order of the words. */
const eventsByWords = () => Object.entries(text.events).sort(([, one], [, other]) => inWords(one, other))

export function AuditFilters({ onFilter }: { readonly onFilter: (filter: Filter) => void }) {
  const [fields, setFields] = useState({ event: '', outcome: '', from: '', to: '' })
  const change = (changes: Partial<typeof fields>) => {
    const changed = { ...fields, ...changes }
    setFields(changed)
    onFilter(filterOf(changed))
  }
  return (
    <search className="filters">
      <div className="field">
        <label htmlFor="audit-event">{text.audit.event}</label>
        <select id="audit-event" className="in" value={fields.event} onChange={(event) => change({ event: event.target.value })}>
          <option value="">{text.audit.any}</option>
          {eventsByWords().map(([event, words]) => (
            <option key={event} value={event}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor="audit-outcome">{text.audit.outcome}</label>
        <select id="audit-outcome" className="in" value={fields.outcome} onChange={(event) => change({ outcome: event.target.value })}>
          <option value="">{text.audit.any}</option>
          {outcomes.map((outcome) => (
            <option key={outcome} value={outcome}>
              {text.audit.outcomes[outcome]}
            </option>
          ))}
        </select>
      </div>
      {(['from', 'to'] as const).map((name) => (
        <div className="field" key={name}>
          <label htmlFor={`audit-${name}`}>{text.audit[name]}</label>
          <input
            id={`audit-${name}`}
            type="date"
            className="in"
            value={fields[name]}
            onChange={(event) => change({ [name]: event.target.value })}
          />
        </div>
      ))}
    </search>
  )
}
