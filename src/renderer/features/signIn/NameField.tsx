import { text } from '../../locale/text.ts'

interface NameFieldProps {
  readonly value: string
  readonly focused: boolean
  readonly onChange: (name: string) => void
}

/** The name of the account that somebody signs in with, or makes to sign in with. */
export function NameField({ value, focused, onChange }: NameFieldProps) {
  return (
    <div className="field">
      <label htmlFor="operator-name">{text.signIn.name}</label>
      <input
        id="operator-name"
        className="in lg"
        value={value}
        maxLength={64}
        autoComplete="off"
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: the first field of the screen
        autoFocus={focused}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}
