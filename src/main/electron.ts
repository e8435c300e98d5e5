/**
 * Entry of the station with Electron as its window: `electron electron.js [--data DIR] [--demo]`. The only file of main that
 * imports electron; what it decides lies in files that take Electron's objects, so that they can be tested without it.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  type MessagePortMain,
  protocol,
  type Session,
  session,
  utilityProcess,
} from 'electron'
import { errorTable, refusalOf } from '../contract/errors.ts'
import { exitCodes } from '../contract/exitCodes.ts'
import { simulatedCameraArgument } from '../contract/wire.ts'
import { dataFolderOf } from '../doors/command/dataFolder.ts'
import { takeSecrets } from '../doors/command/passphrase.ts'
import { openIpcDoor } from '../doors/ipc/ipcDoor.ts'
import { listPageFiles } from '../doors/pageFiles.ts'
import { openLocalDoor } from '../doors/socket/localDoor.ts'
import { isAlive } from '../doors/socket/localSocket.ts'
import { openStation } from '../station/station.ts'
import { withoutCoreDumps } from './coreDumps.ts'
import { type DemoFolder, makeDemoFolder, runDemo } from './demo.ts'
import { type ElectronOptions, electronOptionsOf } from './electronOptions.ts'
import { answerPage, guardContents, isPermitted, pageBase, pageScheme } from './electronRules.ts'
import { openLogFile } from './logFile.ts'
import { entriesFolder, packsFolder, projectFolder, projectVersion, rendererFolder } from './places.ts'
import { type ForkUtility, spawnUtilityFrom } from './spawnUtility.ts'
import { makeProfile } from './window/profile.ts'

/** Kept in memory: the window leaves no cache, cookie or storage on the disk. */
const partitionName = 'vultus'
const preloadFile = join(projectFolder, 'out', 'preload', 'index.cjs')

/** Everything that is open, in the order in which it is to be ended. */
const closers: (() => Promise<void> | void)[] = []

/** Utility processes take their ports as MessagePortMain; the rest of the station passes them on unseen. */
const forkUtility: ForkUtility = (modulePath, parameters, options) => {
  const child = utilityProcess.fork(modulePath, parameters, options)
  return {
    get pid() {
      return child.pid
    },
    postMessage: (message, ports) => child.postMessage(message, ports as MessagePortMain[] | undefined),
    on: (event: 'spawn' | 'message' | 'exit', listener: (parameter: never) => void) => {
      if (event === 'spawn') return child.on('spawn', listener as () => void)
      if (event === 'message') return child.on('message', listener as (message: unknown) => void)
      return child.on('exit', listener as (code: number) => void)
    },
    kill: () => child.kill(),
  }
}

/**
 * A private folder for what Electron itself writes.
 * @returns makes it go when the program ends; only for the instance that holds the lock, which is one of its files
 */
function placeElectronFiles(dataFolder: string): () => void {
  const userData = join(dataFolder, 'window', 'electron')
  mkdirSync(userData, { recursive: true, mode: 0o700 })
  const profile = makeProfile(dataFolder, isAlive)
  app.setPath('userData', userData)
  app.setPath('sessionData', profile.folder)
  return () => {
    process.once('exit', () => {
      rmSync(userData, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
      profile.remove()
    })
  }
}

function limitSession(windowSession: Session): void {
  const files = listPageFiles(rendererFolder)
  windowSession.protocol.handle(pageScheme, (request) => answerPage(request, files))
  windowSession.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : []
    answer(isPermitted({ permission, origin: details.requestingUrl, isMainFrame: details.isMainFrame, media }))
  })
  windowSession.setPermissionCheckHandler((_contents, permission, origin, details) => {
    const media = details.mediaType === undefined ? [] : [details.mediaType]
    return isPermitted({ permission, origin, isMainFrame: details.isMainFrame, media })
  })
  windowSession.setDevicePermissionHandler(() => false)
}

