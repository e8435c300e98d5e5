/** Checks what was filled in against the form policy: the same at the desk while somebody types and in the station before it counts. */
import {
  type FieldProblem,
  type FormField,
  type FormPolicy,
  type FormValues,
  formLimits,
  nameField,
  numberField,
} from '../../contract/form.ts'
import { SubjectId } from '../../contract/types.ts'
import { compilePattern, matchesPattern, type Pattern } from './pattern.ts'

export interface FieldFault {
  readonly field: string
  readonly problem: FieldProblem
}

export interface CheckedForm {
  /** As they are kept: trimmed, document numbers in capitals without spaces. Empty ones are left out. */
  readonly values: FormValues
  /** In the order of the form; what the form does not know comes last. */
  readonly faults: readonly FieldFault[]
}

export interface FormContext {
  /** The day at the desk, YYYY-MM-DD. */
  readonly today: string
  /** Whether a field may be left out although it is required: it was filled in before. */
  readonly isKept?: (field: string) => boolean
}

type Value = string | number
type Checked = { readonly value: Value } | { readonly problem: FieldProblem }

/** Patterns are compiled once; a form has few. */
const patterns = new Map<string, Pattern>()
const patternsMax = 200

function patternOf(source: string): Pattern {
  const known = patterns.get(source)
  if (known !== undefined) return known
  if (patterns.size >= patternsMax) patterns.clear()
  const compiled = compilePattern(source)
  patterns.set(source, compiled)
  return compiled
}

/** @param filled by field, number and name among them */
export function checkForm(policy: FormPolicy, filled: FormValues, context: FormContext): CheckedForm {
  const values: FormValues = {}
  const faults: FieldFault[] = []
  for (const field of policy.fields) {
    const given = Object.hasOwn(filled, field.id) ? filled[field.id] : undefined
    if (given === undefined || given === '' || (typeof given === 'string' && given.trim() === '')) {
      if (field.required && context.isKept?.(field.id) !== true) faults.push({ field: field.id, problem: 'missing' })
      continue
    }
    const checked = checkField(field, given, context)
    if ('problem' in checked) faults.push({ field: field.id, problem: checked.problem })
    else values[field.id] = checked.value
  }
  const ids = new Set(policy.fields.map(({ id }) => id))
  for (const id of Object.keys(filled)) if (!ids.has(id)) faults.push({ field: id, problem: 'unknown' })
  return { values, faults }
}

/** One value, as it is kept, or what is wrong with it. */
export function checkField(field: FormField, given: Value, { today }: FormContext): Checked {
  switch (field.type) {
    case 'number':
      return checkNumber(field, given)
    case 'date':
      return checkDate(field, given, today)
    case 'choice':
      return field.choices.some(({ value }) => value === given) ? { value: given } : { problem: 'choice' }
    default:
      return checkText(field, given)
  }
}

function checkText(field: Extract<FormField, { type: 'text' | 'documentNumber' }>, given: Value): Checked {
  if (typeof given !== 'string') return { problem: 'type' }
  const isDocument = field.type === 'documentNumber'
  const text = given.normalize('NFC').trim()
  const value = isDocument ? text.replace(/\s/gu, '').toUpperCase() : text
  const length = [...value].length
  if (field.lengthMin !== undefined && length < field.lengthMin) return { problem: 'tooShort' }
  if (field.lengthMax !== undefined && length > field.lengthMax) return { problem: 'tooLong' }
  if (/\p{Cc}/u.test(value) || (isDocument && !/^[A-Z0-9./-]+$/.test(value))) return { problem: 'pattern' }
  if (field.id === numberField && !SubjectId.safeParse(value).success) return { problem: 'pattern' }
  if (field.pattern !== undefined && !matchesPattern(patternOf(field.pattern), value)) return { problem: 'pattern' }
  return { value }
}

function checkNumber(field: Extract<FormField, { type: 'number' }>, given: Value): Checked {
  // What a form sends is text; what a program sends is a number.
  const value = typeof given === 'number' ? given : /^[+-]?\d+(\.\d+)?$/.test(given.trim()) ? Number(given) : Number.NaN
  if (!Number.isFinite(value) || (field.integer && !Number.isSafeInteger(value))) return { problem: 'type' }
  if (field.min !== undefined && value < field.min) return { problem: 'tooSmall' }
  if (field.max !== undefined && value > field.max) return { problem: 'tooLarge' }
  return { value }
}

