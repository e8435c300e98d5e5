/** A message that stays until it no longer holds or is closed. A refusal says what happened and what to do. */
import { CircleX, Info, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Refusal } from '../../contract/errors.ts'
import { text } from '../locale/text.ts'

const icons = { neg: CircleX, warn: TriangleAlert, info: Info } as const

export function Banner({ tone, children }: { readonly tone: keyof typeof icons; readonly children: ReactNode }) {
  const Icon = icons[tone]
  return (
    <div className={`banner ${tone}`} role={tone === 'info' ? 'status' : 'alert'}>
      <Icon className="i" aria-hidden="true" />
      {children}
    </div>
  )
}

export function RefusalBanner({ refusal, onClose }: { readonly refusal: Refusal | undefined; readonly onClose?: () => void }) {
  if (refusal === undefined) return null
  return (
    <div className="banner neg" role="alert" data-code={refusal.code}>
      <CircleX className="i" aria-hidden="true" />
      <p className="sp">
        <b>{refusal.message}</b> {refusal.remedy}
        {refusal.detail !== undefined && <span className="detail"> {refusal.detail}</span>}
      </p>
      {onClose !== undefined && (
        <button type="button" className="btn-x" onClick={onClose} aria-label={text.refusal.dismiss}>
          <X className="i i16" aria-hidden="true" />
        </button>
      )}
    </div>
  )
}
