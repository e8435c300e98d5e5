import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VultusError } from '../../../src/contract/errors.ts'
import { makeDemoFolder, runDemo } from '../../../src/main/demo.ts'
import { type Answers, fakeStation, inputsOf } from '../../support/fakeStation.ts'

/** A station that knows drawn subjects by the number in their picture. */
function knowing(changes: Answers = {}): Answers {
  const enrolled = new Map<string, number>()
  const subjectOf = (captureId: string) => Number(captureId.slice(-4))
  return {
    'vault.status': () => ({ state: 'missing', kind: null, key: null, keychainAvailable: false, problem: null }),
    'demo.portrait': ({ subject }) => ({ picture: Uint8Array.of(subject) }),
    'capture.fromPicture': ({ picture }) => ({ captureId: `captured-subject-${String(picture[0]).padStart(4, '0')}` }),
    'subject.enrol': ({ id, captureIds }) => {
      enrolled.set(id, subjectOf(captureIds[0]))
      return { id, references: [enrolled.size], sequence: enrolled.size }
    },
    'subject.verify': ({ id, captureId }) => ({
      decision: enrolled.get(id) === subjectOf(captureId) ? 'match' : 'nonMatch',
      comparisonScore: 0.5,
      threshold: 0.4,
      fmr: 1e-4,
    }),
    'gallery.identify': ({ captureId }) => {
      const ids = [...enrolled].filter(([, subject]) => subject === subjectOf(captureId)).map(([id]) => id)
      return { decision: ids.length > 0 ? 'match' : 'nonMatch', candidates: ids.map((id) => ({ id, comparisonScore: 0.5, fmr: 1e-4 })) }
    },
    ...changes,
  }
}

describe('the demo', () => {
  it('makes a demo vault, enrols, verifies, identifies and finds all right', async () => {
    const lines: string[] = []
    const station = fakeStation(knowing())
    const report = await runDemo(station, (line) => lines.push(line))
    expect(report.wrong).toBe(0)
    expect(report.steps.length).toBe(1 + 6 + 12 + 7)
    expect(lines.filter((line) => / \d+ ms$/.test(line)).length).toBe(report.steps.length)
    expect(inputsOf(station, 'vault.init')[0]).toMatchObject({
      key: 'passphrase',
      kind: 'demo',
      passphrase: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(inputsOf(station, 'capture.fromPicture').every((input) => (input as { source: string }).source === 'simulated')).toBe(true)
    expect(lines.join('\n')).toContain('all came out right')
  })

  it.each([
    [
      'a stranger is found',
      { 'gallery.identify': () => ({ decision: 'match', candidates: [{ id: 'DEMO-1', comparisonScore: 0.5, fmr: 0.1 }] }) },
      6,
    ],
    ['a wrong claim matches', { 'subject.verify': () => ({ decision: 'match', comparisonScore: 0.5, threshold: 0.4, fmr: 0.1 }) }, 6],
    [
      'an enrolment is refused',
      {
        'subject.enrol': () => {
          throw new VultusError('duplicate.found')
        },
      },
      18,
    ],
  ])('counts what comes out wrong: %s', async (_what, changes, wrong) => {
    const lines: string[] = []
    const report = await runDemo(fakeStation(knowing(changes)), (line) => lines.push(line))
    expect(report.wrong).toBe(wrong)
    expect(lines.filter((line) => line.startsWith('! ')).length).toBe(wrong * 2)
    expect(lines.join('\n')).not.toContain('all came out right')
  })
})

describe('demo folders', () => {
  let parent = ''
  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'vultus-unit-'))
  })
  afterAll(() => rmSync(parent, { recursive: true, force: true }))

  it('are private and removed; those of dead processes are removed by the next, nothing else is', () => {
    const deadPid = spawnSync(process.execPath, ['-e', '']).pid
    const stale = join(parent, `vultus-demo-${deadPid}-aBc123`)
    const running = join(parent, `vultus-demo-${process.pid}-aBc123`)
    const other = join(parent, `vultus-demo-${deadPid}-aBc123-kept`)
    for (const path of [stale, running, other]) mkdirSync(path)
    writeFileSync(join(stale, 'vault.db'), 'x')
    symlinkSync(other, join(parent, `vultus-demo-${deadPid}-link00`))
    const folder = makeDemoFolder(parent)
    expect(statSync(folder.path).mode & 0o777).toBe(0o700)
    expect([stale, running, other].map((path) => existsSync(path))).toEqual([false, true, true])
    folder.remove()
    expect(existsSync(folder.path)).toBe(false)
  })
})
