import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SourceRow } from '../../../../src/operations/importPorts.ts'
import { listRows, surveyList } from '../../../../src/station/imports/list.ts'
import { RowLookUp } from '../../../../src/station/imports/rowLookUp.ts'
import { lookAtSource, surveySource } from '../../../../src/station/imports/source.ts'
import { codeOf } from '../../../support/codeOf.ts'
import { folderOfTests } from '../../../support/folderOfTests.ts'

const folder = folderOfTests()

const salt = 'AAAAAAAAAAAAAAAAAAAAAA'
let lists = 0
function listOf(content: string | Uint8Array): string {
  const path = join(folder, `${++lists}.csv`)
  writeFileSync(path, content)
  return path
}
async function rowsIn(source: string, columns = {}): Promise<SourceRow[]> {
  const rows: SourceRow[] = []
  for await (const row of listRows({ source, columns, salt })) rows.push(row)
  return rows
}
const detailOf = async (content: string | Uint8Array) =>
  await surveyList(listOf(content), () => ({})).then(
    () => undefined,
    (error: { code: string; detail?: string }) => `${error.code}: ${error.detail}`,
  )

const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((value) => value.replaceAll('\r', '').replaceAll('\uFEFF', '').trim())
const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`

describe('a list', () => {
  it('gives back what was written, with any delimiter, line end, quotes and byte order mark', async () => {
    const record = fc.record({ number: fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/), name: text, picture: text, other: text })
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (records, delimiter, lineEnd, bom) => {
          const lines = records.map((one) => [one.other, one.picture, one.name, one.number].map(quoted).join(delimiter))
          const header = ['note', 'picture', 'name', 'number'].join(delimiter)
          const path = listOf((bom ? '\uFEFF' : '') + [header, ...lines].join(lineEnd))
          expect(await surveyList(path, () => ({}))).toEqual({ total: records.length, unreadColumns: ['note'], columns: {} })
          const rows = await rowsIn(path)
          expect(rows.map(({ row, number, name, picture }) => ({ row, number, name, picture }))).toEqual(
            records.map(({ number, name, picture }, at) => ({ row: at + 1, number, name: name === '' ? undefined : name, picture })),
          )
          // Equal rows have equal marks, and no others.
          const said = rows.map(({ number, name, picture }) => JSON.stringify([number, name, picture]))
          expect(new Set(rows.map(({ mark }) => mark)).size).toBe(new Set(said).size)
          rmSync(path)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('tells lines as an editor counts them, and leaves empty lines out', async () => {
    const rows = await rowsIn(listOf('number,picture\n\nR-1,a.jpg\n,,\nR-2,"b\nc.jpg"\nR-3,d.jpg\n'))
    expect(rows.map(({ row, line, number }) => [row, line, number])).toEqual([
      [1, 3, 'R-1'],
      [2, 6, 'R-2'],
      [3, 7, 'R-3'],
    ])
  })

  it('says what is wrong with a row, and never what it says', async () => {
    const rows = await rowsIn(
      listOf(`number;name;picture\n;Ada;a.jpg\nR 1;Ada;a.jpg\nR-2;${'x'.repeat(201)};a.jpg\nR-3;Ada;\nR-4;Ada\nR-5;;a.jpg`),
    )
    expect(rows.map(({ problem }) => problem?.detail)).toEqual([
      'number: there is none',
      'number: an id has 1 to 64 of the characters A-Z a-z 0-9 . _ -',
      'name: more than 200 characters',
      'picture: there is none',
      'picture: there is none',
      undefined,
    ])
  })

  it('is refused where it cannot be read as one', async () => {
    expect(await detailOf(Buffer.from('number,picture\nR-1,\xfc.jpg\n', 'latin1'))).toBe('import.listInvalid: it is not UTF-8')
    expect(await detailOf(Buffer.from('\uFEFFnumber,picture\n', 'utf16le'))).toBe('import.listInvalid: it is not UTF-8')
    expect(await detailOf('number,picture\nR-1,a.jpg\nR-2,"b.jpg\nR-3,c.jpg\n')).toMatch(
      /^import\.listInvalid: line \d+: a quote is not closed/,
    )
    expect(await detailOf(`number,picture\nR-1,${'a'.repeat(70_000)}\n`)).toMatch(/^import\.listInvalid: line 2: a row is longer/)
    expect(await detailOf('id,name\nR-1,Ada\n')).toBe('import.listInvalid: the first line names no column picture')
    expect(await detailOf(`${Array.from({ length: 300 }, (_, at) => `c${at}`).join(',')}\n`)).toBe(
      'import.listInvalid: more than 200 columns',
    )
    const empty = listOf('number,picture\n')
    expect(await codeOf(() => surveySource(empty, {}, []))).toBe('import.empty')
    expect(await codeOf(() => surveySource(join(folder, 'nothing.csv'), {}, []))).toBe('import.sourceUnreadable')
    expect(await codeOf(() => surveySource('people.csv', {}, []))).toBe('request.invalid')
    expect(await codeOf(() => surveySource('/dev/zero', {}, []))).toBe('import.sourceUnreadable')
  })
})

describe('rows that are looked up again', () => {
  it('are found in any order of pages, and not where they are others now', async () => {
    const line = (no: number) => `R-${no},${no}.jpg`
    const path = listOf(['number,picture', ...Array.from({ length: 50 }, (_, at) => line(at + 1))].join('\n'))
    const settings = { source: path, kind: 'list', columns: {}, salt } as unknown as Parameters<RowLookUp['find']>[1]
    const marks = new Map((await rowsIn(path)).map(({ row, mark }) => [row, mark]))
    const lookUp = new RowLookUp()
    const numbersOf = async (...wanted: number[]) => {
      const { readable, rows } = await lookUp.find(
        'job',
        settings,
        wanted.map((row) => ({ row, mark: marks.get(row) ?? null })),
      )
      return { readable, numbers: [...rows.values()].map(({ number }) => number) }
    }
    expect(await numbersOf(3, 7, 40)).toEqual({ readable: true, numbers: ['R-3', 'R-7', 'R-40'] })
    expect(await numbersOf(41)).toEqual({ readable: true, numbers: ['R-41'] })
    expect(await numbersOf(2)).toEqual({ readable: true, numbers: ['R-2'] })
    const both = await Promise.all([numbersOf(5), numbersOf(4)])
    expect(both.flatMap(({ numbers }) => numbers)).toEqual(['R-5', 'R-4'])
    await lookUp.close()
    writeFileSync(path, ['number,picture', line(99), ...Array.from({ length: 50 }, (_, at) => line(at + 1))].join('\n'))
    expect(await numbersOf(3)).toEqual({ readable: false, numbers: [] })
    rmSync(path)
    expect(await numbersOf(3)).toEqual({ readable: false, numbers: [] })
    await lookUp.close()
  })
})

describe('what somebody names as a list', () => {
  it('is shown by its first line only where it is called one', async () => {
    const path = join(folder, 'secrets')
    writeFileSync(path, 'root:a secret:1\n')
    expect(await codeOf(lookAtSource(path, []))).toBe('import.listInvalid')
    expect(await lookAtSource(listOf('number,picture\n1,1.jpg\n'), [])).toMatchObject({ kind: 'list', rows: 1 })
  })

  it.skipIf(process.platform === 'win32')('is not waited for where it is a pipe', async () => {
    const path = join(folder, 'pipe.csv')
    execFileSync('mkfifo', [path])
    expect(await codeOf(lookAtSource(path, []))).toBe('import.sourceUnreadable')
    expect(await codeOf(surveySource(path, {}, []))).toBe('import.sourceUnreadable')
  })
})
