/** First start: where the key of the new vault is kept. */
import { Check, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { type KeyProviderName, needsPassphrase } from '../../../contract/types.ts'
import { count, text } from '../../locale/text.ts'
import { offerAdministrator } from '../../state/operator.ts'
import { call, refresh, useStation } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { PassphraseField } from './PassphraseField.tsx'
import { type PassphraseState, passphraseState } from './passphrase.ts'
import { leaveRecovery, showRecoveryKey, startCreating } from './recovery.ts'
import { SetupFrame } from './SetupFrame.tsx'

type KeyChoice = KeyProviderName

export function SetUp() {
  const keychain = useStation((state) => state.vault?.keychainAvailable === true)
  const [choice, setChoice] = useState<KeyChoice>(keychain ? 'keychain' : 'passphrase')
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const { doing: working, refusal, run } = useDoing()
  const state = passphraseState(first, second)
  const usable = !needsPassphrase(choice) || state.usable
  const create = async () => {
    // Said before the vault opens, so that the desk does not show up between.
    offerAdministrator()
    try {
      startCreating()
      const { recoveryKey } = await call('vault.init', needsPassphrase(choice) ? { key: choice, passphrase: first } : { key: choice })
      await refresh()
      if (recoveryKey === null) leaveRecovery()
      else showRecoveryKey(recoveryKey)
    } catch (error) {
      leaveRecovery()
      throw error
    }
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (usable) void run(create)
      }}
    >
      <SetupFrame
        head={text.setup.title}
        title={text.setup.create}
        words={text.setup.createText}
        side={<KeyCard choice={choice} keychain={keychain} onChoose={setChoice} />}
        foot={<CreateFoot working={working} usable={usable} />}
      >
        {needsPassphrase(choice) && (
          <>
            <PassphraseField
              id="passphrase"
              fresh
              focused
              label={text.setup.passphraseLabel}
              value={first}
              onChange={setFirst}
              help={<FirstHelp typed={first !== ''} state={state} />}
            />
            <PassphraseField
              id="passphrase-again"
              fresh
              label={text.setup.again}
              value={second}
              onChange={setSecond}
              invalid={state.differs}
              help={state.differs ? text.setup.differ : undefined}
            />
          </>
        )}
        <RefusalBanner refusal={refusal} />
      </SetupFrame>
    </form>
  )
}

function FirstHelp({ typed, state }: { readonly typed: boolean; readonly state: PassphraseState }) {
  if (!typed) return text.setup.passphraseHelp
  if (state.missing > 0) return count(text.setup.tooShort, state.missing)
  return (
    <>
      <Check className="i i16 st-ok" aria-hidden="true" /> {text.setup.longEnough}
    </>
  )
}

const warnings = (): Readonly<Record<KeyChoice, string>> => ({
  keychain: text.setup.warningKeychain,
  passphrase: text.setup.warning,
  'keychain+passphrase': text.setup.warningBoth,
})

interface KeyCardProps {
  readonly choice: KeyChoice
  readonly keychain: boolean
  readonly onChoose: (choice: KeyChoice) => void
}

function KeyCard({ choice, keychain, onChoose }: KeyCardProps) {
  const options = [
    {
      value: 'keychain',
      words: text.setup.keychain,
      help: keychain ? text.setup.keychainText : text.setup.keychainMissing,
      off: !keychain,
    },
    { value: 'passphrase', words: text.setup.passphrase, help: text.setup.passphraseText, off: false },
    {
      value: 'keychain+passphrase',
      words: text.setup.both,
      help: keychain ? text.setup.bothText : text.setup.keychainMissing,
      off: !keychain,
    },
  ] as const
  return (
    <section className="card pad5 col g4" aria-label={text.setup.keyTitle}>
      <fieldset className="col g3">
        <legend className="b">{text.setup.keyTitle}</legend>
        {options.map(({ value, words, help, off }) => (
          <label className={`opt ${choice === value ? 'on' : ''} ${off ? 'off' : ''}`} key={value}>
            <input type="radio" name="key" className="rad" checked={choice === value} disabled={off} onChange={() => onChoose(value)} />
            <span>
              <span className="m block">{words}</span>
              <span className="sm sec block">{help}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="banner warn">
        <TriangleAlert className="i" aria-hidden="true" />
        <p className="sm">{warnings()[choice]}</p>
      </div>
    </section>
  )
}

function CreateFoot({ working, usable }: { readonly working: boolean; readonly usable: boolean }) {
  return (
    <>
      <span className="sm sec" role="status">
        {working && text.setup.working}
      </span>
      <span className="sp" />
      {usable && !working && (
        <span className="sm sec">
          <Key chord="Enter" /> {text.setup.continues}
        </span>
      )}
      <button type="submit" className="btn btn-p btn-lg" disabled={!usable || working}>
        {text.setup.button}
      </button>
    </>
  )
}
