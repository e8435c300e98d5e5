import { Language } from '../../contract/rows/desk.ts'
import { text } from '../locale/text.ts'

/** The languages there are, as options of a choice; each is named in itself, so that whoever reads it finds it. */
export const LanguageOptions = () =>
  Language.options.map((one) => (
    <option key={one} value={one} lang={one}>
      {text.languages[one]}
    </option>
  ))
