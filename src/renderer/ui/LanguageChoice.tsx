/** The language of the window, where nobody is signed in yet; each is named in itself. */
import { Languages } from 'lucide-react'
import { Language } from '../../contract/rows/desk.ts'
import { text, useLanguage } from '../locale/text.ts'
import { changeLookHere } from '../state/look.ts'

export function LanguageChoice() {
  const language = useLanguage((state) => state.language)
  return (
    <label className="choice">
      <Languages className="i i16" aria-hidden="true" />
      <span className="sr">{text.languageLabel}</span>
      <select className="in" value={language} onChange={(event) => changeLookHere({ language: Language.parse(event.target.value) })}>
        {Language.options.map((one) => (
          <option key={one} value={one} lang={one}>
            {text.languages[one]}
          </option>
        ))}
      </select>
    </label>
  )
}
