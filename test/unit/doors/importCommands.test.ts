/** The commands of bulk import against a fake station. */
import { expect, it } from 'vitest'
import { fakeStation, inputsOf } from '../../support/fakeStation.ts'
import { runFake } from '../../support/runFake.ts'
import { usualAnswers } from '../../support/usualAnswers.ts'

const asked = (name: string) => usualAnswers[name]?.({}, { role: 'administrator', door: 'command' }) as { job: object }
const running = { ...asked('import.start').job, state: 'running', done: 3 }

it('prints the rows with their reasons, and nothing of a list steers the terminal', async () => {
  const { code, stdout } = await runFake(['import', 'people'])
  expect(code).toBe(3)
  expect(stdout).toContain('enrolled 8, added 0, skipped 0, suspected 1, dismissed 0, refused 1')
  expect(stdout).toContain('columns that were not read: document')
  expect(stdout).toContain('row 17  R-17  a?.jpg  refused: No face was found in the picture.')
  expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
})

it('gives the whole path, whatever the folder it was typed in', async () => {
  const station = fakeStation()
  await runFake(['import', 'people', '--duplicates', 'refuse', '--fpir', '0.01', '--json'], { station })
  expect(inputsOf(station, 'import.start')[0]).toMatchObject({ source: `${process.cwd()}/people`, duplicates: 'refuse', fpir: 0.01 })
  expect((await runFake(['import', 'people', '--fpir', '0.01', '--fmr', '0.01'])).code).toBe(2)
  expect((await runFake(['import'])).code).toBe(2)
})

it('answers with the codes of what was left: refused rows, rows to decide, a job that failed', async () => {
  const ending = async (answers: Parameters<typeof fakeStation>[0]) =>
    (await runFake(['import', 'people', '--json'], { station: fakeStation(answers) })).code
  const report = asked('import.report')
  const counted = (counts: object) => ({ 'import.report': () => ({ ...report, counts }) })
  expect(await ending(counted({ refused: 0, suspected: 2 }))).toBe(7)
  expect(await ending(counted({ refused: 0, suspected: 0 }))).toBe(0)
  const failed = { ...running, state: 'failed', error: 'import.sourceChanged' }
  expect(await ending({ 'import.start': () => ({ job: failed, unreadColumns: [] }) })).toBe(5)
})

it('pauses the job where it is stopped, and says how to go on', async () => {
  const stopper = new AbortController()
  const station = fakeStation({
    'import.start': () => ({ job: running, unreadColumns: [] }),
    'job.list': () => {
      stopper.abort()
      return { jobs: [running] }
    },
    'job.pause': ({ id }) => ({ job: { ...running, id, state: 'paused' } }),
  })
  const { code, stderr } = await runFake(['import', 'people'], { station, stop: stopper.signal })
  expect(code).toBe(130)
  expect(stderr).toMatch(/paused, 3 of 10; to go on: vultus import resume\n$/)
  expect(inputsOf(station, 'job.pause')).toHaveLength(1)
  expect(station.closed).toBe(1)
})

it('leaves other jobs that it follows running', async () => {
  const stopper = new AbortController()
  const station = fakeStation({
    'vault.rotate': () => ({ job: running }),
    'job.list': () => {
      stopper.abort()
      return { jobs: [running] }
    },
  })
  expect((await runFake(['rotate'], { station, stop: stopper.signal })).code).toBe(130)
  expect(station.calls.some(({ name }) => name === 'job.pause')).toBe(false)
})
