/** What the command line writes: one JSON object on stdout, or short plain lines. Notes and refusals of people's output go to stderr. */
import type { Writable } from 'node:stream'
import type { Failed, Refusal } from '../../contract/errors.ts'

const listedNumbersMax = 8
const hiddenFields = new Set(['captureId', 'captureIds'])

/** The part of an answer that leaves by this door: no bytes, no capture ids. */
function presentable(value: unknown): unknown {
  if (value instanceof Uint8Array) return undefined
  if (Array.isArray(value)) return value.map(presentable)
  if (value === null || typeof value !== 'object') return value
  const fields = Object.entries(value).filter(([name, field]) => !hiddenFields.has(name) && !(field instanceof Uint8Array))
  return Object.fromEntries(fields.map(([name, field]) => [name, presentable(field)]))
}

/** What a refusal looks like on every door: `{error, ...data}`. */
function refusalAnswer(refusal: Refusal, data?: Failed['data']): Record<string, unknown> {
  return { ...(presentable(data ?? {}) as Record<string, unknown>), error: { ...refusal } }
}

const words = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** One value on one line. Control characters of stored names must not steer the terminal. */
function inline(value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)))
  if (Array.isArray(value)) {
    const shown = value.slice(0, listedNumbersMax).map(inline).join(', ')
    return value.length > listedNumbersMax ? `${shown}, ... (${value.length} numbers)` : shown || 'none'
  }
  if (isPlainObject(value)) {
    return Object.entries(value)
      .map(([name, field]) => `${words(name)} ${inline(field)}`)
      .join(', ')
  }
  return String(value).replace(/\p{Cc}/gu, '?')
}

/** Columns padded to their widest cell. */
function tableLines(rows: readonly Record<string, unknown>[]): string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cells = [names.map(words), ...rows.map((row) => names.map((name) => inline(row[name])))]
  const widths = names.map((_, column) => Math.max(...cells.map((line) => [...(line[column] ?? '')].length)))
  return cells.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** An answer as lines for a person: `label  value`, objects indented below their label, lists of objects as tables. */
function plainLines(answer: unknown): string[] {
  if (!isPlainObject(answer)) return [inline(answer)]
  const width = Math.max(0, ...Object.keys(answer).map((name) => words(name).length))
  return Object.entries(answer).flatMap(([name, value]) => {
    if (Array.isArray(value) && value.length > 0 && value.every(isPlainObject)) {
      return [`${words(name)}:`, ...tableLines(value).map((line) => `  ${line}`)]
    }
    if (isPlainObject(value)) return [`${words(name)}:`, ...plainLines(value).map((line) => `  ${line}`)]
    return [`${words(name).padEnd(width)}  ${inline(value)}`]
  })
}

/** Writes a text whole; a reader that has gone away is no failure. */
function written(stream: Writable, text: string): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return Promise.resolve()
  return new Promise((resolve) => stream.write(text, () => resolve()))
}

/** Where a command's words go. */
export class Output {
  constructor(
    readonly json: boolean,
    private readonly stdout: Writable,
    private readonly stderr: Writable,
  ) {}

  /** The one answer of the command. */
  answer(value: unknown): Promise<void> {
    const shown = presentable(value)
    return written(this.stdout, this.json ? `${JSON.stringify(shown)}\n` : `${plainLines(shown).join('\n')}\n`)
  }

  /** An answer that is a text for people; `name` is its field in JSON. */
  text(name: string, text: string): Promise<void> {
    return written(this.stdout, this.json ? `${JSON.stringify({ [name]: text.trim() })}\n` : `${text.trimEnd()}\n`)
  }

  /** A text as it is: lines of an export, a printout. */
  raw(text: string): Promise<void> {
    return written(this.stdout, text)
  }

  /** What was refused, why, and what can be done. */
  refuse({ refusal, data }: Failed): Promise<void> {
    if (this.json) return written(this.stdout, `${JSON.stringify(refusalAnswer(refusal, data))}\n`)
    const detail = refusal.detail === undefined ? '' : ` (${inline(refusal.detail)})`
    const more = data === undefined ? [] : plainLines(presentable(data))
    return written(this.stderr, `vultus: ${refusal.message}${detail}\n${[refusal.remedy, ...more].join('\n')}\n`)
  }

  /** A line beside the answer: progress, log. */
  note(line: string): void {
    void written(this.stderr, `${line}\n`)
  }

  /** A line of a command that goes on talking (serve, start); stdout stays for the one object under --json. */
  line(line: string): void {
    void written(this.json ? this.stderr : this.stdout, `${line}\n`)
  }
}
