/** Messages and remedies of the error table in other languages, by code. */
import { type ErrorCode, errorTable } from '../../../contract/errors.ts'
import type { Language } from '../../../contract/settings.ts'
import { useLanguage } from '../text.ts'
import { arErrors } from './ar.ts'
import { deErrors } from './de.ts'
import type { ErrorWords } from './errorWords.ts'
import { frErrors } from './fr.ts'

export const errorCatalogues: Readonly<Partial<Record<Language, ErrorWords>>> = { de: deErrors, fr: frErrors, ar: arErrors }

/** @returns undefined where the words of the error table hold: in English, and for codes without a translation */
export const errorWords = (code: ErrorCode) => errorCatalogues[useLanguage.getState().language]?.[code]

/** What happened, in the language of the window; English where that has no words for the code. */
export const reasonWords = (code: ErrorCode): string => errorWords(code)?.[0] ?? errorTable[code].message
/** What can be done about it. */
export const errorRemedy = (code: ErrorCode): string => errorWords(code)?.[1] ?? errorTable[code].remedy
