/** What is to be imported, as it is put together before it begins. */
import { create } from 'zustand'
import type { ConsentGiven } from '../../../contract/rows/consent.ts'
import type { Language } from '../../../contract/rows/desk.ts'
import type { InputOf, OutputOf } from '../../../contract/table.ts'
import { listFields } from '../../../core/importColumns.ts'

type Looked = OutputOf<'import.look'>
type Start = InputOf<'import.start'>
export type TakenField = keyof Looked['taken']

export interface ImportPlan {
  readonly source: string
  /** What the source is; undefined until it was looked at. */
  readonly looked: Looked | undefined
  readonly columns: Looked['taken']
  /** Columns by the fields of the form. */
  readonly fields: Readonly<Record<string, string>>
  readonly given: ConsentGiven | undefined
  readonly version: number | undefined
  readonly language: Language | undefined
  readonly duplicates: 'ask' | 'refuse'
  readonly preset: NonNullable<Start['preset']>
}

const noColumns: Looked['taken'] = { number: null, name: null, picture: null, consent: null }
const fresh: ImportPlan = {
  source: '',
  looked: undefined,
  columns: noColumns,
  fields: {},
  given: undefined,
  version: undefined,
  language: undefined,
  duplicates: 'ask',
  preset: 'none',
}

export const usePlan = create<ImportPlan>()(() => fresh)
export const changePlan = (change: Partial<ImportPlan>) => usePlan.setState(change)
export const forgetPlan = () => usePlan.setState(fresh)

/** Another source is another import: what was said of the one before goes. */
export const setSource = (source: string) => changePlan({ source, looked: undefined, columns: noColumns, fields: {} })

export const setLooked = (looked: Looked) => changePlan({ looked, columns: looked.taken, fields: looked.fields })

/** @param asked whether the site asks for consent */
export function isReady({ looked, columns, given, language }: ImportPlan, asked: boolean): boolean {
  if (looked === undefined || looked.rows === 0) return false
  if (looked.kind === 'list' && (columns.number === null || columns.picture === null)) return false
  return !asked || given === 'otherGround' || (given !== undefined && language !== undefined)
}

/** The plan as the station takes it. */
export function startOf({ source, looked, columns, fields, given, version, language, duplicates, preset }: ImportPlan): Start {
  const consent =
    given === undefined || given === 'otherGround'
      ? { consentGiven: given }
      : { consentGiven: given, consentVersion: version, consentLanguage: language }
  const named = Object.fromEntries(
    listFields.flatMap((field) => {
      const column = columns[field]
      return column === null ? [] : [[`${field}Column`, column]]
    }),
  )
  return { source: source.trim(), duplicates, preset, ...consent, ...(looked?.kind === 'list' ? { ...named, fieldColumns: fields } : {}) }
}
