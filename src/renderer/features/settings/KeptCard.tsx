/** What the vault keeps: pictures of samples, superseded versions, and removing those that are due. */
import { useEffect, useState } from 'react'
import type { InputOf, OutputOf } from '../../../contract/table.ts'
import { count, text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useAsked, useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { SureButton } from '../../ui/SureButton.tsx'

const daysMax = 36_500

/** @returns undefined where it is no number of days that the vault takes */
export function daysOf(typed: string): number | undefined {
  const days = Number(typed)
  return /^\d{1,5}$/.test(typed.trim()) && days <= daysMax ? days : undefined
}

export function KeptCard() {
  const [kept, setKept] = useState<OutputOf<'vault.settings'>>()
  const [days, setDays] = useState('30')
  const due = useAsked('retention.preview', {})
  const { doing, refusal, run, dismiss } = useDoing()
  const [told, setTold] = useState('')
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the screen opens
  useEffect(() => void change({}, ''), [])
  const change = (changes: InputOf<'vault.settings'>, words = text.settings.saved) =>
    run(async () => {
      const answer = await call('vault.settings', changes)
      setKept(answer)
      if (answer.supersededDays !== null) setDays(String(answer.supersededDays))
      await due.again()
      setTold(words)
    })
  const sweep = () =>
    void run(async () => {
      const { removed } = await call('retention.sweep', {})
      await due.again()
      setTold(count(text.settings.swept, removed))
    })
  const limited = kept !== undefined && kept.supersededDays !== null
  return (
    <section className="card pad5 col g4" aria-label={text.settings.parts.kept}>
      <h2>{text.settings.parts.kept}</h2>
      <label className="tick">
        <input
          type="checkbox"
          checked={kept?.samplesKept ?? false}
          disabled={kept === undefined}
          onChange={(event) => void change({ samplesKept: event.target.checked })}
        />
        <span>
          <span className="m block">{text.settings.samples}</span>
          <span className="sec">{text.settings.samplesHelp}</span>
        </span>
      </label>
      <fieldset className="col g2" disabled={kept === undefined}>
        <legend className="sm m">{text.settings.superseded}</legend>
        <label className={limited ? 'opt' : 'opt on'}>
          <input type="radio" className="rad" name="superseded" checked={!limited} onChange={() => void change({ supersededDays: null })} />
          {text.settings.forever}
        </label>
        <label className={limited ? 'opt on' : 'opt'}>
          <input
            type="radio"
            className="rad"
            name="superseded"
            checked={limited}
            onChange={() => void change({ supersededDays: daysOf(days) ?? 30 })}
          />
          {text.settings.days}
        </label>
      </fieldset>
      {limited && (
        <form
          className="row g2 end"
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            const supersededDays = daysOf(days)
            if (supersededDays !== undefined) void change({ supersededDays })
          }}
        >
          <div className="field sp">
            <label htmlFor="settings-days">{text.settings.daysLabel}</label>
            <input
              id="settings-days"
              className={daysOf(days) === undefined ? 'in err' : 'in'}
              inputMode="numeric"
              value={days}
              aria-invalid={daysOf(days) === undefined}
              aria-describedby="settings-days-help"
              onChange={(event) => setDays(event.target.value)}
            />
            <span className="help" id="settings-days-help">
              {text.settings.daysHelp}
            </span>
          </div>
          <button type="submit" className="btn" disabled={doing || daysOf(days) === undefined}>
            {text.settings.save}
          </button>
        </form>
      )}
      {due.value !== undefined && (
        <div className="row g3">
          <p className="sm sec sp">{count(text.settings.due, due.value.due)}</p>
          <SureButton words={text.settings.sweep} sure={text.subjects.removeSure} disabled={doing || due.value.due === 0} onSure={sweep} />
        </div>
      )}
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      <p className="sm sec" role="status">
        {told}
      </p>
    </section>
  )
}
