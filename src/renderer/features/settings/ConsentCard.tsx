/** The text that subjects are asked for consent with: in each language, in versions that are kept. */
import { useState } from 'react'
import { type ConsentText, consentCharactersMax } from '../../../contract/rows/consent.ts'
import { Language } from '../../../contract/rows/desk.ts'
import { day, fill, text, useLanguage } from '../../locale/text.ts'
import { useConsentText } from '../../state/consentText.ts'
import { call } from '../../state/station.ts'
import { useAsked, useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { LanguageOptions } from '../../ui/LanguageOptions.tsx'

type Texts = ConsentText['texts']

/** @returns without the languages that have no words */
export const written = (texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).flatMap(([language, words]) => (words.trim() === '' ? [] : [[language, words.trim()]])))

export function ConsentCard() {
  const asked = useAsked('consent.text', {})
  const ofWindow = useLanguage((state) => state.language)
  const [language, setLanguage] = useState<Language>(ofWindow)
  /** By language, until it is saved; what is in force may arrive while somebody types. */
  const [typed, setTyped] = useState<Texts>({})
  const [saved, setSaved] = useState(false)
  const { doing, refusal, run, dismiss } = useDoing()
  const inForce = asked.value?.text
  const texts: Texts = { ...inForce?.texts, ...typed }
  const changed = JSON.stringify(written(texts)) !== JSON.stringify(written(inForce?.texts ?? {}))
  const save = () =>
    void run(async () => {
      useConsentText.setState(await call('consent.change', { texts: written(texts) }))
      await asked.again()
      setTyped({})
      setSaved(true)
    })
  return (
    <section className="card pad5 col g4" aria-label={text.settings.consent.title}>
      <h2>{text.settings.consent.title}</h2>
      <p className="sec">
        {inForce ? fill(text.consent.version, { n: inForce.version, date: day(inForce.createdAt) }) : text.settings.consent.none}
      </p>
      <div className="field">
        <label htmlFor="consent-text-language">{text.settings.consent.language}</label>
        <select
          id="consent-text-language"
          className="in"
          value={language}
          onChange={(event) => setLanguage(Language.parse(event.target.value))}
        >
          <LanguageOptions />
        </select>
      </div>
      <div className="field">
        <label htmlFor="consent-text">{text.settings.consent.words}</label>
        <textarea
          id="consent-text"
          className="in"
          rows={7}
          lang={language}
          dir="auto"
          maxLength={consentCharactersMax}
          value={texts[language] ?? ''}
          aria-describedby="consent-text-help"
          onChange={(event) => {
            setSaved(false)
            setTyped({ ...typed, [language]: event.target.value })
          }}
        />
        <span className="help" id="consent-text-help">
          {text.settings.consent.help}
        </span>
      </div>
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      <div className="row g3">
        <button type="button" className="btn" disabled={doing || !changed} onClick={save}>
          {text.settings.consent.save}
        </button>
        <p className="sm sec" role="status">
          {saved && text.settings.saved}
        </p>
      </div>
    </section>
  )
}
