/** Checks what came from outside against its schema and names the field that is wrong. */
import type { z } from 'zod'
import { VultusError } from './errors.ts'

const problemsMax = 3
const charactersMax = 300

const nameOf = (path: readonly PropertyKey[]) => path.map((part) => (typeof part === 'symbol' ? '?' : String(part))).join('.')

/**
 * The problems of a parse in one line, `field: what is wrong`, at most three; never the value.
 * @param nameField how the door calls a field; REST names it as it is
 */
export function problemsOf(error: z.ZodError, nameField: (name: string) => string = (name) => name): string {
  return error.issues
    .slice(0, problemsMax)
    .map((issue) => (issue.path.length === 0 ? issue.message : `${nameField(nameOf(issue.path))}: ${issue.message}`))
    .join('; ')
    .slice(0, charactersMax)
}

/**
 * The parsed input, with defaults filled in.
 * @throws VultusError request.invalid with the field and the problem
 */
export function checked<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new VultusError('request.invalid', problemsOf(parsed.error))
}
