/** After the vault was made: the first account, or none, and the camera of the desk. */
import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Refusal } from '../../../contract/errors.ts'
import { passwordCharactersMin } from '../../../core/signInRules.ts'
import { count, text } from '../../locale/text.ts'
import { endOffer, signIn } from '../../state/operator.ts'
import { call, refusalFor } from '../../state/station.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { PassphraseField } from '../setup/PassphraseField.tsx'
import { type PassphraseState, passphraseState } from '../setup/passphrase.ts'
import { SetupFrame } from '../setup/SetupFrame.tsx'
import { FirstCamera } from './FirstCamera.tsx'
import { NameField } from './NameField.tsx'

export function FirstAdministrator() {
  const [name, setName] = useState('')
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [working, setWorking] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()
  const state = passphraseState(first, second, passwordCharactersMin.administrator)
  const usable = name.trim() !== '' && state.usable && !working
  const create = async () => {
    if (!usable) return
    setWorking(true)
    setRefusal(undefined)
    try {
      await call('operator.add', { name, role: 'administrator', secret: first })
      // From here on somebody has to sign in; where this fails the sign-in screen says why.
      await signIn(name, first).finally(endOffer)
    } catch (error) {
      setRefusal(refusalFor(error))
    } finally {
      setWorking(false)
    }
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void create()
      }}
    >
      <SetupFrame
        head={text.setup.title}
        title={text.firstAdministrator.title}
        words={text.firstAdministrator.words}
        side={
          <div className="col g4">
            <Skipping />
            <FirstCamera />
          </div>
        }
        foot={
          <>
            <button type="button" className="btn btn-lg" onClick={endOffer} disabled={working}>
              {text.firstAdministrator.skip}
            </button>
            <span className="sp" />
            <span className="sm sec" role="status">
              {working && text.firstAdministrator.working}
            </span>
            <button type="submit" className="btn btn-p btn-lg" disabled={!usable}>
              {text.firstAdministrator.button}
            </button>
          </>
        }
      >
        <NameField value={name} focused onChange={setName} />
        <PassphraseField
          id="operator-secret"
          fresh
          label={text.firstAdministrator.password}
          value={first}
          onChange={setFirst}
          help={firstHelp(first !== '', state)}
        />
        <PassphraseField
          id="operator-secret-again"
          fresh
          label={text.firstAdministrator.again}
          value={second}
          onChange={setSecond}
          invalid={state.differs}
          help={state.differs ? text.firstAdministrator.differ : undefined}
        />
        <RefusalBanner refusal={refusal} />
      </SetupFrame>
    </form>
  )
}

function firstHelp(typed: boolean, { missing }: PassphraseState): string {
  if (!typed) return text.firstAdministrator.passwordHelp
  return missing > 0 ? count(text.setup.tooShort, missing) : text.setup.longEnough
}

function Skipping() {
  return (
    <section className="card pad5 col g4" aria-label={text.firstAdministrator.skip}>
      <div className="banner warn">
        <TriangleAlert className="i" aria-hidden="true" />
        <p className="sm">{text.firstAdministrator.skipText}</p>
      </div>
    </section>
  )
}
