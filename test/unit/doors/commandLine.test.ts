/** Help, options, and any words at all as a command line. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errorTable } from '../../../src/contract/errors.ts'
import { commandRows } from '../../../src/doors/command/run.ts'
import { fakeStation, inputsOf } from '../../support/fakeStation.ts'
import { folderOfTests } from '../../support/folderOfTests.ts'
import { runFake } from '../../support/runFake.ts'
import { pictureBytes, pictureFileIn } from './pictureFile.ts'

const picture = pictureFileIn(folderOfTests())

describe('help', () => {
  it.each([...commandRows().map(({ door }) => door.name), 'serve', 'start'])('%s has help with an example', async (name) => {
    const { code, stdout, stderr } = await runFake([...name.split(' '), '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`vultus ${name}`)
    expect(stdout).toMatch(/Example:\n {2}.*vultus /)
    expect(stdout).toContain('--data <dir>')
    expect(stdout).toContain('--json')
    expect(stderr).toBe('')
  })

  it('lists every command, and is one JSON object with --json', async () => {
    const { stdout } = await runFake(['--help'])
    for (const name of [
      'init',
      'detect',
      'embed',
      'enrol',
      'verify',
      'compare',
      'identify',
      'subjects',
      'erase',
      'audit',
      'models',
      'serve',
      'start',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'))
    }
    expect((await runFake(['verify', '--help', '--json'])).json().help).toContain('--fmr')
    expect((await runFake(['--version', '--json'])).json()).toEqual({ version: '1.2.3' })
  })
})

describe('options', () => {
  it('become input fields with their types', async () => {
    const station = fakeStation()
    const argv = ['enrol', '--id', 'R-1', '--name', 'Ada', '--allow-duplicate', '--fpir', '1e-2', '--json', picture, picture]
    expect((await runFake(argv, { station })).json()).toEqual({ id: 'R-1', references: [1, 2], sequence: 1 })
    const call = station.calls.find(({ name }) => name === 'subject.enrol')
    expect(call?.input).toMatchObject({ id: 'R-1', name: 'Ada', preset: 'none', allowDuplicate: true, fpir: 0.01, fmr: 0.001 })
    expect(call?.actor).toEqual({ role: 'administrator', door: 'command' })
    expect(inputsOf(station, 'capture.drop').length).toBe(2)
    expect(station.closed).toBe(1)
  })

  it('pictures cross as bytes or as captures', async () => {
    const station = fakeStation()
    await runFake(['detect', picture, '--repeat', '20'], { station })
    expect(inputsOf(station, 'face.detect')[0]).toEqual({ image: new Uint8Array(pictureBytes), repeat: 20 })
    await runFake(['compare', picture, picture], { station })
    expect(inputsOf(station, 'capture.fromPicture').length).toBe(2)
    expect(inputsOf(station, 'comparison.decide')[0]).toMatchObject({ captureIds: [expect.any(String), expect.any(String)] })
  })

  it.each([
    [['verify', '--id', 'R-1', '--fmrr', '1', 'x.jpg'], 'Did you mean --fmr'],
    [['veryfy', 'x.jpg'], 'Did you mean verify'],
    [['verify', 'x.jpg'], "required option '--id <id>'"],
    [['verify', '--id', 'R-1'], "missing required argument 'picture'"],
    [['verify', '--id', 'R 1', 'x.jpg'], 'option --id: an id has 1 to 64'],
    [['verify', '--id', 'R-1', '--fmr', 'often', 'x.jpg'], 'It must be a number'],
    [['verify', '--id', 'R-1', '--fmr', '2', 'x.jpg'], 'option --fmr: '],
    [['detect', '--repeat', '1.5', 'x.jpg'], 'option --repeat: '],
    [['detect', '--repeat', '0', 'x.jpg'], 'option --repeat: '],
    [['detect', 'x.jpg', 'y.jpg'], 'too many arguments'],
    [['enrol', '--id', 'R-1', ...Array(11).fill('x.jpg')], 'takes at most 10 pictures'],
    [['enrol', '--id', 'R-1', '--preset', 'strict', 'x.jpg'], 'Allowed choices are none'],
    [['enrol', '--id', 'R-1', '--name', 'x'.repeat(201), 'x.jpg'], 'option --name: '],
    [['init', '--key', 'drawer'], 'Allowed choices are keychain, passphrase'],
    [['serve', '--port', '70000'], 'option --port'],
    [['start', '--exit'], '--exit goes with --demo'],
    [['start', '--demo', '--data', '/x'], 'leave --data out'],
    [['audit'], 'name one of its commands'],
    [[], 'name a command'],
  ])('%j is wrong usage: %s', async (argv, detail) => {
    const station = fakeStation()
    const { code, json } = await runFake([...argv, '--json'], { station })
    expect(code).toBe(2)
    expect(json().error).toMatchObject({ code: 'request.invalid', remedy: errorTable['request.invalid'].remedy })
    expect(json().error.detail).toContain(detail)
    expect(station.calls).toEqual([])
  })
})

describe('any command line', () => {
  const word = fc.oneof(
    fc.constantFrom(
      ...commandRows().flatMap(({ door }) => door.name.split(' ')),
      'serve',
      'start',
      'help',
      '--',
      '-h',
      '--help',
      '--version',
    ),
    fc.constantFrom(
      '--id',
      '--name',
      '--fmr',
      '--fpir',
      '--repeat',
      '--key',
      '--preset',
      '--data',
      '--port',
      '--demo',
      '--exit',
      '--verbose',
    ),
    fc.constantFrom('R-1', '1e-3', '0', '-1', 'none', 'passphrase', 'constructor', '__proto__', '/', '.', '', 'NaN'),
    fc.string({ maxLength: 12 }),
  )

  it('gives exactly one JSON object with --json, a code of the table, and never a stack', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 7 }), async (words) => {
        const { code, stdout, stderr } = await runFake(['--json', ...words])
        const answer = JSON.parse(stdout)
        expect(stdout.trimEnd().split('\n').length).toBe(1)
        expect(answer).toBeTypeOf('object')
        if (answer.error !== undefined) expect(errorTable[answer.error.code as keyof typeof errorTable].exit).toBe(code)
        expect(answer.error?.code).not.toBe('internal.fault')
        expect(stdout + stderr).not.toMatch(/\n\s+at |\.ts:\d+/)
      }),
      { numRuns: 400 },
    )
  })
})
