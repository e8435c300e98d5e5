/** The entry of the station in Electron, whole, over a stand-in for Electron: what it opens, in which order, what it denies, how it ends. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IpcMainEvent, IpcMainInvokeEvent } from 'electron'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ErrorCode, errorTable } from '../../../src/contract/errors.ts'
import { ipcChannels, simulatedCameraArgument } from '../../../src/contract/wire.ts'
import type { openStation } from '../../../src/station/station.ts'
import { FakeStation, makePageFolders, until } from '../../api/fakeStation.ts'
import { fakeElectron } from '../../support/fakeElectron.ts'

type StationOptions = Parameters<typeof openStation>[0]

class ClosingStation extends FakeStation {
  closed = 0
  override async close(): Promise<void> {
    this.closed += 1
  }
}

let folder: string
let pages: ReturnType<typeof makePageFolders>
let station: ClosingStation
let opened: StationOptions[]
let fake: ReturnType<typeof fakeElectron>
let demos: { removed: number; run: number }
const [argv, signals] = [process.argv, ['SIGINT', 'SIGTERM', 'SIGHUP'] as const]
const before = new Map(signals.map((name) => [name, process.listeners(name)]))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vt-'))
  pages = makePageFolders()
  station = new ClosingStation(({ input }) => input)
  opened = []
  demos = { removed: 0, run: 0 }
})
afterEach(() => {
  process.argv = argv
  // What the program listens to belongs to the worker here.
  for (const name of signals)
    for (const listener of process.listeners(name)) if (!before.get(name)?.includes(listener)) process.off(name, listener)
  vi.doUnmock('electron')
  vi.resetModules()
  vi.restoreAllMocks()
  pages.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** Evaluates the entry as Electron does. @param refusal what opening the station ends with */
async function start({ args = ['--data', folder], first = true, refusal = undefined as ErrorCode | undefined } = {}): Promise<void> {
  fake = fakeElectron(first)
  vi.resetModules()
  vi.doMock('electron', () => fake.electron)
  vi.doMock('../../../src/station/station.ts', async () => {
    // The class of the modules that are evaluated anew with the entry.
    const { VultusError } = await import('../../../src/contract/errors.ts')
    return {
      openStation: (options: StationOptions) => {
        fake.done.push('station')
        if (refusal !== undefined) throw new VultusError(refusal)
        opened.push(options)
        return station
      },
    }
  })
  vi.doMock('../../../src/main/places.ts', async (original) => ({ ...(await original<object>()), rendererFolder: pages.rendererFolder }))
  vi.doMock('../../../src/main/coreDumps.ts', () => ({ withoutCoreDumps: () => fake.done.push('withoutCoreDumps') > 0 }))
  vi.doMock('../../../src/main/demo.ts', () => ({
    makeDemoFolder: () => ({
      path: folder,
      remove: () => {
        demos.removed += 1
      },
    }),
    runDemo: async () => {
      demos.run += 1
    },
  }))
  process.argv = ['electron', '/p/out/main/electron.js', ...args]
  await import('../../../src/main/electron.ts')
}

/** To the window that shows the page. */
async function startWindow(options: Parameters<typeof start>[0] = {}) {
  await start(options)
  fake.becomeReady()
  await until(() => (fake.windows[0]?.loadURL.mock.calls.length ?? 0) > 0)
  const window = fake.windows[0]
  const session = fake.sessions.get(String(window?.options.webPreferences.partition))
  if (window === undefined || session === undefined) throw new Error('there is no window')
  return { window, session }
}

const page = 'app://station/index.html'
const from = (url: string, { id = 7, parent = null as unknown } = {}) =>
  ({ sender: { id }, senderFrame: { url, parent } }) as unknown as IpcMainInvokeEvent & IpcMainEvent
const run = (event: IpcMainInvokeEvent, name: string, input: unknown) => fake.handlers.get(ipcChannels.run)?.(event, name, input)

