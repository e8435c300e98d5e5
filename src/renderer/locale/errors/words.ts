/** Messages and remedies of the error table in other languages, by code. */
import { type ErrorCode, errorTable } from '../../../contract/errors.ts'
import type { Language } from '../../../contract/settings.ts'
import { useLanguage } from '../text.ts'
import { arErrors } from './ar.ts'
import { deErrors } from './de.ts'
import { enRemedies } from './en.ts'
import type { ErrorWords } from './errorWords.ts'
import { frErrors } from './fr.ts'
import { arWorkErrors } from './work/ar.ts'
import { deWorkErrors } from './work/de.ts'
import { frWorkErrors } from './work/fr.ts'

export const errorCatalogues: Readonly<Partial<Record<Language, ErrorWords>>> = {
  de: { ...deErrors, ...deWorkErrors },
  fr: { ...frErrors, ...frWorkErrors },
  ar: { ...arErrors, ...arWorkErrors },
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
