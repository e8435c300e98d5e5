/** Messages and remedies of the error table in other languages, by code. */
import type { ErrorCode } from '../../../contract/errors.ts'
import type { Language } from '../../../contract/settings.ts'
import { useLanguage } from '../text.ts'
import { arErrors } from './ar.ts'
import { deErrors } from './de.ts'
import { frErrors } from './fr.ts'

/** What happened, and what can be done. Codes that only other doors tell of are left out: the table has their English words. */
export type ErrorWords = Readonly<Partial<Record<ErrorCode, readonly [message: string, remedy: string]>>>

export const errorCatalogues: Readonly<Partial<Record<Language, ErrorWords>>> = { de: deErrors, fr: frErrors, ar: arErrors }

/** @returns undefined where the words of the error table hold: in English, and for codes without a translation */
export const errorWords = (code: ErrorCode) => errorCatalogues[useLanguage.getState().language]?.[code]
