/** Fields and lines of tables that a spreadsheet opens: RFC 4180, and never a formula. */

export type CsvValue = string | number | null

/** A field: quoted where it has to be; what a spreadsheet would compute gets an apostrophe before it. */
export function csvField(value: CsvValue): string {
  const text = value === null ? '' : String(value)
  const harmless = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",;\t\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** A line with its end. */
export const csvLine = (values: readonly CsvValue[]): string => `${values.map(csvField).join(',')}\r\n`