function openWindow(demo: boolean): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 860,
    show: false,
    title: 'Vultus',
    webPreferences: {
      preload: preloadFile,
      partition: partitionName,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
      additionalArguments: demo ? [simulatedCameraArgument] : [],
    },
  })
  window.once('ready-to-show', () => window.show())
  guardContents(window.webContents)
  return window
}

/** A page that crashed is loaded again, once. */
function keepPage(window: BrowserWindow, log: (line: string) => void): void {
  let reloads = 0
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log(`window: the page ended: ${reason}`)
    reloads += 1
    if (reloads === 1) window.webContents.reload()
    else app.quit()
  })
}

/** Opens the station, its doors and its window. */
async function openAll(dataFolder: string, demo: boolean, passphrase: string | undefined): Promise<void> {
  const logFile = openLogFile(dataFolder)
  const { log } = logFile
  closers.unshift(() => logFile.close())
  const spawn = spawnUtilityFrom(entriesFolder, forkUtility)
  const station = openStation({ dataFolder, packsFolder, version: projectVersion(), spawn, passphrase, log })
  closers.unshift(() => station.close())
  const local = await openLocalDoor({ station, dataFolder, log })
  closers.unshift(() => local.close())
  station.warm().catch((error: unknown) => log(`the station did not warm up: ${refusalOf(error).code}`))

  limitSession(session.fromPartition(partitionName))
  const door = openIpcDoor({ station, ipc: ipcMain, pageBase, newChannel: () => new MessageChannelMain(), log })
  closers.unshift(() => door.close())
  const window = openWindow(demo)
  door.admit({
    id: window.webContents.id,
    send: (channel, ...parameters) => window.webContents.send(channel, ...parameters),
    postMessage: (channel, message, ports) => window.webContents.postMessage(channel, message, ports as MessagePortMain[]),
    isDestroyed: () => window.isDestroyed(),
    on: (event, listener) => window.webContents.on(event as 'destroyed', listener),
  })
  keepPage(window, log)
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore()
    window.focus()
  })
  await window.loadURL(`${pageBase}index.html`)
  if (demo)
    void runDemo(station, (line) => process.stdout.write(`${line}\n`)).catch((error: unknown) =>
      log(`the demo ended early: ${refusalOf(error).code}`),
    )
}

async function closeAll(): Promise<void> {
  for (const close of closers.splice(0)) {
    try {
      await close()
    } catch (error) {
      // The parts after it are closed all the same, the vault above all.
      process.stderr.write(`a part of the station did not close: ${refusalOf(error).code}\n`)
    }
  }
}

/** Tells why the station does not open, and ends. */
async function giveUp(error: unknown): Promise<void> {
  const { code, message, remedy } = refusalOf(error)
  process.stderr.write(`${message} ${remedy}\n`)
  dialog.showErrorBox(message, remedy)
  await closeAll()
  app.exit(errorTable[code].exit)
}

/** Ends everything in order before the program goes. */
function endInOrder(): void {
  let ending = false
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    event.preventDefault()
    if (ending) return
    ending = true
    void closeAll().finally(() => app.exit(exitCodes.done))
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())
}

async function start({ data, demo }: ElectronOptions, passphrase: string | undefined): Promise<void> {
  const demoFolder: DemoFolder | undefined = demo ? makeDemoFolder() : undefined
  const dataFolder = demoFolder?.path ?? dataFolderOf(data, process.env)
  const removeFilesAtExit = placeElectronFiles(dataFolder)
  if (demoFolder !== undefined) closers.push(() => demoFolder.remove())
  if (!app.requestSingleInstanceLock()) return app.exit(exitCodes.done)
  removeFilesAtExit()
  app.enableSandbox()
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
  Menu.setApplicationMenu(null)
  endInOrder()
  await app.whenReady()
  await openAll(dataFolder, demo, passphrase)
}

// First of all: what is started inherits the one and must not inherit the other.
withoutCoreDumps()
const { passphrase } = takeSecrets(process.env)
// Not awaited: Electron becomes ready only after this file has been evaluated.
void start(electronOptionsOf(process.argv), passphrase).catch(giveUp)
