/** Comma separated values with a header line (RFC 4180, fields without line breaks). */

function fieldsOf(line: string): string[] {
  const fields: string[] = []
  let field = ''
  let quoted = false
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!
    if (quoted && character === '"' && line[at + 1] === '"') {
      field += '"'
      at++
    } else if (character === '"') quoted = !quoted
    else if (character === ',' && !quoted) {
      fields.push(field)
      field = ''
    } else field += character
  }
  return [...fields, field].map((value) => value.trim())
}

/**
 * The rows below the header as the wanted columns.
 * @returns what is wrong, in words, where a column or a value is missing
 */
export function csvRows<Column extends string>(text: string, columns: readonly Column[]): Record<Column, string>[] | string {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const header = fieldsOf(lines[0] ?? '')
  const missing = columns.find((column) => !header.includes(column))
  if (missing !== undefined) return `the first line names no column ${missing}`
  const rows: Record<Column, string>[] = []
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue
    const fields = fieldsOf(line)
    const row = {} as Record<Column, string>
    for (const column of columns) {
      const value = fields[header.indexOf(column)] ?? ''
      if (value === '') return `line ${index + 1} has no ${column}`
      row[column] = value
    }
    rows.push(row)
  }
  return rows.length === 0 ? 'it has no lines below the first' : rows
}
