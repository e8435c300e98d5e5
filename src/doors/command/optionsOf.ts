/** Command line options made from the input schema of a procedure, so that both always agree. */
import { Argument, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import { problemsOf } from '../../contract/check.ts'
import { VultusError } from '../../contract/errors.ts'
import type { CommandDoor, Row } from '../../contract/row.ts'

/** What JSON Schema says of one input field. */
interface FieldSchema {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly anyOf?: readonly FieldSchema[]
  readonly items?: FieldSchema
}

interface ObjectSchema {
  readonly properties: Readonly<Record<string, FieldSchema>>
  readonly required: readonly string[]
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
export const flagOf = (field: string) => `--${kebab(field)}`

function objectSchemaOf(input: z.ZodType): ObjectSchema {
  const schema = z.toJSONSchema(input, { unrepresentable: 'any', io: 'input' }) as Partial<ObjectSchema>
  return { properties: schema.properties ?? {}, required: schema.required ?? [] }
}

/** Whether the input takes a list in this field. */
export function isListField(input: z.ZodType, field: string): boolean {
  return objectSchemaOf(input).properties[field]?.type === 'array'
}

/** A number as people write it: 20, 0.001, 1e-3. Hexadecimal, empty and infinite ones are refused. */
export function numberOf(text: string): number {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) || !Number.isFinite(Number(text))) {
    throw new InvalidArgumentError('It must be a number.')
  }
  return Number(text)
}

const isNumberOrNone = ({ anyOf = [] }: FieldSchema) =>
  anyOf.length === 2 && anyOf.some(({ type }) => type === 'null') && anyOf.some(({ type }) => type === 'number' || type === 'integer')

/** What people type where a number may also be none. */
const never = 'never'

/** Numbers as people list them: 1,3 or none. */
function numbersOf(text: string): number[] {
  return text === 'none' ? [] : text.split(',').map((one) => numberOf(one.trim()))
}

const isNumbers = ({ type, items }: FieldSchema) => type === 'array' && (items?.type === 'integer' || items?.type === 'number')

/** Words of a list as people type them: one,two. */
function wordsOf(allowed: readonly string[]) {
  return (text: string): string[] => {
    const words = text.split(',').map((one) => one.trim())
    const unknown = words.find((one) => !allowed.includes(one))
    if (unknown !== undefined) throw new InvalidArgumentError(`Allowed are ${allowed.join(', ')}.`)
    return words
  }
}

function yesOrNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes'
  throw new InvalidArgumentError('It must be yes or no.')
}

/** The option for one field; `mandatory` where the input needs it. */
function optionOf(field: string, schema: FieldSchema, mandatory: boolean): Option {
  const byDefault = schema.default === undefined || schema.default === false ? '' : ` (default: ${String(schema.default)})`
  const description = `${schema.description ?? field}${byDefault}`
  if (schema.type === 'boolean') {
    // What is false where it is left out is a flag; what is left as it stands takes a word.
    if (schema.default !== undefined || mandatory) return new Option(flagOf(field), description)
    return new Option(`${flagOf(field)} <yes|no>`, description).argParser(yesOrNo)
  }
  if (isNumberOrNone(schema)) {
    return new Option(`${flagOf(field)} <number|${never}>`, description).argParser((text) => (text === never ? never : numberOf(text)))
  }
  if (isNumbers(schema)) {
    return new Option(`${flagOf(field)} <numbers|none>`, description).argParser(numbersOf).makeOptionMandatory(mandatory)
  }
  if (schema.type === 'array' && schema.items?.enum !== undefined) {
    const { enum: words } = schema.items
    return new Option(`${flagOf(field)} <${words.join('|')},...>`, description).argParser(wordsOf(words)).makeOptionMandatory(mandatory)
  }
  const numeric = schema.type === 'number' || schema.type === 'integer'
  const option = new Option(`${flagOf(field)} <${numeric ? 'number' : schema.enum ? schema.enum.join('|') : field}>`, description)
  if (numeric) option.argParser(numberOf)
  if (schema.enum) option.choices(schema.enum)
  return option.makeOptionMandatory(mandatory)
}

/** Input fields that are positional arguments. */
export const argumentsOf = ({ argument }: CommandDoor): readonly string[] => (argument === undefined ? [] : [argument].flat())

/** The positional argument for one field: a file or a folder where it names one. It may be left out where the input does without it. */
export function argumentOf(field: string, row: Row, door: CommandDoor): Argument {
  const { properties, required } = objectSchemaOf(row.input)
  const isFile = door.files?.[field] !== undefined
  const [open, close] = required.includes(field) ? '<>' : '[]'
  const what = isFile && field !== 'folder' && field !== 'source' ? 'file' : field
  return new Argument(`${open}${what}${close}`, properties[field]?.description ?? (isFile ? `file with the ${field}` : field))
}

/** Options for the named fields of an input schema: booleans as flags, numbers parsed, choices listed. */
export function optionsOf(input: z.ZodType, fields: readonly string[], excludes: Readonly<Record<string, string>> = {}): Option[] {
  const { properties, required } = objectSchemaOf(input)
  return fields.map((field) => {
    const option = optionOf(field, properties[field] ?? {}, required.includes(field))
    const other = excludes[field]
    return other === undefined ? option : option.conflicts(other)
  })
}

/**
 * The values of the named fields, each checked by its schema, before anything is opened.
 * @param files fields whose value names a file
 * @throws VultusError request.invalid naming the option
 */
export function checkedOptions(
  input: z.ZodType,
  fields: readonly string[],
  values: Readonly<Record<string, unknown>>,
  files: CommandDoor['files'] = {},
) {
  const shape: Readonly<Record<string, z.core.$ZodType>> = input instanceof z.ZodObject ? input.shape : {}
  const given: Record<string, unknown> = {}
  const { properties } = objectSchemaOf(input)
  for (const field of fields) {
    // Commander takes null for no value, so the word stands for it until here.
    const value = values[field] === never && isNumberOrNone(properties[field] ?? {}) ? null : values[field]
    if (value === undefined) continue
    // What a file says is checked when it has been read.
    const schema = files[field] === 'json' ? undefined : shape[field]
    const parsed = schema === undefined ? undefined : z.safeParse(schema, value)
    if (parsed?.success === false) {
      throw new VultusError('request.invalid', `option ${flagOf(field)}: ${problemsOf(parsed.error as z.ZodError)}`)
    }
    given[field] = value
  }
  return given
}
