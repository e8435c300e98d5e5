/** The vault is there and locked. */
import { LockKeyhole } from 'lucide-react'
import { useState } from 'react'
import { needsPassphrase } from '../../../contract/types.ts'
import { text } from '../../locale/text.ts'
import { call, refresh, useStation } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { PassphraseField } from './PassphraseField.tsx'
import { SetupFrame } from './SetupFrame.tsx'

export function Unlock() {
  const withPassphrase = useStation((state) => needsPassphrase(state.vault?.key ?? 'passphrase'))
  const [passphrase, setPassphrase] = useState('')
  const { doing: working, refusal, run } = useDoing()
  const usable = !withPassphrase || passphrase !== ''
  const open = async () => {
    try {
      await call('vault.unlock', withPassphrase ? { passphrase } : {})
      await refresh()
    } catch (error) {
      setPassphrase('')
      throw error
    }
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (usable) void run(open)
      }}
    >
      <SetupFrame head={text.product} title={text.unlock.title} words={text.unlock.text}>
        {withPassphrase ? (
          <PassphraseField
            id="passphrase"
            fresh={false}
            focused
            label={text.setup.passphraseLabel}
            value={passphrase}
            onChange={setPassphrase}
            invalid={refusal?.code === 'vault.wrongKey'}
          />
        ) : (
          <p>{text.unlock.keychainText}</p>
        )}
        <RefusalBanner refusal={refusal} />
        <div className="row g3">
          <button type="submit" className="btn btn-p btn-lg" disabled={!usable || working}>
            <LockKeyhole className="i" aria-hidden="true" />
            {text.unlock.button} <Key chord="Enter" />
          </button>
          <span className="sm sec" role="status">
            {working && text.unlock.working}
          </span>
        </div>
      </SetupFrame>
    </form>
  )
}
