/** A button for what cannot be taken back: its second press does it; leaving it takes the first one back. */
import { useState } from 'react'

export function SureButton(props: {
  readonly words: string
  readonly sure: string
  readonly disabled?: boolean
  readonly small?: boolean
  readonly onSure: () => void
}) {
  const [asked, setAsked] = useState(false)
  return (
    <button
      type="button"
      className={`btn ${props.small === true ? 'btn-sm' : ''} ${asked ? 'btn-sure' : ''}`}
      disabled={props.disabled}
      onBlur={() => setAsked(false)}
      onClick={() => {
        setAsked(!asked)
        if (asked) props.onSure()
      }}
    >
      <span aria-live="polite">{asked ? props.sure : props.words}</span>
    </button>
  )
}
