/** What the subject takes home: the number, as a code too, on a sheet that the browser prints or saves as a PDF. */
import { Printer } from 'lucide-react'
import { Code } from '../../code/Code.tsx'
import { useSubjectLanguage, useSubjectText, useSubjectWords } from '../../locale/subjectLanguage.ts'
import { fill, text } from '../../locale/text.ts'
import { useDesk } from '../../state/desk.ts'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Mark } from '../../ui/Mark.tsx'
import { SubjectLanguageChoice } from '../../ui/SubjectLanguageChoice.tsx'

/** @param id number of the subject @param at when it was enrolled */
export function Receipt({ id, at }: { readonly id: string; readonly at: Date }) {
  const hidden = useDesk((state) => state.hidden)
  useKeys([['Ctrl P', () => window.print()]])
  return (
    <aside className="card receipt-card" aria-label={text.receipt.title}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a small screen the sheet is scrolled by its keys */}
      <div className="receipt-desk" tabIndex={0}>
        {hidden ? <span className="b">{text.hidden}</span> : <Sheet id={id} at={at} />}
      </div>
      <div className="panel-foot">
        <div className="row">
          <SubjectLanguageChoice />
          <span className="sp" />
        </div>
        <button type="button" className="btn btn-w" onClick={() => window.print()}>
          <Printer className="i i16" aria-hidden="true" />
          {text.receipt.print} <Key chord="Ctrl P" />
        </button>
      </div>
    </aside>
  )
}

function Sheet({ id, at }: { readonly id: string; readonly at: Date }) {
  const { receipt } = useSubjectText()
  const words = useSubjectWords()
  const date = new Intl.DateTimeFormat(useSubjectLanguage(), { dateStyle: 'long' }).format(at)
  return (
    <section className="receipt printed" {...words}>
      <div className="row">
        <Mark size={24} />
        <b className="sp">{receipt.title}</b>
        <span className="sm">{date}</span>
      </div>
      <Code value={id} words={fill(receipt.codeOf, { id })} />
      <div className="receipt-number ltr">{id}</div>
      <p className="sm">{receipt.yours}</p>
      <hr />
      <p className="sm">{receipt.codeOnly}</p>
      <p className="sm">{receipt.rights}</p>
    </section>
  )
}
