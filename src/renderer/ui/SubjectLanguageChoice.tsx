/** In which language the subject is guided, asked, and given a receipt. */
import { Languages } from 'lucide-react'
import { Language } from '../../contract/rows/desk.ts'
import { chooseSubjectLanguage, useChosenSubjectLanguage } from '../locale/subjectLanguage.ts'
import { text } from '../locale/text.ts'
import { LanguageOptions } from './LanguageOptions.tsx'

export function SubjectLanguageChoice() {
  const chosen = useChosenSubjectLanguage()
  return (
    <label className="choice">
      <Languages className="i i16" aria-hidden="true" />
      <span className="sr">{text.subjectLanguage.label}</span>
      <select
        className="in"
        value={chosen ?? ''}
        title={text.subjectLanguage.label}
        onChange={(event) => chooseSubjectLanguage(Language.safeParse(event.target.value).data ?? null)}
      >
        <option value="">{text.subjectLanguage.asDesk}</option>
        <LanguageOptions />
      </select>
    </label>
  )
}
