/** Messages and remedies of the error table in other languages, by code. */
import { type ErrorCode, errorTable } from '../../../contract/errors.ts'
import type { Language } from '../../../contract/settings.ts'
import { useLanguage } from '../text.ts'
import { enRemedies } from './en.ts'
import type { ErrorWords } from './errorWords.ts'
import { arPeopleErrors } from './people/ar.ts'
import { dePeopleErrors } from './people/de.ts'
import { frPeopleErrors } from './people/fr.ts'
import { arStationErrors } from './station/ar.ts'
import { deStationErrors } from './station/de.ts'
import { frStationErrors } from './station/fr.ts'

export const errorCatalogues: Readonly<Partial<Record<Language, ErrorWords>>> = {
  de: { ...dePeopleErrors, ...deStationErrors },
  fr: { ...frPeopleErrors, ...frStationErrors },
  ar: { ...arPeopleErrors, ...arStationErrors },
}

/** @returns undefined where the words of the refusal hold: for codes that this language has none for */
export function errorWords(code: ErrorCode): readonly [message: string, remedy: string] | undefined {
  const { language } = useLanguage.getState()
  const remedy = language === 'en' ? enRemedies[code] : undefined
  return remedy === undefined ? errorCatalogues[language]?.[code] : [errorTable[code].message, remedy]
}

/** What happened, in the language of the window; English where that has no words for the code. */
export const reasonWords = (code: ErrorCode): string => errorWords(code)?.[0] ?? errorTable[code].message
/** What can be done about it. */
export const errorRemedy = (code: ErrorCode): string => errorWords(code)?.[1] ?? errorTable[code].remedy
