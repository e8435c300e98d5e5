/** Guides and tables have to agree. UPDATE_DOCS=1 writes docs/errors.md anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { errorTable } from '../../../src/contract/errors.ts'
import type { Row } from '../../../src/contract/row.ts'
import { procedures } from '../../../src/contract/table.ts'
import { commandRows } from '../../../src/doors/command/run.ts'

const root = resolve(import.meta.dirname, '../../..')
const document = (name: string) => resolve(root, 'docs', name)

function errorsDocument(): string {
  const rows = Object.entries(errorTable).map(
    ([code, { status, exit, message, remedy }]) => `| \`${code}\` | ${status} | ${exit} | ${message} | ${remedy.replaceAll('|', '\\|')} |`,
  )
  return [
    '# Error codes',
    '',
    'Every refusal has one of these codes, on every door. REST answers `{error: {code, message, remedy, detail?}}` with the status; the',
    'command line ends with the exit code and prints the same object with `--json`. `detail` names the field, file or limit that is meant.',
    'This table is made from `src/contract/errors.ts`; a test holds the two equal.',
    '',
    '| code | HTTP status | exit code | message | remedy |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

describe('docs', () => {
  it('errors.md is the error table', () => {
    if (process.env.UPDATE_DOCS === '1') writeFileSync(document('errors.md'), errorsDocument())
    expect(readFileSync(document('errors.md'), 'utf8')).toBe(errorsDocument())
  })

  it('every row of the error table is answered by something', () => {
    const sources = ['src', 'bin'].flatMap((folder) =>
      readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(ts|mjs)$/.test(name) && !name.startsWith(join('contract', 'errors')) && !name.startsWith('renderer'))
        .map((name) => readFileSync(resolve(root, folder, name), 'utf8')),
    )
    const silent = Object.keys(errorTable).filter((code) => !sources.some((source) => source.includes(`'${code}'`)))
    expect(sources.length).toBeGreaterThan(100)
    expect(silent).toEqual([])
  })

  it('command-line.md names every command and its options', () => {
    const guide = readFileSync(document('command-line.md'), 'utf8')
    for (const { door } of commandRows()) {
      expect(guide).toContain(`\`${door.name}`)
      for (const option of door.options) expect(guide).toContain(`--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`)
    }
  })

  it('rest.md names every route', () => {
    const guide = readFileSync(document('rest.md'), 'utf8')
    for (const { rest } of Object.values(procedures) as Row[]) {
      if (rest !== undefined) expect(guide).toContain(`${rest.method} ${rest.path}`)
    }
  })
})
