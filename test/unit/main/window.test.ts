import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isAlive } from '../../../src/doors/socket/localSocket.ts'
import { openLogFile } from '../../../src/main/logFile.ts'
import { browserArguments, browserEnvironment } from '../../../src/main/window/browserCommand.ts'
import type { ChromiumWindow } from '../../../src/main/window/chromiumWindow.ts'
import { DevtoolsPipe } from '../../../src/main/window/devtoolsPipe.ts'
import { keepWindow } from '../../../src/main/window/keepWindow.ts'
import { guardPage } from '../../../src/main/window/pageGuard.ts'
import { endGroup } from '../../../src/main/window/processGroup.ts'
import { makeProfile } from '../../../src/main/window/profile.ts'
import { until } from '../../api/fakeStation.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vt-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the profile', () => {
  test('is private, and gone with the window', () => {
    const profile = makeProfile(folder, () => true, 7)
    for (const path of [profile.folder, profile.home]) expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(profile.temporary).toBe(join(folder, 'window', '7', 'tmp'))
    writeFileSync(join(profile.home, 'left'), 'x')
    profile.remove()
    expect(readdirSync(folder)).toEqual([])
  })

  test('of a dead process is removed at the next start, that of a living one is not', () => {
    for (const pid of ['11', '12']) mkdirSync(join(folder, 'window', pid, 'profile'), { recursive: true })
    const profile = makeProfile(folder, (pid) => pid === 12, 13)
    expect(readdirSync(join(folder, 'window')).sort()).toEqual(['12', '13'])
    profile.remove()
    expect(readdirSync(join(folder, 'window'))).toEqual(['12'])
  })

  test('keeps temporary files elsewhere where its path is too long for sockets', () => {
    const profile = makeProfile(join(folder, 'x'.repeat(60)), () => true)
    expect(profile.temporary.startsWith(join(tmpdir(), `vultus-window-${process.pid}-`))).toBe(true)
    expect(statSync(profile.temporary).mode & 0o777).toBe(0o700)
    profile.remove()
    expect(existsSync(profile.temporary)).toBe(false)
  })
})

describe('the browser', () => {
  test('gets no token, no secret and no home of the operator', () => {
    const profile = makeProfile(folder, () => true)
    const environment = { HOME: '/home/ada', VULTUS_PASSPHRASE: 'secret', XDG_CACHE_HOME: '/c', DISPLAY: ':0' }
    const kept = browserEnvironment(environment, profile, 'linux')
    expect(kept).toEqual({
      HOME: profile.home,
      TMPDIR: profile.temporary,
      DISPLAY: ':0',
      XAUTHORITY: '/home/ada/.Xauthority',
      GSETTINGS_BACKEND: 'memory',
    })
    profile.remove()
  })

  test('has its sandbox for everybody but root', () => {
    expect(browserArguments('/p', false)).not.toContain('--no-sandbox')
    expect(browserArguments('/p', true)).toContain('--no-sandbox')
    expect(browserArguments('/p', false)).toEqual(
      expect.arrayContaining(['--incognito', '--user-data-dir=/p/profile', '--remote-debugging-pipe']),
    )
  })
})

/** The other end of a browser's pipe: answers every call, and tells events. */
function fakeBrowser() {
  const [output, input] = [new PassThrough(), new PassThrough()]
  const calls: { id: number; method: string; params: Record<string, unknown> }[] = []
  const tell = (method: string, params: unknown) => input.write(`${JSON.stringify({ method, params })}\0`)
  output.on('data', (chunk: Buffer) => {
    for (const text of chunk.toString().split('\0').filter(Boolean)) {
      const call = JSON.parse(text)
      calls.push(call)
      if (call.method === 'Target.setDiscoverTargets')
        tell('Target.targetCreated', { targetInfo: { targetId: 'page', type: 'page', url: 'data:x' } })
      input.write(`${JSON.stringify({ id: call.id, result: { sessionId: 's' } })}\0`)
    }
  })
  const tokens = () => calls.filter(({ method }) => method === 'Runtime.evaluate').map(({ params }) => params)
  return { pipe: new DevtoolsPipe(output, input), calls, tell, tokens, input }
}

