/** How the people of a list consented: asked before an import where the site asks for consent, and recorded with each of them. */
import { useEffect, useId } from 'react'
import { ConsentGiven, type ConsentText } from '../../../contract/rows/consent.ts'
import { Language } from '../../../contract/rows/desk.ts'
import { number, text, useLanguage } from '../../locale/text.ts'
import { useAsked } from '../../state/useAsked.ts'
import { changePlan, usePlan } from './importPlan.ts'

export function ConsentOfList({ newest }: { readonly newest: ConsentText }) {
  const { given, version = newest.version, language } = usePlan()
  const spoken = useLanguage((state) => state.language)
  const asked = useAsked('consent.text', version === newest.version ? undefined : { version })
  const shown = version === newest.version ? newest : asked.value?.text
  const languages = Language.options.filter((one) => shown?.texts[one] !== undefined)
  const id = useId()
  const usable = language !== undefined && languages.includes(language)
  const first = languages.includes(spoken) ? spoken : languages[0]
  useEffect(() => {
    if (!usable && first !== undefined) changePlan({ language: first })
  }, [usable, first])
  const recorded = given !== undefined && given !== 'otherGround'
  return (
    <fieldset className="col g2">
      <legend className="sm m">{text.bulk.consent}</legend>
      {ConsentGiven.options.map((one) => (
        <label className="tick" key={one}>
          <input type="radio" name={id} checked={given === one} onChange={() => changePlan({ given: one, version })} />
          {text.bulk.given[one]}
        </label>
      ))}
      {recorded && (
        <div className="bulk-consent">
          <div className="field">
            <label htmlFor={`${id}-version`}>{text.bulk.consentVersion}</label>
            <select
              id={`${id}-version`}
              className="in"
              value={version}
              onChange={(event) => changePlan({ version: Number(event.target.value) })}
            >
              {Array.from({ length: newest.version }, (_, at) => newest.version - at).map((one) => (
                <option key={one} value={one}>
                  {number(one)}
                </option>
              ))}
            </select>
          </div>
          <div className="field">
            <label htmlFor={`${id}-language`}>{text.bulk.consentLanguage}</label>
            <select
              id={`${id}-language`}
              className="in"
              value={language ?? ''}
              onChange={(event) => changePlan({ language: Language.parse(event.target.value) })}
            >
              {languages.map((one) => (
                <option key={one} value={one} lang={one}>
                  {text.languages[one]}
                </option>
              ))}
            </select>
          </div>
        </div>
      )}
      <p className="help">{text.bulk.consentText}</p>
    </fieldset>
  )
}
