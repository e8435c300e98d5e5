import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SourceRow } from '../../../../src/operations/importPorts.ts'
import { folderRows, surveyFolder } from '../../../../src/station/imports/folder.ts'
import { readPictureBelow } from '../../../../src/station/imports/pictureBelow.ts'
import { codeOf } from '../../../support/codeOf.ts'

let outer = ''
let folder = ''
beforeEach(() => {
  outer = mkdtempSync(join(tmpdir(), 'vultus-folder-'))
  folder = join(outer, 'people')
  mkdirSync(folder)
})
afterEach(() => rmSync(outer, { recursive: true, force: true }))

const put = (path: string, content = 'picture') => {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), content)
}
const salt = 'AAAAAAAAAAAAAAAAAAAAAA'
async function rowsIn(): Promise<SourceRow[]> {
  const rows: SourceRow[] = []
  for await (const row of folderRows({ source: folder, salt })) rows.push(row)
  return rows
}

describe('a folder of people', () => {
  it('is a row for each entry, in the order of names, folders and pictures beside each other', async () => {
    put('R-2/b.png', '2')
    put('R-2/a.JPG', '1')
    put('R-2/notes.txt')
    put('R-2/.DS_Store')
    put('R-1.jpeg', 'one')
    put('.hidden/a.jpg')
    put('Thumbs.db')
    put('people.csv')
    mkdirSync(join(folder, 'R-3'))
    symlinkSync('R-2', join(folder, 'R-4'))
    put('R 5/a.jpg')
    expect(await surveyFolder(folder)).toEqual({ total: 6, unreadColumns: [] })
    const rows = await rowsIn()
    expect(rows.map(({ row, number, picture, problem }) => [row, number, picture, problem?.code])).toEqual([
      [1, 'R 5', 'R 5/', 'import.rowInvalid'],
      [2, 'R-1', 'R-1.jpeg', undefined],
      [3, 'R-2', 'R-2/', undefined],
      [4, 'R-3', 'R-3/', undefined],
      [5, 'R-4', 'R-4', 'import.pathOutside'],
      [6, 'people.csv', 'people.csv', 'picture.unsupported'],
    ])
    const read = async (row: SourceRow | undefined) =>
      await Promise.all(((await row?.pictures()) ?? []).map(async (one) => Buffer.from(await one()).toString()))
    expect(await read(rows[2])).toEqual(['1', '2'])
    expect(await read(rows[1])).toEqual(['one'])
    expect(await codeOf(() => read(rows[3]))).toBe('import.rowInvalid')
  })

  it('refuses a person with a link, too many pictures, or a folder that is gone', async () => {
    for (let no = 0; no < 11; no++) put(`MANY/${no}.jpg`)
    put('LINK/a.jpg')
    symlinkSync('/etc/hostname', join(folder, 'LINK', 'b.jpg'))
    put('GONE/a.jpg')
    const [gone, link, many] = await rowsIn()
    rmSync(join(folder, 'GONE'), { recursive: true })
    expect(await codeOf(async () => await gone?.pictures())).toBe('picture.unreadable')
    expect(await codeOf(async () => await link?.pictures())).toBe('import.pathOutside')
    expect(await codeOf(async () => await many?.pictures())).toBe('import.rowInvalid')
  })
})

describe('a picture below the folder', () => {
  it('is read whole, by a path with either slash', async () => {
    put('a/b/c.jpg', 'content')
    for (const path of ['a/b/c.jpg', 'a\\b\\c.jpg', './a/b/c.jpg', 'a/../a/b/c.jpg']) {
      expect(Buffer.from(await readPictureBelow(folder, path)).toString()).toBe('content')
    }
  })

  it('is refused by what is wrong with it', async () => {
    writeFileSync(join(outer, 'secret.jpg'), 'secret')
    symlinkSync(outer, join(folder, 'up'))
    symlinkSync(join(outer, 'secret.jpg'), join(folder, 'link.jpg'))
    put('empty.jpg', '')
    put('large.jpg', '')
    truncateSync(join(folder, 'large.jpg'), 65 * 1024 * 1024)
    mkdirSync(join(folder, 'folder.jpg'))
    execFileSync('mkfifo', [join(folder, 'pipe.jpg')])
    const refused = {
      '../secret.jpg': 'import.pathOutside',
      '..\\secret.jpg': 'import.pathOutside',
      'a/../../secret.jpg': 'import.pathOutside',
      [join(outer, 'secret.jpg')]: 'import.pathOutside',
      'C:\\secret.jpg': 'import.pathOutside',
      '\\\\server\\secret.jpg': 'import.pathOutside',
      'up/secret.jpg': 'import.pathOutside',
      'link.jpg': 'import.pathOutside',
      '.': 'import.pathOutside',
      'missing.jpg': 'picture.missing',
      'a\0.jpg': 'picture.missing',
      'empty.jpg': 'picture.empty',
      'large.jpg': 'picture.tooLarge',
      'folder.jpg': 'picture.notAFile',
      'pipe.jpg': 'picture.notAFile',
    }
    for (const [path, code] of Object.entries(refused))
      expect([path, await codeOf(() => readPictureBelow(folder, path))]).toEqual([path, code])
  })

  it.skipIf(process.getuid?.() === 0)('is refused where it may not be read', async () => {
    put('closed.jpg')
    chmodSync(join(folder, 'closed.jpg'), 0)
    expect(await codeOf(() => readPictureBelow(folder, 'closed.jpg'))).toBe('picture.unreadable')
  })

  it('is never one outside, whatever the path', async () => {
    writeFileSync(join(outer, 'secret.jpg'), 'secret')
    put('a/b.jpg', 'inside')
    const part = fc.oneof(
      fc.constantFrom('..', '.', '', 'a', 'b.jpg', 'secret.jpg', 'people', '~', '%2e%2e', '...'),
      fc.string({ maxLength: 4 }),
    )
    const path = fc.array(part, { maxLength: 8 }).chain((parts) => fc.constantFrom('/', '\\').map((slash) => parts.join(slash)))
    await fc.assert(
      fc.asyncProperty(path, async (tried) => {
        const read = await readPictureBelow(folder, tried).then(
          (bytes) => Buffer.from(bytes).toString(),
          (error: { code: string }) => error.code,
        )
        expect(read === 'inside' || /^(picture|import)\./.test(read)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
