/** Every row of the error table for pictures and models has a test that shows it; the list names one for each. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ErrorCode, errorTable } from '../../src/contract/errors.ts'

const testFolder = resolve(import.meta.dirname, '..')
const rooms = ['picture.', 'model.'] as const
type ListedCode = Extract<ErrorCode, `${(typeof rooms)[number]}${string}`>

const door = ['unit/face/pictureDoor.test.ts', 'refused, each with its own code'] as const
const command = ['unit/doors/commandLine.test.ts', '%s gives %s and 3 before a station is opened'] as const
const check = 'unit/face/import/checkPack.test.ts'

/** The file of the test, and its title or that of its group. */
const shownBy: Readonly<Record<ListedCode, readonly [file: string, title: string]>> = {
  'picture.missing': command,
  'picture.notAFile': command,
  'picture.unreadable': command,
  'picture.empty': door,
  'picture.undecodable': door,
  'picture.truncated': door,
  'picture.unsupported': door,
  'picture.animated': door,
  'picture.tooLarge': door,
  'picture.tooSmall': door,
  'model.missing': ['unit/face/packs.test.ts', 'opening a pack'],
  'model.invalid': ['unit/face/packs.test.ts', 'refuses a file of the right size with another content'],
  'model.loadFailed': ['unit/face/packs.test.ts', 'a file that is no network fails to load when it is first needed, and says so again'],
  'model.unknown': ['unit/face/packs.test.ts', 'opening a pack'],
  'model.unsupported': [check, 'for functions of its own'],
  'model.weightsInvalid': [check, 'a pack is refused'],
  'model.selfTestFailed': [check, 'for templates that do not depend on the picture'],
  'model.referencesMissing': ['vault/modelReferences.test.ts', 'stay where a subject has nothing else'],
  'model.active': ['flow/packs.test.ts', 'is imported, made references for, activated, used, and left again'],
}

describe('rows of the error table for pictures and models', () => {
  test('are all in the list, and the list has no other', () => {
    const rows = Object.keys(errorTable).filter((code) => rooms.some((room) => code.startsWith(room)))
    expect(Object.keys(shownBy).sort()).toEqual(rows.sort())
  })

  test.each(Object.entries(shownBy))('%s is shown by a test', (code, [file, title]) => {
    const source = readFileSync(join(testFolder, file), 'utf8')
    expect([title, source.includes(title)]).toEqual([title, true])
    expect([code, source.includes(`'${code}'`)]).toEqual([code, true])
    // A test that is left out shows nothing.
    expect(/\b(test|it|describe)\.(skip|todo|only)\(/.test(source)).toBe(false)
  })
})
