/** Picture files that a command names: which are refused, and all or none. */
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VultusError } from '../../../src/contract/errors.ts'
import { fakeStation, inputsOf } from '../../support/fakeStation.ts'
import { folderOfTests } from '../../support/folderOfTests.ts'
import { runFake } from '../../support/runFake.ts'
import { pictureFileIn } from './pictureFile.ts'

const folder = folderOfTests()
const picture = pictureFileIn(folder)

describe('picture files', () => {
  it.each([
    ['nowhere.jpg', 'picture.missing', () => undefined],
    ['file.jpg/below.jpg', 'picture.missing', () => writeFileSync(join(folder, 'file.jpg'), 'x')],
    ['folder', 'picture.notAFile', () => mkdirSync(join(folder, 'folder'))],
    // Links in a circle: it is there, and nobody can read it, whoever asks.
    ['loop.jpg', 'picture.unreadable', () => symlinkSync(join(folder, 'loop.jpg'), join(folder, 'loop.jpg'))],
    ['empty.jpg', 'picture.empty', () => writeFileSync(join(folder, 'empty.jpg'), '')],
    [
      'large.jpg',
      'picture.tooLarge',
      () => {
        writeFileSync(join(folder, 'large.jpg'), '')
        truncateSync(join(folder, 'large.jpg'), 64 * 1024 * 1024 + 1)
      },
    ],
  ])('%s gives %s and 3 before a station is opened', async (name, expected, prepare) => {
    prepare()
    const station = fakeStation()
    const { code, json } = await runFake(['detect', join(folder, name), '--json'], { station })
    expect([code, json().error.code]).toEqual([3, expected])
    expect(json().error.detail).toContain(name.split('/').at(-1))
    expect(station.calls).toEqual([])
  })

  it('a device and a name that cannot be one are refused', async () => {
    expect((await runFake(['detect', '/dev/null', '--json'])).json().error.code).toBe('picture.notAFile')
    expect((await runFake(['detect', 'a\0b', '--json'])).json().error.code).toBe('picture.missing')
    expect((await runFake(['detect', 'x'.repeat(5000), '--json'])).json().error.code).toBe('picture.missing')
  })

  it('all pictures or none: a second that is refused enrols nothing and lets the first go', async () => {
    let count = 0
    const answers = {
      'capture.fromPicture': () => {
        if (++count === 2) throw new VultusError('face.none')
        return { captureId: 'capture-of-the-first' }
      },
    }
    const station = fakeStation(answers)
    const { code, json } = await runFake(['enrol', '--id', 'R-1', picture, picture, '--json'], { station })
    expect([code, json().error.code]).toEqual([3, 'face.none'])
    expect(inputsOf(station, 'subject.enrol')).toEqual([])
    expect(inputsOf(station, 'capture.drop')).toEqual([{ captureId: 'capture-of-the-first' }])
  })
})
