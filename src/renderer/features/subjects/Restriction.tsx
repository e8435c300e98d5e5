/** Restriction of processing: what the panel says of it, and the reason that is asked for when it begins or ends. */
import { CircleCheck, CirclePause } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Named } from '../../../contract/named.ts'
import { type Restriction, restrictionLimits } from '../../../contract/restriction.ts'
import type { SubjectId } from '../../../contract/types.ts'
import { nameOf } from '../../locale/names.ts'
import { day, fill, text } from '../../locale/text.ts'
import { useDesk } from '../../state/desk.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { Banner, RefusalBanner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { keepEscape } from '../../ui/keys.ts'
import { Private } from '../../ui/Private.tsx'

/** Stays while processing is restricted. @param onLift left out for whoever may not lift it */
export function RestrictedBanner({
  restriction,
  named,
  onLift,
}: {
  readonly restriction: Restriction
  readonly named: readonly Named[]
  readonly onLift?: () => void
}) {
  const { since, by, reason } = restriction
  const date = day(since)
  return (
    <Banner tone="warn">
      <div className="col g2 sp">
        <p className="b">
          {by === null ? fill(text.restriction.since, { date }) : fill(text.restriction.sinceBy, { date, name: nameOf(named, by) })}
        </p>
        <p>{text.restriction.unused}</p>
        {reason !== null && (
          <p>
            {text.restriction.why}:{' '}
            <Private>
              <span dir="auto">{reason}</span>
            </Private>
          </p>
        )}
        {onLift !== undefined && (
          <div>
            <button type="button" className="btn" onClick={onLift}>
              <CircleCheck className="i i16" aria-hidden="true" />
              {text.restriction.lift}
            </button>
          </div>
        )}
      </div>
    </Banner>
  )
}

export type Asking = 'restrict' | 'lift'

export interface RestrictionDialogProps {
  readonly id: SubjectId
  readonly asking: Asking
  readonly onDone: (asking: Asking) => Promise<void>
  readonly onClose: () => void
}

export function RestrictionDialog({ id, asking, onDone, onClose }: RestrictionDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [reason, setReason] = useState('')
  const hidden = useDesk((state) => state.hidden)
  const { doing, refusal, run, dismiss } = useDoing()
  useEffect(() => dialog.current?.showModal(), [])
  const usable = reason.trim().length >= restrictionLimits.reasonCharactersMin && !doing
  const send = () => {
    if (!usable) return
    void run(async () => {
      await call(asking === 'restrict' ? 'subject.restrict' : 'subject.liftRestriction', { id, reason: reason.trim() })
      dialog.current?.close()
      await onDone(asking)
    })
  }
  const words = text.restriction
  return (
    <dialog className="dialog rights" ref={dialog} aria-labelledby="restriction-title" onKeyDown={keepEscape} onClose={onClose}>
      <form
        className="col g4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
        }}
      >
        <h1 id="restriction-title">
          <Private>{fill(asking === 'restrict' ? words.restrictTitle : words.liftTitle, { id })}</Private>
        </h1>
        {asking === 'restrict' ? <WhatChanges /> : <WhatReturns />}
        <div className="field">
          <label htmlFor="restriction-reason">{words.why}</label>
          <textarea
            id="restriction-reason"
            className={`in short ${hidden ? 'covered-field' : ''}`}
            dir="auto"
            rows={2}
            required
            maxLength={restrictionLimits.reasonCharactersMax}
            aria-describedby="restriction-help"
            value={reason}
            autoFocus
            onChange={(event) => setReason(event.target.value)}
          />
          <span className="help" id="restriction-help">
            {fill(words.reasonHelp, { n: restrictionLimits.reasonCharactersMin })}
          </span>
        </div>
        <RefusalBanner refusal={refusal} onClose={dismiss} />
        <div className="row g3 wrap">
          <button type="button" className="btn btn-lg" disabled={doing} onClick={() => dialog.current?.close()}>
            {words.cancel}
          </button>
          <span className="sp" />
          <button type="submit" className="btn btn-lg btn-p" disabled={!usable}>
            {asking === 'restrict' ? <CirclePause className="i" aria-hidden="true" /> : <CircleCheck className="i" aria-hidden="true" />}
            {asking === 'restrict' ? words.restrictButton : words.liftButton} <Key chord="Ctrl Enter" />
          </button>
        </div>
      </form>
    </dialog>
  )
}

function WhatChanges() {
  const { stops, stopsText, stays, staysText } = text.restriction
  return (
    <>
      <div>
        <h2>{stops}</h2>
        <p>{stopsText}</p>
      </div>
      <div>
        <h2>{stays}</h2>
        <p>{staysText}</p>
      </div>
    </>
  )
}

function WhatReturns() {
  return (
    <>
      <p>{text.restriction.liftText}</p>
      <p className="sec">{text.restriction.liftLaw}</p>
    </>
  )
}
