/** Every row of the error table for pictures, faces, captures and models has a test that shows it; the list names one for each. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ErrorCode, errorTable } from '../../src/contract/errors.ts'

const testFolder = resolve(import.meta.dirname, '..')
const rooms = ['picture.', 'face.', 'capture.', 'model.', 'pack.', 'inference.', 'evaluation.'] as const
type ListedCode = Extract<ErrorCode, `${(typeof rooms)[number]}${string}`>

const door = ['unit/face/pictureDoor.test.ts', 'refused, each with its own code'] as const
const command = ['unit/doors/commandPictures.test.ts', '%s gives %s and 3 before a station is opened'] as const
const check = 'unit/face/import/checkPack.test.ts'
const packs = 'flow/packs.test.ts'
const station = 'flow/station.test.ts'
const takesFrames = ['flow/face.test.ts', 'follows a face through frames and takes the best of them'] as const

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
  'face.none': ['flow/face.test.ts', 'answers bad pictures with their code and goes on'],
  'face.ambiguous': ['flow/face.test.ts', 'shows nobody as the subject while two are close'],
  'face.alignmentFailed': ['unit/face/families.test.ts', 'refuses landmarks that lie in one place'],
  'capture.unknown': ['unit/face/captures.test.ts', 'are gone when their time is over'],
  'capture.sessionUnknown': takesFrames,
  'capture.notReady': takesFrames,
  'capture.virtualCamera': [station, 'names a virtual camera, notes it with the capture, and refuses it where virtual ones are forbidden'],
  'capture.simulatedRefused': [station, 'a real vault takes nothing simulated'],
  'model.missing': ['unit/face/packs.test.ts', 'opening a pack'],
  'model.invalid': ['unit/face/packs.test.ts', 'refuses a file of the right size with another content'],
  'model.loadFailed': ['unit/face/packs.test.ts', 'a file that is no network fails to load when it is first needed, and says so again'],
  'model.unknown': ['unit/face/packs.test.ts', 'opening a pack'],
  'model.unsupported': [check, 'for functions of its own'],
  'model.weightsInvalid': [check, 'a pack is refused'],
  'model.selfTestFailed': [check, 'for templates that do not depend on the picture'],
  'model.referencesMissing': ['vault/modelReferences.test.ts', 'stay where a subject has nothing else'],
  'model.active': [packs, 'is imported, made references for, activated, used, and left again'],
  'pack.unreadable': [check, 'a file that is no zip file'],
  'pack.unsafe': [check, 'for a folder with a link in it'],
  'pack.tooLarge': [check, 'more files than a pack has'],
  'pack.untrusted': [packs, 'is trusted by the key of its maker, until the key is taken back'],
  'pack.exists': [packs, 'is imported, made references for, activated, used, and left again'],
  'pack.checkFailed': [packs, 'that is bad is refused, and the running one goes on'],
  'pack.builtIn': [packs, 'is imported, made references for, activated, used, and left again'],
  'inference.failed': ['unit/face/inference.test.ts', 'of half precision gives nearly the same, and nothing that is not finite'],
  'evaluation.cancelled': ['flow/evaluation.test.ts', 'is refused for too few pictures and can be cancelled'],
  'evaluation.tooSmall': ['flow/evaluation.test.ts', 'is refused for too few pictures and can be cancelled'],
}

describe('rows of the error table for pictures, faces, captures and models', () => {
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
