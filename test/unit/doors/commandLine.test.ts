import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorTable, failedOf, VultusError } from '../../../src/contract/errors.ts'
import type { Keyboard } from '../../../src/doors/command/passphrase.ts'
import { commandRows } from '../../../src/doors/command/run.ts'
import { fakeStation } from '../../support/fakeStation.ts'
import { runFake } from '../../support/runFake.ts'

let folder = ''
let picture = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vultus-unit-'))
  picture = join(folder, 'face.jpg')
  writeFileSync(picture, 'bytes of a picture')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const named = (station: ReturnType<typeof fakeStation>, name: string) => station.calls.filter((call) => call.name === name)
const refusing = (code: keyof typeof errorTable, data?: Record<string, unknown>) => () => {
  throw new VultusError(code, undefined, { data })
}

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
    const [call] = named(station, 'subject.enrol')
    expect(call?.input).toMatchObject({ id: 'R-1', name: 'Ada', preset: 'none', allowDuplicate: true, fpir: 0.01, fmr: 0.001 })
    expect(call?.actor).toEqual({ role: 'administrator', door: 'command' })
    expect(named(station, 'capture.drop').length).toBe(2)
    expect(station.closed).toBe(1)
  })

  it('pictures cross as bytes or as captures', async () => {
    const station = fakeStation()
    await runFake(['detect', picture, '--repeat', '20'], { station })
    expect(named(station, 'face.detect')[0]?.input).toEqual({ image: new Uint8Array(Buffer.from('bytes of a picture')), repeat: 20 })
    await runFake(['compare', picture, picture], { station })
    expect(named(station, 'capture.fromPicture').length).toBe(2)
    expect(named(station, 'comparison.decide')[0]?.input).toMatchObject({ captureIds: [expect.any(String), expect.any(String)] })
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
    expect(named(station, 'subject.enrol')).toEqual([])
    expect(named(station, 'capture.drop').map((call) => call.input)).toEqual([{ captureId: 'capture-of-the-first' }])
  })
})

