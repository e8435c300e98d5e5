/** The sentences of the window in the language that was chosen, and numbers and dates as that language writes them. */
import { create } from 'zustand'
import type { Language } from '../../contract/settings.ts'
import { ar } from './ar.ts'
import { de } from './de.ts'
import { type Catalogue, en } from './en.ts'
import { fr } from './fr.ts'
import { type Plural, pluralForm } from './plural.ts'

export const catalogues: Readonly<Record<Language, Catalogue>> = { en, de, fr, ar }

/** Whoever draws sentences draws them again when the language changes: the root of the window listens. */
export const useLanguage = create<{ readonly language: Language }>()(() => ({ language: 'en' }))

/** The catalogue in use. Read while drawing, never kept: it changes with the language. */
export let text: Catalogue = en
let formats = formatsOf('en')

function formatsOf(language: Language) {
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  return {
    plurals: new Intl.PluralRules(language),
    numbers: new Intl.NumberFormat(language),
    dates: new Intl.DateTimeFormat(language, { dateStyle: 'medium' }),
    longDates: new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    times: new Intl.DateTimeFormat(language, { ...time, second: '2-digit' }),
    clock: new Intl.DateTimeFormat(language, time),
    order: new Intl.Collator(language),
  }
}

/** Changes the language of everything that is drawn from now on. */
export function speak(language: Language): void {
  text = catalogues[language]
  formats = formatsOf(language)
  useLanguage.setState({ language })
}

/** Fills {name} places of a sentence. A place without a value stays as it is, so that it is seen. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name]
    if (value === undefined) return place
    return typeof value === 'number' ? number(value) : isolated(value)
  })
}

/** In a sentence from right to left a name or an identifier keeps its own direction, and the words around it theirs. */
const isolated = (value: string) => (text.direction === 'rtl' ? `\u2068${value}\u2069` : value)

/** The form of a sentence for a number, with {n} filled by it. */
export function count(forms: Plural, n: number, values: Readonly<Record<string, string | number>> = {}): string {
  return fill(pluralForm(forms, formats.plurals.select(n)), { n, ...values })
}

/** Compares words as the dictionary of the language orders them. */
export const inWords = (one: string, other: string) => formats.order.compare(one, other)
export const longDay = (time: Date) => formats.longDates.format(time)
export const number = (value: number) => formats.numbers.format(value)
/** Day of an ISO 8601 time. */
export const day = (iso: string) => formats.dates.format(new Date(iso))
export const timeOfDay = (time: Date) => formats.times.format(time)
export const clockTime = (time: Date) => formats.clock.format(time)
