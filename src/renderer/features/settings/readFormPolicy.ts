/** A form policy out of a file: read, checked, and where it cannot be used what is wrong with which field, in the language of the desk. */
import type { z } from 'zod'
import { ar as zodAr, de as zodDe, en as zodEn, fr as zodFr } from 'zod/locales'
import { FormPolicy, formLimits } from '../../../contract/form.ts'
import type { Language } from '../../../contract/settings.ts'
import { faultsOfPolicy, type PolicyFault } from '../../../core/form/checkForm.ts'
import { fill, text, useLanguage } from '../../locale/text.ts'

export interface FileFault {
  /** What it is about: a field by its id, with the part of it. */
  readonly at: string
  readonly words: string
}

export type ReadPolicy = { readonly policy: FormPolicy } | { readonly faults: readonly FileFault[] }

/** The library says what is wrong in these languages itself. */
const schemaWords: Readonly<Record<Language, () => { localeError: z.core.$ZodErrorMap }>> = { en: zodEn, de: zodDe, fr: zodFr, ar: zodAr }
const faultsMax = 12

/** @param source what stands in the file */
export function readFormPolicy(source: string): ReadPolicy {
  const whole = (words: string): ReadPolicy => ({ faults: [{ at: text.policy.faults.whole, words }] })
  if (new TextEncoder().encode(source).length > formLimits.policyBytesMax) return whole(text.policy.faults.tooLarge)
  let raw: unknown
  try {
    raw = JSON.parse(source)
  } catch {
    return whole(text.policy.faults.notJson)
  }
  const parsed = FormPolicy.safeParse(raw, { error: schemaWords[useLanguage.getState().language]().localeError, reportInput: false })
  if (!parsed.success) {
    return { faults: parsed.error.issues.slice(0, faultsMax).map(({ path, message }) => ({ at: placeOf(raw, path), words: message })) }
  }
  const faults = faultsOfPolicy(parsed.data)
  if (faults.length === 0) return { policy: parsed.data }
  return { faults: faults.slice(0, faultsMax).map((fault) => ({ at: fault.field ?? text.policy.faults.whole, words: wordsOf(fault) })) }
}

/** fields.3.label.en is told by the id of the field, where it has one. */
function placeOf(raw: unknown, path: readonly PropertyKey[]): string {
  const [first, index, ...rest] = path
  if (first !== 'fields' || typeof index !== 'number') return path.length === 0 ? text.policy.faults.whole : path.map(String).join('.')
  const field: unknown = (raw as { fields?: readonly unknown[] }).fields?.[index]
  const id = typeof field === 'object' && field !== null && 'id' in field && typeof field.id === 'string' ? field.id.slice(0, 40) : ''
  return [id === '' ? `fields.${index + 1}` : id, ...rest.map(String)].join('.')
}

function wordsOf({ fault, why }: PolicyFault): string {
  const words = text.policy.faults[fault]
  return fault === 'pattern' ? fill(words, { why: why ?? '' }) : words
}
