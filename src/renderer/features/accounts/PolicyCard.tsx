/** The rules of signing in: PINs, and how long a window may be idle. */
import { useState } from 'react'
import type { Refusal } from '../../../contract/errors.ts'
import type { OperatorPolicy } from '../../../contract/rows/operator.ts'
import { text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'

const minuteMs = 60_000
const minutesMax = 480

export interface PolicyCardProps {
  readonly policy: OperatorPolicy | undefined
  readonly refusal: Refusal | undefined
  readonly onChanged: () => Promise<void>
}

export function PolicyCard({ policy, refusal, onChanged }: PolicyCardProps) {
  const changing = useDoing()
  const change = (changes: { pin?: 'allowed' | 'refused'; idleLockMs?: number }) =>
    void changing.run(async () => {
      await call('operator.policy', changes)
      await onChanged()
    })
  return (
    <section className="card pad5 col g4" aria-label={text.accounts.policy}>
      <h2>{text.accounts.policy}</h2>
      <RefusalBanner refusal={refusal} />
      {policy === undefined && refusal === undefined && <p className="sec">{text.office.loading}</p>}
      {policy !== undefined && (
        <>
          <label className="tick">
            <input
              type="checkbox"
              checked={policy.pinAllowed}
              disabled={changing.doing}
              onChange={(event) => change({ pin: event.target.checked ? 'allowed' : 'refused' })}
            />
            {text.accounts.pinAllowed}
          </label>
          <IdleField
            key={policy.idleLockMs}
            idleLockMs={policy.idleLockMs}
            off={changing.doing}
            onChange={(idleLockMs) => change({ idleLockMs })}
          />
        </>
      )}
      <RefusalBanner refusal={changing.refusal} onClose={changing.dismiss} />
    </section>
  )
}

function IdleField(props: { readonly idleLockMs: number; readonly off: boolean; readonly onChange: (idleLockMs: number) => void }) {
  const [minutes, setMinutes] = useState(String(props.idleLockMs / minuteMs))
  const value = Number(minutes)
  const usable = Number.isFinite(value) && value >= 1 && value <= minutesMax
  const idleLockMs = Math.round(value * minuteMs)
  return (
    <form
      className="field"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (usable) props.onChange(idleLockMs)
      }}
    >
      <label htmlFor="idle-minutes">{text.accounts.idle}</label>
      <div className="row g2">
        <input
          id="idle-minutes"
          className={usable ? 'in num' : 'in num err'}
          inputMode="decimal"
          value={minutes}
          aria-invalid={!usable}
          aria-describedby="idle-help"
          onChange={(event) => setMinutes(event.target.value)}
        />
        <button type="submit" className="btn" disabled={!usable || props.off || idleLockMs === props.idleLockMs}>
          {text.accounts.save}
        </button>
      </div>
      <span id="idle-help" className={usable ? 'help' : 'help e'}>
        {text.accounts.idleHelp}
      </span>
    </form>
  )
}