describe('the page', () => {
  const origin = 'http://127.0.0.1:5000'
  const context = (change: object = {}, aux: object = {}) => ({
    context: { id: 1, uniqueId: 'unique', origin, auxData: { isDefault: true, frameId: 'page', ...aux }, ...change },
  })
  const guarded = async () => {
    const browser = fakeBrowser()
    await guardPage({ pipe: browser.pipe, origin, mintToken: () => 'token', log: () => undefined })
    return browser
  }
  const ask = { name: 'vultusHost', payload: 'token', executionContextId: 1 }

  test('gets a token for its own context, again after each load', async () => {
    const browser = await guarded()
    browser.tell('Runtime.executionContextCreated', context())
    browser.tell('Runtime.bindingCalled', ask)
    await until(() => browser.tokens().length === 1)
    expect(browser.tokens()[0]).toEqual({ expression: 'globalThis["vultusToken"]?.("token")', uniqueContextId: 'unique' })
    browser.tell('Runtime.executionContextsCleared', {})
    browser.tell('Runtime.bindingCalled', ask)
    browser.tell('Runtime.executionContextCreated', context({ uniqueId: 'again' }))
    browser.tell('Runtime.bindingCalled', ask)
    await until(() => browser.tokens().length === 2)
    expect(browser.tokens()[1]?.uniqueContextId).toBe('again')
  })

  test.each<[string, object, object]>([
    ['another origin', { origin: 'http://127.0.0.1:5001' }, {}],
    ['no origin', { origin: '://' }, {}],
    ['a frame inside it', {}, { frameId: 'frame' }],
    ['an isolated world', {}, { isDefault: false }],
  ])('of %s gets none', async (_name, change, aux) => {
    const browser = await guarded()
    browser.tell('Runtime.executionContextCreated', context(change, aux))
    browser.tell('Runtime.bindingCalled', ask)
    browser.tell('Runtime.executionContextCreated', context({ id: 2, uniqueId: 'ours' }))
    browser.tell('Runtime.bindingCalled', { ...ask, executionContextId: 2 })
    await until(() => browser.tokens().length > 0)
    expect(browser.tokens().map(({ uniqueContextId }) => uniqueContextId)).toEqual(['ours'])
  })

  test('is brought back when it leaves, and others are closed', async () => {
    const browser = await guarded()
    const seen = browser.calls.length
    const info = (targetInfo: object) => ({ targetInfo: { targetId: 'page', type: 'page', ...targetInfo } })
    browser.tell('Target.targetInfoChanged', info({ url: `${origin}/` }))
    browser.tell('Target.targetInfoChanged', info({ url: 'https://example.org/' }))
    browser.tell('Target.targetCreated', info({ targetId: 'other', url: 'about:blank' }))
    await until(() => browser.calls.length === seen + 2)
    expect(browser.calls.slice(seen).map(({ method, params }) => [method, params])).toEqual([
      ['Page.navigate', { url: origin }],
      ['Target.closeTarget', { targetId: 'other' }],
    ])
  })

  test('calls are rejected when the browser ends', async () => {
    const browser = fakeBrowser()
    const pending = new DevtoolsPipe(new PassThrough(), browser.input).call('Browser.close')
    browser.input.destroy()
    await expect(pending).rejects.toThrow(/has ended/)
  })
})

describe('keeping the window', () => {
  const window = (end: 'closed' | 'crashed' | 'never'): ChromiumWindow => ({
    ended: end === 'never' ? new Promise(() => undefined) : Promise.resolve(end),
    close: async () => undefined,
  })
  const keep = async (ends: ('closed' | 'crashed' | 'never')[], stop = new AbortController()) => {
    const reports: string[] = []
    let opened = 0
    const open = async () => window(ends[opened++] ?? 'closed')
    return { end: await keepWindow({ open, stop: stop.signal, report: (line) => reports.push(line) }), opened, reports }
  }

  test('a closed window ends it, a crashed one is reported and opened once more', async () => {
    expect(await keep(['closed'])).toEqual({ end: 'closed', opened: 1, reports: [] })
    expect(await keep(['crashed', 'closed'])).toMatchObject({
      end: 'closed',
      opened: 2,
      reports: [expect.stringContaining('opened again')],
    })
    expect(await keep(['crashed', 'crashed', 'closed'])).toMatchObject({ end: 'crashed', opened: 2 })
  })

  test('a signal ends it', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 5)
    expect(await keep(['never'], stop)).toMatchObject({ end: 'closed', opened: 1 })
  })
})

test.skipIf(process.platform === 'win32')('a process group is ended with the children that outlive its leader', async () => {
  const leader = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  const grandchild = Number(await new Promise<string>((resolve) => leader.stdout.setEncoding('utf8').once('data', resolve)))
  expect(isAlive(grandchild)).toBe(true)
  await endGroup(leader.pid ?? 0)
  await until(() => !isRunningProcess(grandchild))
})

/** A killed process whose parent has not asked for it is dead as well. */
function isRunningProcess(pid: number): boolean {
  if (process.platform !== 'linux') return isAlive(pid)
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe('the log', () => {
  test('is private and bounded: two files, the older one gone', () => {
    const log = openLogFile(folder, 1000)
    for (let line = 0; line < 100; line++) log.log(`line ${line} of the station`)
    log.close()
    const logs = join(folder, 'logs')
    expect(readdirSync(logs).sort()).toEqual(['station.log', 'station.log.1'])
    for (const name of readdirSync(logs)) {
      expect(statSync(join(logs, name)).size).toBeLessThanOrEqual(1000)
      expect(statSync(join(logs, name)).mode & 0o777).toBe(0o600)
    }
    const last = readFileSync(join(logs, 'station.log'), 'utf8').trim().split('\n').at(-1) ?? ''
    expect(JSON.parse(last)).toMatchObject({ msg: 'line 99 of the station', pid: process.pid })
  })

  test('that cannot be written is left out', () => {
    writeFileSync(join(folder, 'logs'), 'a file in its place')
    const log = openLogFile(folder)
    log.log('x')
    log.close()
    expect(existsSync(join(folder, 'logs', 'station.log'))).toBe(false)
  })
})