describe('the start', () => {
  test('does first what must be first: no dumps, the files, the lock, the sandbox and the scheme before Electron is ready', async () => {
    await startWindow()
    expect(fake.done).toEqual([
      'withoutCoreDumps',
      'setPath',
      'setPath',
      'lock',
      'enableSandbox',
      'schemes',
      'whenReady',
      'station',
      'session',
      'window',
    ])
    expect(fake.electron.app.setPath.mock.calls).toEqual([
      ['userData', join(folder, 'window', 'electron')],
      ['sessionData', expect.stringContaining(join(folder, 'window'))],
    ])
    expect(fake.electron.protocol.registerSchemesAsPrivileged.mock.calls).toEqual([
      [[{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }]],
    ])
    expect(fake.electron.Menu.setApplicationMenu).toHaveBeenCalledWith(null)
  })

  test('opens one window without Node, sandboxed and isolated, in a partition that is not kept, and shows it when it is drawn', async () => {
    const { window } = await startWindow()
    expect(window.options).toMatchObject({
      show: false,
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false, additionalArguments: [] },
    })
    expect(window.options.webPreferences.preload).toMatch(/out[\\/]preload[\\/]index\.cjs$/)
    expect(window.options.webPreferences.partition).not.toMatch(/^persist:/)
    for (const weaker of ['webSecurity', 'allowRunningInsecureContent', 'webviewTag', 'experimentalFeatures'] as const)
      expect(window.options.webPreferences).not.toHaveProperty(weaker)
    expect(window.loadURL).toHaveBeenCalledWith(page)
    expect(window.show).not.toHaveBeenCalled()
    window.emit('ready-to-show')
    expect(window.show).toHaveBeenCalledTimes(1)
  })

  test('takes the passphrase out of the environment and gives it to the station alone', async () => {
    process.env.VULTUS_PASSPHRASE = 'four unrelated words here'
    await startWindow()
    expect(process.env.VULTUS_PASSPHRASE).toBeUndefined()
    expect(opened).toMatchObject([{ dataFolder: folder, passphrase: 'four unrelated words here' }])
    expect(JSON.stringify(fake.windows[0]?.options)).not.toContain('four unrelated')
  })

  test('a second instance opens nothing and leaves; the first comes to the front', async () => {
    await start({ first: false })
    fake.becomeReady()
    expect(fake.electron.app.exit.mock.calls).toEqual([[0]])
    expect(fake.done).not.toContain('station')
    expect(fake.windows).toEqual([])

    const { window } = await startWindow()
    fake.events.emit('second-instance')
    expect([window.restore.mock.calls.length, window.focus.mock.calls.length]).toEqual([0, 1])
    window.minimized = true
    fake.events.emit('second-instance')
    expect([window.restore.mock.calls.length, window.focus.mock.calls.length]).toEqual([1, 2])
  })

  test('a station that does not open says why and what to do, and ends with its code', async () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    await start({ refusal: 'vault.inUse' })
    fake.becomeReady()
    await until(() => fake.electron.app.exit.mock.calls.length > 0)
    const { message, remedy, exit } = errorTable['vault.inUse']
    expect(fake.electron.dialog.showErrorBox.mock.calls).toEqual([[message, remedy]])
    expect(fake.electron.app.exit.mock.calls).toEqual([[exit]])
    expect(fake.windows).toEqual([])
  })

  test('a demo is told to the page, runs in a folder of its own, and takes it along', async () => {
    const { window } = await startWindow({ args: ['--demo'] })
    expect(window.options.webPreferences.additionalArguments).toEqual([simulatedCameraArgument])
    await until(() => demos.run === 1)
    fake.events.emit('before-quit', { preventDefault: () => undefined })
    await until(() => fake.electron.app.exit.mock.calls.length > 0)
    expect(demos.removed).toBe(1)
  })
})

