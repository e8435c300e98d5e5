/** Commands that begin long work and follow it. */
import { describe, expect, it } from 'vitest'
import { job } from '../../support/exampleAnswers.ts'
import { fakeStation, inputsOf } from '../../support/fakeStation.ts'
import { runFake } from '../../support/runFake.ts'

describe('commands of long work', () => {
  it('rotate follows its job to the end, with its progress on stderr', async () => {
    const states = [
      { ...job, done: 5 },
      { ...job, state: 'failed', done: 7, error: 'vault.diskFull' },
    ]
    const station = fakeStation({ 'vault.rotate': () => ({ job }), 'job.list': () => ({ jobs: [states.shift()] }) })
    const { code, json, stderr } = await runFake(['rotate', '--deep', '--json'], { station, stop: new AbortController().signal })
    expect([code, json().job]).toEqual([5, { ...job, state: 'failed', done: 7, error: 'vault.diskFull' }])
    expect(stderr).toContain('rotate: running, 5 of 10 (50 %)')
    expect(inputsOf(station, 'vault.rotate')[0]).toMatchObject({ deep: true })
  })

  it('duplicates follows its job and answers with the pairs it found, or with the job where it was cancelled', async () => {
    const station = fakeStation()
    const { code, json } = await runFake(['duplicates', '--fmr', '1e-5', '--json'], { station })
    expect([code, json().pairs]).toEqual([0, [{ first: 'R-1', second: 'R-2', comparisonScore: 0.97, fmr: 1e-4 }]])
    const [asked] = inputsOf(station, 'gallery.duplicates')
    expect(inputsOf(station, 'gallery.findDuplicates')[0]).toMatchObject({ fmr: 1e-5 })
    expect(asked).toMatchObject({ job: json().job.id })
    const found = json().job
    const cancelled = fakeStation({ 'gallery.findDuplicates': () => ({ job: { ...found, state: 'cancelled' } }) })
    expect((await runFake(['duplicates', '--json'], { station: cancelled })).json()).toEqual({ job: { ...found, state: 'cancelled' } })
    expect(inputsOf(cancelled, 'gallery.duplicates')).toEqual([])
    expect((await runFake(['duplicates', 'report', '--limit', '3', '--json'], { station })).code).toBe(0)
    expect(inputsOf(station, 'gallery.duplicates').at(-1)).toMatchObject({ limit: 3 })
  })
})
