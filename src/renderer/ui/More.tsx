/** What is seldom wanted, behind one word: it opens above the place it stands in, and closes with Escape or when the focus leaves it. */
import { ChevronUp } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { text } from '../locale/text.ts'

export function More({ children }: { readonly children: ReactNode }) {
  const details = useRef<HTMLDetailsElement>(null)
  const close = () => details.current?.removeAttribute('open')
  return (
    <details
      className="more"
      ref={details}
      onBlur={(event) => {
        if (event.relatedTarget instanceof Node && !event.currentTarget.contains(event.relatedTarget)) close()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || details.current?.open !== true) return
        event.preventDefault()
        close()
        details.current.querySelector('summary')?.focus()
      }}
    >
      <summary className="btn btn-sm">
        {text.camera.more} <ChevronUp className="i i16" aria-hidden="true" />
      </summary>
      <div className="card more-panel">{children}</div>
    </details>
  )
}
