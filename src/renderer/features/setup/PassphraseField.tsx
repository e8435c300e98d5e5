/** A passphrase, covered until it is asked to be shown. */
import { Eye, EyeOff } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { text } from '../../locale/text.ts'

export interface PassphraseFieldProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly fresh: boolean
  readonly focused?: boolean
  readonly invalid?: boolean
  readonly help?: ReactNode
}

const passphraseCharactersMax = 1024

export function PassphraseField({ id, label, value, onChange, fresh, focused = false, invalid = false, help }: PassphraseFieldProps) {
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className={invalid ? 'in lg err with-button' : 'in lg with-button'}>
        <input
          id={id}
          type={shown ? 'text' : 'password'}
          value={value}
          maxLength={passphraseCharactersMax}
          autoComplete={fresh ? 'new-password' : 'current-password'}
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: the one field of the screen
          autoFocus={focused}
          aria-invalid={invalid}
          aria-describedby={`${id}-help`}
          onChange={(event) => onChange(event.target.value)}
        />
        <button
          type="button"
          className="btn-x"
          aria-pressed={shown}
          aria-label={shown ? text.setup.hide : text.setup.show}
          onClick={() => setShown(!shown)}
        >
          <Icon className="i" aria-hidden="true" />
        </button>
      </div>
      <span className={invalid ? 'help e' : 'help'} id={`${id}-help`} role={invalid ? 'alert' : undefined}>
        {help}
      </span>
    </div>
  )
}
