import { describe, expect, it } from 'vitest'
import { CaptureSummary } from '../../../src/contract/rows/capture.ts'
import { recoversByItself, troubleOf } from '../../../src/renderer/camera/trouble.ts'
import { addShot, bestShot, removeShot, shotsMax, worstOf } from '../../../src/renderer/features/enrol/shotStrip.ts'
import { passphraseState } from '../../../src/renderer/features/setup/passphrase.ts'
import { en } from '../../../src/renderer/locale/en.ts'
import { fill } from '../../../src/renderer/locale/text.ts'
import { subjectIdOf } from '../../../src/renderer/state/subjectId.ts'
import { chordOf } from '../../../src/renderer/ui/keys.ts'

const shot = (no: number, qualityScore = 0.5): CaptureSummary =>
  CaptureSummary.parse({
    captureId: `capture-${String(no).padStart(12, '0')}`,
    captureSource: 'camera',
    pad: 'notAssessed',
    liveness: { verdict: 'notAssessed', failure: null, steps: [], unable: [], injection: [] },
    width: 640,
    height: 480,
    box: { x: 0, y: 0, width: 1, height: 1 },
    detectionScore: 0.9,
    facesInPicture: 1,
    quality: { qualityScore, components: {} },
    sample: new Uint8Array([1]),
  })

describe('the shot strip', () => {
  it('holds three shots and refuses a fourth and one twice', () => {
    const full = [1, 2, 3].map((no) => shot(no)).reduce(addShot, [] as readonly CaptureSummary[])
    expect(full).toHaveLength(shotsMax)
    expect(addShot(full, shot(4))).toBe(full)
    const one = addShot([], shot(1))
    expect(addShot(one, shot(1))).toBe(one)
  })

  it('removes the shot that is named', () => {
    expect(removeShot([shot(1), shot(2)], shot(1).captureId).map(({ captureId }) => captureId)).toEqual([shot(2).captureId])
  })

  it('marks the shot of the highest measured quality, the first of equals', () => {
    const shots = [shot(1, 0.4), shot(2, 0.8), shot(3, 0.8)]
    expect(bestShot(shots)?.captureId).toBe(shot(2).captureId)
    expect(bestShot([])).toBeUndefined()
  })
})

describe('camera trouble', () => {
  it('is told apart by what the browser says', () => {
    const named = (name: string) => new DOMException('', name)
    expect(troubleOf(named('NotAllowedError'), false)).toBe('denied')
    expect(troubleOf(named('NotReadableError'), false)).toBe('busy')
    expect(troubleOf(named('NotFoundError'), false)).toBe('none')
    expect(troubleOf(named('NotFoundError'), true)).toBe('unplugged')
    expect(troubleOf('anything', false)).toBe('failed')
  })

  it('recovers by itself unless somebody said no', () => {
    expect(recoversByItself('denied')).toBe(false)
    expect((['none', 'busy', 'unplugged', 'failed'] as const).every(recoversByItself)).toBe(true)
  })
})

describe('a passphrase', () => {
  it('is usable when it is long enough and typed twice alike', () => {
    expect(passphraseState('four unrelated', 'four unrelated')).toEqual({ missing: 0, differs: false, usable: true })
    expect(passphraseState('short', 'short')).toMatchObject({ missing: 7, usable: false })
  })

  it('differs only when it can no longer become the first', () => {
    expect(passphraseState('four unrelated', 'four')).toMatchObject({ differs: false, usable: false })
    expect(passphraseState('four unrelated', 'fourth')).toMatchObject({ differs: true, usable: false })
  })
})

describe('what is typed', () => {
  it('is a subject number without the blanks around it, or none', () => {
    expect(subjectIdOf(' R-1001 ')).toBe('R-1001')
    for (const typed of ['', 'R 1001', 'Ünal', 'x'.repeat(65)]) expect(subjectIdOf(typed)).toBeUndefined()
  })

  it('names chords as the keys are labelled', () => {
    const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
      chordOf({ key, ctrlKey: false, altKey: false, metaKey: false, ...more })
    expect(press(' ')).toBe('Space')
    expect(press('m')).toBe('M')
    expect(press('o', { ctrlKey: true })).toBe('Ctrl O')
    expect(press('1', { altKey: true })).toBe('Alt 1')
    expect(press('F9')).toBe('F9')
  })
})

describe('the quality of a shot', () => {
  it('tells the worst component, refusals first, and nothing where all is good or not measured', () => {
    const measured = (components: CaptureSummary['quality']['components']) =>
      worstOf({ ...shot(1), quality: { qualityScore: 0.5, components } })
    expect(measured({})).toBeUndefined()
    expect(measured({ yaw: { raw: 2, score: 100 } })).toBeUndefined()
    const [turned, open] = [
      { raw: 30, score: 75 },
      { raw: 0.01, score: 27 },
    ]
    expect(measured({ eyesOpen: open, yaw: turned })).toMatchObject({ component: 'yaw', side: 'high', verdict: 'refuse' })
    expect(measured({ eyesOpen: open })).toMatchObject({ component: 'eyesOpen', verdict: 'warn' })
  })
})

describe('the catalogue', () => {
  it('fills places and leaves one that has no value to be seen', () => {
    expect(fill('{n} of {max}', { n: 48210 })).toBe('48,210 of {max}')
  })

  it('has a sentence of at most five words for every instruction', () => {
    for (const words of Object.values(en.say)) expect(words.split(' ').length).toBeLessThanOrEqual(5)
  })
})
