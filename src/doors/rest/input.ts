/** The body and the path of a REST request as the input of a procedure. */
import { type Refusal, VultusError } from '../../contract/errors.ts'
import type { RestDoor } from '../../contract/row.ts'
import { bytesOfText } from './bytes.ts'

export const depthMax = 32

/** Whether a parsed body nests deeper than the limit; walks with a list of its own, so that depth costs no stack. */
function isTooDeep(body: unknown): boolean {
  let level: unknown[] = [body]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > depthMax) return true
    const next: unknown[] = []
    for (const value of level) {
      if (value === null || typeof value !== 'object') continue
      for (const inner of Array.isArray(value) ? value : Object.values(value)) {
        if (inner !== null && typeof inner === 'object') next.push(inner)
      }
    }
    level = next
  }
  return false
}

/** Other names of a field become the field's own; both at once is a mistake. */
function withoutAliases(fields: Record<string, unknown>, aliases: Readonly<Record<string, string>>): Record<string, unknown> {
  const named = { ...fields }
  for (const [alias, field] of Object.entries(aliases)) {
    if (named[alias] === undefined) continue
    if (named[field] !== undefined) throw new VultusError('request.invalid', `${alias}: give either ${field} or ${alias}`)
    named[field] = named[alias]
    delete named[alias]
  }
  return named
}

/**
 * What stands behind the question mark, as input fields. What is no number where one should be is left for the schema to refuse.
 * @throws request.invalid naming a parameter that is unknown or given more than once
 */
function fieldsOfQuery(door: RestDoor, query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (door.query === undefined) return {}
  const fields: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(query)) {
    const parameter = Object.hasOwn(door.query, name) ? door.query[name] : undefined
    const shown = name.slice(0, 64)
    if (parameter === undefined) throw new VultusError('request.invalid', `${shown}: there is no such parameter`)
    if (typeof value !== 'string') throw new VultusError('request.invalid', `${shown}: give it once`)
    fields[parameter.field] = parameter.as === 'number' && /^\d{1,15}$/.test(value) ? Number(value) : value
  }
  return fields
}

/** A refusal that names an input field names the parameter that filled it instead. */
export function inWordsOfQuery(door: RestDoor, refusal: Refusal): Refusal {
  const parameter = Object.entries(door.query ?? {}).find(([, { field }]) => refusal.detail?.startsWith(`${field}: `))
  if (parameter === undefined || refusal.detail === undefined) return refusal
  const [name, { field }] = parameter
  return { ...refusal, detail: `${name}${refusal.detail.slice(field.length)}` }
}

interface Asked {
  readonly body: unknown
  /** Of the path. */
  readonly parameters: Readonly<Record<string, string>>
  /** Behind the question mark. */
  readonly query: Readonly<Record<string, unknown>>
}

/**
 * What the procedure is called with: the fields of the body or of the query, those of the path, bytes decoded. The station checks the rest by schema.
 * @throws VultusError request.invalid or a picture code, naming the field
 */
export function inputOf(door: RestDoor, { body, parameters, query }: Asked): Record<string, unknown> {
  if (door.method === 'POST' && (body === null || typeof body !== 'object' || Array.isArray(body))) {
    throw new VultusError('request.invalid', 'the body has to be a JSON object')
  }
  if (isTooDeep(body)) throw new VultusError('request.invalid', `the body nests deeper than ${depthMax} levels`)
  const fields = door.method === 'POST' ? { ...(body as Record<string, unknown>) } : fieldsOfQuery(door, query)
  const input = { ...withoutAliases(fields, door.aliases ?? {}), ...parameters }
  for (const field of door.bytes ?? []) input[field] = bytesOfText(field, input[field])
  return input
}
