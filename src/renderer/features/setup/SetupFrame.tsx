/** The frame of what comes before the desk: a heading, a sentence, a form, and one button at the foot. */
import type { ReactNode } from 'react'
import { text } from '../../locale/text.ts'
import { LanguageChoice } from '../../ui/LanguageChoice.tsx'
import { Mark } from '../../ui/Mark.tsx'

export interface SetupFrameProps {
  readonly head: string
  readonly title: string
  readonly words: string
  /** Beside the heading. */
  readonly children?: ReactNode
  readonly side?: ReactNode
  readonly foot?: ReactNode
}

export function SetupFrame({ head, title, words, children, side, foot }: SetupFrameProps) {
  return (
    <div className="setup">
      <header className="setup-head">
        <span className="brand">
          <Mark size={24} />
          {head}
        </span>
        <span className="sp" />
        <LanguageChoice />
      </header>
      <main className="setup-main" aria-label={title}>
        <div className="setup-columns">
          <div className="col g5">
            <h1>{title}</h1>
            <p className="setup-words sec">{words}</p>
            {children}
          </div>
          {side}
        </div>
      </main>
      <footer className="setup-foot">{foot ?? <span className="sm sec">{text.product}</span>}</footer>
    </div>
  )
}