function checkDate(field: Extract<FormField, { type: 'date' }>, given: Value, today: string): Checked {
  if (typeof given !== 'string' || !isDay(given.trim())) return { problem: 'date' }
  const value = given.trim()
  const dayOf = (bound: string) => (bound === 'today' ? today : bound)
  // Days of this form are in the order of their texts.
  if (field.min !== undefined && value < dayOf(field.min)) return { problem: 'tooSmall' }
  if (field.max !== undefined && value > dayOf(field.max)) return { problem: 'tooLarge' }
  return { value }
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

/** What is wrong with a policy beyond its shape. */
export interface PolicyFault {
  /** Id of the field; undefined where it is about the whole. */
  readonly field: string | undefined
  readonly fault: 'tooLarge' | 'twice' | 'numberMissing' | 'textNeeded' | 'lengthOrder' | 'boundOrder' | 'choiceTwice' | 'pattern'
  /** Of a pattern: why it cannot be used. */
  readonly why?: string
}

/** What is wrong with a policy beyond its shape, of each field the first thing; in the order of the form. */
export function faultsOfPolicy(policy: FormPolicy): readonly PolicyFault[] {
  if (new TextEncoder().encode(JSON.stringify(policy)).length > formLimits.policyBytesMax) return [{ field: undefined, fault: 'tooLarge' }]
  const ids = policy.fields.map(({ id }) => id)
  const number = policy.fields.find(({ id }) => id === numberField)
  const whole: readonly PolicyFault[] = number?.required === true ? [] : [{ field: numberField, fault: 'numberMissing' }]
  const faults = policy.fields.flatMap((field, at): readonly PolicyFault[] => {
    if (ids.indexOf(field.id) !== at) return [{ field: field.id, fault: 'twice' }]
    const fault = faultOfField(field)
    return fault === undefined ? [] : [{ field: field.id, ...fault }]
  })
  return [...whole, ...faults]
}

const faultWords: Readonly<Record<PolicyFault['fault'], string>> = {
  tooLarge: 'a policy has at most 64 KiB',
  twice: 'it stands twice',
  numberMissing: 'the field has to be there and required',
  textNeeded: 'it has to be a text',
  lengthOrder: 'lengthMin above lengthMax',
  boundOrder: 'min above max',
  choiceTwice: 'a choice stands twice',
  pattern: 'pattern',
}

/** The first fault in words for whoever writes a policy; undefined where nothing is wrong. */
export function problemOfPolicy(policy: FormPolicy): string | undefined {
  const [first] = faultsOfPolicy(policy)
  if (first === undefined) return undefined
  return [first.field, faultWords[first.fault], first.why].filter((part) => part !== undefined).join(': ')
}

type FieldFaultOfPolicy = Omit<PolicyFault, 'field'> | undefined

function faultOfField(field: FormField): FieldFaultOfPolicy {
  const isText = field.type === 'text' || field.type === 'documentNumber'
  if ((field.id === numberField || field.id === nameField) && !isText) return { fault: 'textNeeded' }
  if (isText) {
    if (field.lengthMin !== undefined && field.lengthMax !== undefined && field.lengthMin > field.lengthMax) return { fault: 'lengthOrder' }
    return field.pattern === undefined ? undefined : faultOfPattern(field.pattern)
  }
  if (field.type === 'choice') {
    const values = field.choices.map(({ value }) => value)
    return new Set(values).size < values.length ? { fault: 'choiceTwice' } : undefined
  }
  if (field.min !== undefined && field.max !== undefined && field.min !== 'today' && field.max !== 'today' && field.min > field.max) {
    return { fault: 'boundOrder' }
  }
  return undefined
}

function faultOfPattern(source: string): FieldFaultOfPolicy {
  try {
    compilePattern(source)
    return undefined
  } catch (error) {
    return { fault: 'pattern', why: error instanceof Error ? error.message : 'it cannot be read' }
  }
}