describe('answers', () => {
  it.each([
    ['verify --id R-1', {}, 1],
    ['identify', {}, 0],
    ['identify', { 'gallery.identify': () => ({ decision: 'inconclusive', candidates: [] }) }, 1],
    ['embed', { 'face.template': refusing('face.none') }, 3],
    ['verify --id R-1', { 'subject.verify': refusing('subject.unknown') }, 6],
    [
      'enrol --id R-1',
      { 'subject.enrol': refusing('duplicate.found', { candidates: [{ id: 'R-9', comparisonScore: 0.9, fmr: 0.001 }] }) },
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

describe('vault', () => {
  const locked = () => ({ state: 'locked', kind: null, key: 'passphrase', keychainAvailable: false, problem: null })

  it('init takes the passphrase of the environment, and names the variable without it', async () => {
    const station = fakeStation()
    const ran = await runFake(['init', '--key', 'passphrase', '--json'], { station, passphrase: 'a long passphrase' })
    expect(ran.json()).toEqual({ key: 'passphrase', kind: 'real' })
    expect(named(station, 'vault.init')[0]?.input).toMatchObject({ key: 'passphrase', passphrase: 'a long passphrase' })
    const without = await runFake(['init', '--key', 'passphrase', '--json'])
    expect([without.code, without.json().error.detail]).toEqual([2, expect.stringContaining('VULTUS_PASSPHRASE')])
  })

  it('a recovery key comes from the environment or a terminal, and is printed apart from the answer', async () => {
    const recoveryKey = Array(14).fill('7ZQK').join('-')
    const station = fakeStation()
    const given = await runFake(['recover', '--key', 'passphrase', '--json'], { station, passphrase: 'a long passphrase', recoveryKey })
    expect(given.code).toBe(0)
    expect(named(station, 'vault.recover')[0]?.input).toMatchObject({ recoveryKey, key: 'passphrase', passphrase: 'a long passphrase' })
    const without = await runFake(['recover', '--key', 'keychain', '--json'])
    expect([without.code, without.json().error.detail]).toEqual([2, expect.stringContaining('VULTUS_RECOVERY_KEY')])
    await runFake(['recovery', 'confirm', '--json'], { station, recoveryKey })
    const groups = Array.from({ length: 14 }, (_, index) => ({ position: index + 1, text: '7ZQK' }))
    expect(named(station, 'recovery.confirm').map((call) => call.input)).toEqual([{ groups }])
    const forPeople = await runFake(['recovery', 'reissue'])
    expect(forPeople.stderr).toContain(recoveryKey)
    expect(forPeople.stdout).not.toContain('7ZQK')
    expect((await runFake(['recovery', 'reissue', '--json'])).json()).toEqual({ recoveryKey })
  })

  it('restore takes its secrets from the environment, or asks for each once', async () => {
    const recoveryKey = Array(14).fill('7ZQK').join('-')
    const station = fakeStation()
    const restored = () => named(station, 'vault.restore').at(-1)?.input
    const from = resolve('backup')
    const restore = ['restore', '--from', 'backup', '--json']
    const passphrase = 'a long passphrase'
    await runFake([...restore, '--key', 'passphrase'], { station, passphrase, recoveryKey })
    expect(restored()).toEqual({ from, key: 'passphrase', passphrase, recoveryKey })
    await runFake([...restore, '--generation', '3'], { station, passphrase })
    expect(restored()).toEqual({ from, generation: 3, passphrase })
    await runFake([...restore, '--key', 'keychain'], { station, recoveryKey })
    expect(restored()).toEqual({ from, key: 'keychain', recoveryKey })
    await runFake(restore, { station })
    expect(restored()).toEqual({ from })
    const without = await runFake([...restore, '--key', 'passphrase'], { station, recoveryKey })
    expect([without.code, without.json().error.detail]).toEqual([2, expect.stringContaining('VULTUS_PASSPHRASE')])

    const typed = async (argv: readonly string[], answers: readonly string[]) => {
      const keyboard: Keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
      const waiting = [...answers]
      const screen = new PassThrough()
      screen.on('data', (asked) => {
        if (String(asked).trim() !== '') setImmediate(() => (keyboard as PassThrough).write(`${waiting.shift() ?? 'asked too often'}\r`))
      })
      await runFake(argv, { station, keyboard, stderr: screen })
      expect(waiting).toEqual([])
      return restored()
    }
    expect(await typed([...restore, '--key', 'keychain'], [recoveryKey])).toEqual({ from, key: 'keychain', recoveryKey })
    expect(await typed([...restore, '--key', 'passphrase'], [recoveryKey, passphrase, passphrase])).toEqual({
      from,
      key: 'passphrase',
      recoveryKey,
      passphrase,
    })
    expect(await typed(restore, ['', passphrase])).toEqual({ from, passphrase })
    expect(await typed(restore, ['', ''])).toEqual({ from })
  })

  it('rotate follows its job to the end, with its progress on stderr', async () => {
    const id = '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f'
    const job = {
      id,
      kind: 'rotate',
      state: 'running',
      done: 0,
      total: 10,
      owner: 'administrator',
      error: null,
      createdAt: '',
      changedAt: '',
    }
    const states = [
      { ...job, done: 5 },
      { ...job, state: 'failed', done: 7, error: 'vault.diskFull' },
    ]
    const station = fakeStation({ 'vault.rotate': () => ({ job }), 'job.list': () => ({ jobs: [states.shift()] }) })
    const { code, json, stderr } = await runFake(['rotate', '--deep', '--json'], { station, stop: new AbortController().signal })
    expect([code, json().job]).toEqual([5, { ...job, state: 'failed', done: 7, error: 'vault.diskFull' }])
    expect(stderr).toContain('rotate: running, 5 of 10 (50 %)')
    expect(named(station, 'vault.rotate')[0]?.input).toMatchObject({ deep: true })
  })

  it('duplicates follows its job and answers with the pairs it found, or with the job where it was cancelled', async () => {
    const station = fakeStation()
    const { code, json } = await runFake(['duplicates', '--fmr', '1e-5', '--json'], { station })
    expect([code, json().pairs]).toEqual([0, [{ first: 'R-1', second: 'R-2', comparisonScore: 0.97, fmr: 1e-4 }]])
    const [asked] = named(station, 'gallery.duplicates')
    expect(named(station, 'gallery.findDuplicates')[0]?.input).toMatchObject({ fmr: 1e-5 })
    expect(asked?.input).toMatchObject({ job: json().job.id })
    const { job } = json()
    const cancelled = fakeStation({ 'gallery.findDuplicates': () => ({ job: { ...job, state: 'cancelled' } }) })
    expect((await runFake(['duplicates', '--json'], { station: cancelled })).json()).toEqual({ job: { ...job, state: 'cancelled' } })
    expect(named(cancelled, 'gallery.duplicates')).toEqual([])
    expect((await runFake(['duplicates', 'report', '--limit', '3', '--json'], { station })).code).toBe(0)
    expect(named(station, 'gallery.duplicates').at(-1)?.input).toMatchObject({ limit: 3 })
  })

  it('a locked vault of a running station is unlocked with the passphrase; without one it is left to the station to refuse', async () => {
    const station = fakeStation({ 'vault.status': locked })
    const attach = async () => station
    await runFake(['subjects', '--json'], { attach, passphrase: 'a long passphrase' })
    expect(named(station, 'vault.unlock').map((call) => call.input)).toEqual([{ passphrase: 'a long passphrase' }])
    const refusing = fakeStation({
      'vault.status': locked,
      'subject.list': () => {
        throw new VultusError('vault.locked')
      },
    })
    expect((await runFake(['subjects', '--json'], { station: refusing })).code).toBe(4)
    expect(named(refusing, 'vault.unlock')).toEqual([])
  })

  it('a passphrase that was tried already is not tried again', async () => {
    const problem = failedOf(new VultusError('vault.wrongKey')).refusal
    const station = fakeStation({ 'vault.status': () => ({ ...locked(), problem }) })
    const { code, json } = await runFake(['subjects', '--json'], { station, passphrase: 'not the right one' })
    expect([code, json().error.code]).toEqual([4, 'vault.wrongKey'])
    expect(named(station, 'vault.unlock')).toEqual([])
  })

  it('asks on a terminal without echo', async () => {
    const station = fakeStation({ 'vault.status': locked })
    const keyboard: Keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
    const running = runFake(['subjects'], { station, keyboard })
    ;(keyboard as PassThrough).write('longg\u007f enough\r')
    const { code, stdout, stderr } = await running
    expect(code).toBe(0)
    expect(named(station, 'vault.unlock')[0]?.input).toEqual({ passphrase: 'long enough' })
    expect(stdout + stderr).not.toContain('long')
  })

  it('waits while another command holds the vault', async () => {
    let tries = 0
    const inUse = failedOf(new VultusError('vault.inUse')).refusal
    const station = fakeStation({
      'vault.status': () => (++tries < 3 ? { ...locked(), problem: inUse } : { state: 'open', key: 'passphrase' }),
    })
    expect((await runFake(['subjects', '--json'], { station })).code).toBe(0)
    expect(tries).toBe(3)
  })

  it('detect, embed, compare and the model list leave the vault alone', async () => {
    for (const argv of [
      ['detect', picture],
      ['embed', picture],
      ['compare', picture, picture],
      ['models', 'list'],
    ]) {
      const station = fakeStation()
      expect((await runFake(argv, { station })).code).toBe(0)
      expect(named(station, 'vault.status')).toEqual([])
    }
  })
})

describe('serve', () => {
  it('prints its address and token once, as one object', async () => {
    const { code, json } = await runFake(['serve', '--json'])
    expect(code).toBe(0)
    expect(json()).toEqual({ address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), token: expect.stringMatching(/^[\w-]{43}$/) })
  })

  it('takes a token from a private file only', async () => {
    const file = join(folder, 'token')
    writeFileSync(file, `${'t'.repeat(40)}\n`, { mode: 0o644 })
    expect((await runFake(['serve', '--token-file', file, '--json'])).json().error.detail).toContain('others can read it')
    rmSync(file)
    writeFileSync(file, 'short', { mode: 0o600 })
    expect((await runFake(['serve', '--token-file', file, '--json'])).json().error.detail).not.toContain('short')
    writeFileSync(file, `${'t'.repeat(40)}\n`)
    expect((await runFake(['serve', '--token-file', file, '--json'])).json()).toMatchObject({ token: null })
    expect((await runFake(['serve', '--token-file', join(folder, 'no-token'), '--json'])).code).toBe(2)
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
