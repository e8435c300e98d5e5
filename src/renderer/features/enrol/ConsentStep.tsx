/** The subject is asked, in its own language, before anything is captured. Yes and no have the same weight; no stores nothing. */
import { Check, X } from 'lucide-react'
import { useState } from 'react'
import type { ConsentText } from '../../../contract/rows/consent.ts'
import { Language } from '../../../contract/rows/desk.ts'
import { chooseSubjectLanguage, useSubjectLanguage } from '../../locale/subjectLanguage.ts'
import { catalogues, day, fill, text } from '../../locale/text.ts'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Screen } from '../../ui/Screen.tsx'
import { nextPerson } from './enrolling.ts'
import { agree } from './enrolStore.ts'
import { StepRail } from './StepRail.tsx'
import { UnfinishedEnrolments } from './UnfinishedEnrolments.tsx'

const keys = () => [
  { chord: 'Y', words: text.consent.agreed },
  { chord: 'N', words: text.consent.refused },
]

/** The language of the subject where the text has it, else the first that it has. */
export function languageOf({ texts }: ConsentText, wanted: Language): Language {
  return texts[wanted] === undefined ? (Language.options.find((one) => texts[one] !== undefined) ?? wanted) : wanted
}

export function ConsentStep({ asked }: { readonly asked: ConsentText }) {
  const [refused, setRefused] = useState(false)
  const language = languageOf(asked, useSubjectLanguage())
  const said = catalogues[language]
  const yes = () => agree({ version: asked.version, language })
  const no = () => setRefused(true)
  useKeys([
    ['Y', refused ? undefined : yes],
    ['N', refused ? nextPersonAfter(setRefused) : no],
    ['Enter', refused ? nextPersonAfter(setRefused) : undefined],
    ['Escape', refused ? () => setRefused(false) : undefined],
  ])
  return (
    <Screen name={text.areas.enrol} keys={keys()}>
      <div className="row steprow">
        <StepRail />
      </div>
      <UnfinishedEnrolments />
      <div className="enrol">
        <section className="card consent" lang={language} dir={said.direction} aria-label={text.consent.step}>
          {refused ? (
            <div className="consent-words" role="status">
              <h1>{said.consent.nothing}</h1>
              <p>{said.consent.nothingText}</p>
            </div>
          ) : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled by its keys
            <div className="consent-words" tabIndex={0}>
              {asked.texts[language]?.split(/\n{2,}/).map((paragraph) => (
                <p key={paragraph}>{paragraph}</p>
              ))}
            </div>
          )}
          {refused ? (
            <div className="consent-answers">
              <button type="button" className="btn btn-lg" onClick={() => setRefused(false)}>
                {said.consent.back} <Key chord="Esc" />
              </button>
              {/* biome-ignore lint/a11y/noAutofocus: the only way on after a no */}
              <button type="button" className="btn btn-lg" autoFocus onClick={nextPersonAfter(setRefused)}>
                {said.enrol.done.next} <Key chord="Enter" />
              </button>
            </div>
          ) : (
            <div className="consent-answers">
              <button type="button" className="btn btn-lg" onClick={yes}>
                <Check className="i" aria-hidden="true" />
                {said.consent.yes} <Key chord="Y" />
              </button>
              <button type="button" className="btn btn-lg" onClick={no}>
                <X className="i" aria-hidden="true" />
                {said.consent.no} <Key chord="N" />
              </button>
            </div>
          )}
        </section>
        <aside className="card pad5 col g4" aria-label={text.consent.decides}>
          <h2>{text.consent.decides}</h2>
          <p className="sec">{text.consent.decidesText}</p>
          <div className="field">
            <label htmlFor="consent-language">{text.subjectLanguage.label}</label>
            <select
              id="consent-language"
              className="in"
              value={language}
              onChange={(event) => chooseSubjectLanguage(Language.parse(event.target.value))}
            >
              {Language.options
                .filter((one) => asked.texts[one] !== undefined)
                .map((one) => (
                  <option key={one} value={one} lang={one}>
                    {text.languages[one]}
                  </option>
                ))}
            </select>
          </div>
          <p className="sm sec">{fill(text.consent.version, { n: asked.version, date: day(asked.createdAt) })}</p>
        </aside>
      </div>
    </Screen>
  )
}

const nextPersonAfter = (setRefused: (refused: boolean) => void) => () => {
  setRefused(false)
  nextPerson()
}
