/** The sentences of the window in the language of the station, and numbers and dates as that language writes them. */
import { en } from './en.ts'

/** The catalogue in use. */
export const text = en

/** Fills {name} places of a sentence. A place without a value stays as it is, so that it is seen. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name]
    return value === undefined ? place : typeof value === 'number' ? number(value) : value
  })
}

const numbers = new Intl.NumberFormat(text.language)
const dates = new Intl.DateTimeFormat(text.language, { dateStyle: 'medium' })
const times = new Intl.DateTimeFormat(text.language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
const clock = new Intl.DateTimeFormat(text.language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

const longDates = new Intl.DateTimeFormat(text.language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

export const longDay = (time: Date) => longDates.format(time)
export const number = (value: number) => numbers.format(value)
/** Day of an ISO 8601 time. */
export const day = (iso: string) => dates.format(new Date(iso))
export const timeOfDay = (time: Date) => times.format(time)
export const clockTime = (time: Date) => clock.format(time)