describe('the session', () => {
  test('answers its pages with the headers of every window, and nothing else', async () => {
    const { session } = await startWindow()
    const [scheme, answer] = session.pages ?? []
    expect(scheme).toBe('app')
    const get = async (url: string) => await answer?.(new Request(url))
    expect((await get(page))?.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect((await get('app://station/../../etc/passwd'))?.status).toBe(404)
  })

  test('gives the camera to the main frame of our page, and nothing to anybody else', async () => {
    const { session } = await startWindow()
    const request = (permission: string, details: object) => {
      const answers: boolean[] = []
      session.request?.({} as never, permission as never, (answer) => answers.push(answer), details as never)
      return answers
    }
    const ours = { requestingUrl: page, isMainFrame: true }
    expect(request('media', { ...ours, mediaTypes: ['video'] })).toEqual([true])
    expect(request('media', { ...ours, mediaTypes: ['video', 'audio'] })).toEqual([false])
    expect(request('media', { ...ours, isMainFrame: false, mediaTypes: ['video'] })).toEqual([false])
    expect(request('media', { ...ours, requestingUrl: 'https://example.org/', mediaTypes: ['video'] })).toEqual([false])
    for (const permission of ['geolocation', 'notifications', 'clipboard-read', 'fullscreen', 'openExternal', 'hid', 'usb'])
      expect(request(permission, ours), permission).toEqual([false])
    const check = (permission: string, origin: string, details: object) =>
      session.check?.(null, permission as never, origin, details as never)
    expect(check('media', 'app://station', { mediaType: 'video', isMainFrame: true })).toBe(true)
    expect(check('media', 'app://station', { mediaType: 'audio', isMainFrame: true })).toBe(false)
    expect(check('media', 'app://station', { isMainFrame: true })).toBe(false)
    expect(check('media', 'https://example.org', { mediaType: 'video', isMainFrame: true })).toBe(false)
    expect(session.device?.({ deviceType: 'hid' } as never)).toBe(false)
  })
})

describe('the window', () => {
  test('goes nowhere, opens nothing and embeds nothing', async () => {
    const { window } = await startWindow()
    const prevented = (event: string, details: object) => {
      const preventDefault = vi.fn()
      window.webContents.emit(event, { ...details, preventDefault })
      return preventDefault.mock.calls.length === 1
    }
    expect(prevented('will-frame-navigate', { url: 'https://example.org/' })).toBe(true)
    expect(prevented('will-frame-navigate', { url: page })).toBe(false)
    expect(prevented('will-redirect', { url: page })).toBe(true)
    expect(prevented('will-attach-webview', {})).toBe(true)
    expect(window.webContents.openHandler?.({} as never)).toEqual({ action: 'deny' })
  })

  test('whose page crashes is loaded again once; the second time the program ends', async () => {
    const { window } = await startWindow()
    const crash = () => window.webContents.emit('render-process-gone', {}, { reason: 'oom' })
    crash()
    expect([window.webContents.reload.mock.calls.length, fake.electron.app.quit.mock.calls.length]).toEqual([1, 0])
    crash()
    expect([window.webContents.reload.mock.calls.length, fake.electron.app.quit.mock.calls.length]).toEqual([1, 1])
  })
})

describe('calls', () => {
  test('of the main frame of our window reach the station; of anybody else nothing does', async () => {
    await startWindow()
    expect(await run(from(page), 'subject.list', { limit: 1 })).toEqual({ ok: true, value: { limit: 1 } })
    const known = station.calls.length
    for (const [name, event] of [
      ['another window', from(page, { id: 8 })],
      ['a frame inside', from(page, { parent: {} })],
      ['another page', from('https://example.org/')],
      ['a page that begins alike', from('app://station.example/')],
      ['a frame that is gone', { sender: { id: 7 }, senderFrame: null } as unknown as IpcMainInvokeEvent],
    ] as const)
      expect(await run(event, 'subject.list', {}), name).toMatchObject({ ok: false, refusal: { code: 'permission.denied' } })
    expect(station.calls.length).toBe(known)
  })

  test('the live channel is handed over: one end to the face process, the other to the page that asked', async () => {
    const { window } = await startWindow()
    const ask = fake.listeners.get(ipcChannels.livePort)
    ask?.(from(page, { id: 8 }), undefined)
    expect(station.livePorts).toEqual([])
    ask?.(from(page), undefined)
    expect(station.livePorts).toMatchObject([{ name: 'face' }])
    expect(window.webContents.postMessage.mock.calls).toMatchObject([[ipcChannels.livePort, null, [{ name: 'page' }]]])
  })

  test('parts of the station are utility processes that get their messages and ports', async () => {
    await startWindow()
    const child = opened[0]?.spawn('face')
    const [utility] = fake.utilities
    const [entry, parameters, options] = fake.electron.utilityProcess.fork.mock.calls[0] ?? []
    expect([entry?.endsWith(join('out', 'main', 'face.js')), parameters, options?.serviceName]).toEqual([true, [], 'vultus-face'])
    const heard: unknown[] = []
    child?.onMessage((message: unknown) => heard.push(message))
    child?.onExit((code: number | null) => heard.push(code))
    utility?.emit('message', 'hello')
    child?.post('a')
    child?.passPort?.('port')
    expect(utility?.postMessage.mock.calls).toEqual([
      ['a', undefined],
      [{ livePort: true }, ['port']],
    ])
    Object.assign(utility ?? {}, { pid: process.pid })
    utility?.emit('spawn')
    expect(child?.pid).toBe(process.pid)
    expect(fake.done.at(-1)).toBe('withoutCoreDumps')
    utility?.emit('exit', 3)
    child?.post('too late')
    expect(utility?.postMessage).toHaveBeenCalledTimes(2)
    expect(heard).toEqual(['hello', 3])
    child?.kill()
    expect(utility?.kill).toHaveBeenCalled()
  })
})

describe('the end', () => {
  test('closes the doors, then the station, and only then goes; once', async () => {
    await startWindow()
    expect(existsSync(join(folder, 'station.json'))).toBe(true)
    fake.events.emit('window-all-closed')
    expect(fake.electron.app.quit).toHaveBeenCalledTimes(1)
    const preventDefault = vi.fn()
    for (let times = 0; times < 2; times++) fake.events.emit('before-quit', { preventDefault })
    expect(preventDefault).toHaveBeenCalledTimes(2)
    expect(fake.electron.app.exit).not.toHaveBeenCalled()
    await until(() => fake.electron.app.exit.mock.calls.length > 0)
    expect(fake.electron.app.exit.mock.calls).toEqual([[0]])
    expect(station.closed).toBe(1)
    expect(fake.handlers.size + fake.listeners.size).toBe(0)
    expect(existsSync(join(folder, 'station.json'))).toBe(false)
  })

  test.each(signals)('%s quits as a closed window does', async (name) => {
    await startWindow()
    const added = process.listeners(name).filter((listener) => !before.get(name)?.includes(listener))
    expect(added).toHaveLength(1)
    added[0]?.(name)
    expect(fake.electron.app.quit).toHaveBeenCalledTimes(1)
  })
})
