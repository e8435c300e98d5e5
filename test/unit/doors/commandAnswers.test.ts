/** How commands answer: exit codes, words for people, and one JSON object. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fakeStation, refusing } from '../../support/fakeStation.ts'
import { folderOfTests } from '../../support/folderOfTests.ts'
import { runFake } from '../../support/runFake.ts'
import { pictureFileIn } from './pictureFile.ts'

const folder = folderOfTests()
const picture = pictureFileIn(folder)

describe('answers', () => {
  it.each([
    ['verify --id R-1', {}, 1],
    ['identify', {}, 0],
    ['identify', { 'gallery.identify': () => ({ decision: 'inconclusive', candidates: [] }) }, 1],
    ['embed', { 'face.template': refusing('face.none') }, 3],
    ['verify --id R-1', { 'subject.verify': refusing('subject.unknown') }, 6],
    [
      'enrol --id R-1',
      { 'subject.enrol': refusing('duplicate.found', undefined, { candidates: [{ id: 'R-9', comparisonScore: 0.9, fmr: 0.001 }] }) },
      7,
    ],
    ['enrol --id R-1', { 'subject.enrol': refusing('vault.kindRefused') }, 8],
    [
      'detect',
      {
        'face.detect': () => {
          throw new TypeError('a bug with a secret')
        },
      },
      5,
    ],
  ])('%s ends with its code', async (line, answers, expected) => {
    const { code, json, stderr } = await runFake([...line.split(' '), picture, '--json'], { station: fakeStation(answers) })
    expect(code).toBe(expected)
    if (expected > 1)
      expect(json().error).toMatchObject({ code: expect.any(String), message: expect.any(String), remedy: expect.any(String) })
    if (expected === 7) expect(json().candidates).toEqual([{ id: 'R-9', comparisonScore: 0.9, fmr: 0.001 }])
    expect(JSON.stringify(json()) + stderr).not.toContain('secret')
  })

  it('audit verify: 0 when whole, 4 when broken', async () => {
    const whole = await runFake(['audit', 'verify', '--json'])
    expect(whole.code).toBe(0)
    expect(whole.json()).toMatchObject({ ok: true, records: 3, firstBad: null, unanchored: 3 })
    const broken = fakeStation({ 'audit.verify': () => ({ ok: false, records: 3, firstBad: 2 }) })
    expect((await runFake(['audit', 'verify'], { station: broken })).code).toBe(4)
  })

  it('for people: plain lines, tables, and no control characters of stored names', async () => {
    const { stdout } = await runFake(['subjects'])
    expect(stdout).toContain('subjects:\n  id   name')
    expect(stdout).not.toContain('\u001b')
    expect((await runFake(['detect', join(folder, 'none.jpg')])).stderr).toMatch(
      /^vultus: The picture file does not exist. \(none.jpg\)\nCheck the path/,
    )
  })

  it('bytes and capture ids stay inside', async () => {
    const station = fakeStation({
      'subject.list': () => ({ subjects: [], sample: new Uint8Array(3), captureId: 'x', deep: [{ captureIds: ['x'] }] }),
    })
    expect((await runFake(['subjects', '--json'], { station })).json()).toEqual({ subjects: [], deep: [{}] })
  })
})
