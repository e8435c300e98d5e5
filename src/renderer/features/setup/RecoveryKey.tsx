/** The recovery key, shown once to be written down or printed, and two groups of it typed back. */
import { Printer } from 'lucide-react'
import { useState } from 'react'
import { day, fill, text } from '../../locale/text.ts'
import { call, refresh } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { askForGroups, leaveRecovery, type RecoveryStep, showRecoveryKey } from './recovery.ts'
import { SetupFrame } from './SetupFrame.tsx'

type Shown = Extract<RecoveryStep, { name: 'shown' }>
type Asked = Extract<RecoveryStep, { name: 'asked' }>

export function RecoveryKey({ step }: { readonly step: Shown | Asked }) {
  return step.name === 'shown' ? <ShownKey step={step} /> : <AskedGroups step={step} />
}

function ShownKey({ step }: { readonly step: Shown }) {
  const { recoveryKey } = step
  useKeys([['Ctrl P', () => window.print()]])
  return (
    <SetupFrame
      head={text.setup.title}
      title={text.recovery.title}
      words={text.recovery.text}
      foot={
        <>
          <button type="button" className="btn btn-lg" onClick={() => window.print()}>
            <Printer className="i i16" aria-hidden="true" />
            {text.recovery.print} <Key chord="Ctrl P" />
          </button>
          <span className="sp" />
          <button type="button" className="btn btn-p btn-lg" onClick={() => askForGroups(recoveryKey)}>
            {text.recovery.written}
          </button>
        </>
      }
    >
      <div className="recovery-sheet printed">
        <p className="print-only">{fill(text.recovery.sheet, { date: day(new Date().toISOString()) })}</p>
        <ol className="recovery-key num ltr" aria-label={text.recovery.keyLabel}>
          {recoveryKey.split('-').map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the groups of a key do not move, and two may be equal
            <li key={index}>
              <span className="xs mut">{index + 1}</span> {group}
            </li>
          ))}
        </ol>
      </div>
    </SetupFrame>
  )
}

function AskedGroups({ step }: { readonly step: Asked }) {
  const { positions, recoveryKey } = step
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({})
  const { doing: working, refusal, run } = useDoing()
  const usable = positions.every((position) => (typed[position] ?? '').trim().length >= 4)
  const check = async () => {
    await call('recovery.confirm', { groups: positions.map((position) => ({ position, text: typed[position] ?? '' })) })
    await refresh()
    leaveRecovery()
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (usable) void run(check)
      }}
    >
      <SetupFrame
        head={text.setup.title}
        title={text.recovery.askTitle}
        words={text.recovery.askText}
        foot={
          <>
            <button type="button" className="btn btn-lg" onClick={leaveRecovery}>
              {text.recovery.later}
            </button>
            <span className="sm sec">{text.recovery.laterText}</span>
            <span className="sp" />
            {recoveryKey !== undefined && (
              <button type="button" className="btn btn-lg" onClick={() => showRecoveryKey(recoveryKey)}>
                {text.recovery.back}
              </button>
            )}
            <button type="submit" className="btn btn-p btn-lg" disabled={!usable || working}>
              {text.recovery.check}
            </button>
          </>
        }
      >
        {positions.map((position, index) => (
          <div className="field" key={position}>
            <label htmlFor={`group-${position}`}>{fill(text.recovery.group, { n: position })}</label>
            <input
              id={`group-${position}`}
              className="in lg ltr recovery-group"
              value={typed[position] ?? ''}
              maxLength={12}
              autoComplete="off"
              spellCheck={false}
              // biome-ignore lint/a11y/noAutofocus: the first field of the screen
              autoFocus={index === 0}
              aria-invalid={refusal?.code === 'recovery.mismatch'}
              onChange={(event) => setTyped({ ...typed, [position]: event.target.value })}
            />
          </div>
        ))}
        <RefusalBanner refusal={refusal} />
      </SetupFrame>
    </form>
  )
}
