/** Something that F9 covers: a name, a number, evidence. */
import type { ReactNode } from 'react'
import { text } from '../locale/text.ts'
import { useDesk } from '../state/desk.ts'

export function Private({ children }: { readonly children: ReactNode }) {
  const hidden = useDesk((state) => state.hidden)
  if (!hidden) return children
  return (
    <span className="covered" role="img" aria-label={text.hidden}>
      ••••
    </span>
  )
}
