/** The language of the window, where nobody is signed in yet; each is named in itself. */
import { Languages } from 'lucide-react'
import { Language } from '../../contract/rows/desk.ts'
import { text, useLanguage } from '../locale/text.ts'
import { changeLookHere } from '../state/look.ts'
import { LanguageOptions } from './LanguageOptions.tsx'

export function LanguageChoice() {
  const language = useLanguage((state) => state.language)
  return (
    <label className="choice">
      <Languages className="i i16" aria-hidden="true" />
      <span className="sr">{text.languageLabel}</span>
      <select className="in" value={language} onChange={(event) => changeLookHere({ language: Language.parse(event.target.value) })}>
        <LanguageOptions />
      </select>
    </label>
  )
}
