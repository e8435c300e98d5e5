/**
 * A stand-in for the part of Electron that the station's window uses, for tests without its program. Every function has the type
 * that Electron declares for it, and every name is one of Electron's: what it no longer has, or has otherwise, does not compile.
 */
import { EventEmitter } from 'node:events'
import type {
  App,
  BrowserWindow,
  BrowserWindowConstructorOptions,
  Dialog,
  IpcMain,
  Menu,
  MessagePortMain,
  Protocol,
  Session,
  UtilityProcess,
  WebContents,
  WebPreferences,
} from 'electron'
import { vi } from 'vitest'

type Electron = typeof import('electron')

/** Names that a stand-in may have. */
type Part<Whole> = { readonly [Name in keyof Whole]?: unknown }

/** What was done, in order: the order is part of what is promised. */
export type Done = string[]

export class FakeContents extends EventEmitter implements Part<WebContents> {
  readonly id = 7
  readonly send = vi.fn<WebContents['send']>()
  readonly postMessage = vi.fn<WebContents['postMessage']>()
  readonly reload = vi.fn<WebContents['reload']>()
  openHandler: Parameters<WebContents['setWindowOpenHandler']>[0] | undefined
  readonly setWindowOpenHandler = vi.fn<WebContents['setWindowOpenHandler']>((handler) => {
    this.openHandler = handler
  })
}

export class FakeWindow extends EventEmitter implements Part<BrowserWindow> {
  readonly webContents = new FakeContents()
  minimized = false
  readonly show = vi.fn<BrowserWindow['show']>()
  readonly focus = vi.fn<BrowserWindow['focus']>()
  readonly isMinimized = vi.fn<BrowserWindow['isMinimized']>(() => this.minimized)
  readonly isDestroyed = vi.fn<BrowserWindow['isDestroyed']>(() => false)
  readonly restore = vi.fn<BrowserWindow['restore']>()
  readonly loadURL = vi.fn<BrowserWindow['loadURL']>(async () => undefined)
  constructor(readonly options: BrowserWindowConstructorOptions & { readonly webPreferences: WebPreferences }) {
    super()
  }
}

export class FakeUtility extends EventEmitter implements Part<UtilityProcess> {
  pid: number | undefined
  readonly postMessage = vi.fn<UtilityProcess['postMessage']>()
  readonly kill = vi.fn<UtilityProcess['kill']>(() => true)
}

export class FakePort implements Part<MessagePortMain> {
  constructor(readonly name: string) {}
  readonly close = vi.fn<MessagePortMain['close']>()
}

type Handler<Setter extends (...parameters: never[]) => unknown> = NonNullable<Parameters<Setter>[0]>

export class FakeSession implements Part<Session> {
  pages: Parameters<Protocol['handle']> | undefined
  request: Handler<Session['setPermissionRequestHandler']> | undefined
  check: Handler<Session['setPermissionCheckHandler']> | undefined
  device: Handler<Session['setDevicePermissionHandler']> | undefined
  readonly protocol: Part<Protocol> = { handle: (...parameters: Parameters<Protocol['handle']>) => (this.pages = parameters) }
  readonly setPermissionRequestHandler: Session['setPermissionRequestHandler'] = (handler) => {
    this.request = handler ?? undefined
  }
  readonly setPermissionCheckHandler: Session['setPermissionCheckHandler'] = (handler) => {
    this.check = handler ?? undefined
  }
  readonly setDevicePermissionHandler: Session['setDevicePermissionHandler'] = (handler) => {
    this.device = handler ?? undefined
  }
}

/** Electron's programs as the window imports them, and what was done with them. @param isFirst whether no other instance runs */
export function fakeElectron(isFirst: boolean) {
  const done: Done = []
  const note = <Parameters extends unknown[], Result>(name: string, result: Result) =>
    vi.fn((..._parameters: Parameters): Result => {
      done.push(name)
      return result
    })
  const windows: FakeWindow[] = []
  const sessions = new Map<string, FakeSession>()
  const utilities: FakeUtility[] = []
  const handlers = new Map<string, Parameters<IpcMain['handle']>[1]>()
  const listeners = new Map<string, Parameters<IpcMain['on']>[1]>()
  const events = new EventEmitter()
  let becomeReady: () => void = () => undefined
  const ready = new Promise<void>((resolve) => {
    becomeReady = resolve
  })
  const app = {
    setPath: note<Parameters<App['setPath']>, void>('setPath', undefined),
    requestSingleInstanceLock: note<Parameters<App['requestSingleInstanceLock']>, boolean>('lock', isFirst),
    enableSandbox: note<Parameters<App['enableSandbox']>, void>('enableSandbox', undefined),
    whenReady: vi.fn<App['whenReady']>(() => {
      done.push('whenReady')
      return ready
    }),
    on: events.on.bind(events),
    quit: note<Parameters<App['quit']>, void>('quit', undefined),
    exit: note<Parameters<App['exit']>, void>('exit', undefined),
  } satisfies Part<App>
  const electron = {
    app,
    BrowserWindow: class extends FakeWindow {
      constructor(options: BrowserWindowConstructorOptions & { readonly webPreferences: WebPreferences }) {
        super(options)
        done.push('window')
        windows.push(this)
      }
    },
    dialog: { showErrorBox: vi.fn<Dialog['showErrorBox']>() } satisfies Part<Dialog>,
    ipcMain: {
      handle: vi.fn<IpcMain['handle']>((channel, listener) => void handlers.set(channel, listener)),
      on: vi.fn((channel: string, listener: Parameters<IpcMain['on']>[1]) => listeners.set(channel, listener)),
      removeHandler: vi.fn<IpcMain['removeHandler']>((channel) => void handlers.delete(channel)),
      removeAllListeners: vi.fn((channel: string) => listeners.delete(channel)),
    } satisfies Part<IpcMain>,
    Menu: { setApplicationMenu: vi.fn<typeof Menu.setApplicationMenu>() } satisfies Part<typeof Menu>,
    MessageChannelMain: class {
      readonly port1 = new FakePort('face')
      readonly port2 = new FakePort('page')
    },
    protocol: {
      registerSchemesAsPrivileged: note<Parameters<Protocol['registerSchemesAsPrivileged']>, void>('schemes', undefined),
    } satisfies Part<Protocol>,
    session: {
      fromPartition: (partition: string) => {
        done.push('session')
        const made = sessions.get(partition) ?? new FakeSession()
        sessions.set(partition, made)
        return made
      },
    } satisfies Part<Electron['session']>,
    utilityProcess: {
      fork: vi.fn<(...parameters: Parameters<Electron['utilityProcess']['fork']>) => FakeUtility>(() => {
        const utility = new FakeUtility()
        utilities.push(utility)
        return utility
      }),
    },
  } satisfies Part<Electron>
  return { electron, done, windows, sessions, utilities, handlers, listeners, events, becomeReady }
}
