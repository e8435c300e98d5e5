/** Entry of the station with a local Chromium as its window: `browser.js --browser PATH [--data DIR] [--demo]`. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { errorTable, refusalOf, VultusError } from '../contract/errors.ts'
import { exitCodes } from '../contract/exitCodes.ts'
import { dataFolderOf } from '../doors/command/dataFolder.ts'
import { stopSignal } from '../doors/command/exit.ts'
import { takeSecrets } from '../doors/command/passphrase.ts'
import { attach } from '../doors/socket/client.ts'
import { isAlive } from '../doors/socket/localSocket.ts'
import { openSocketDoor } from '../doors/socket/socketDoor.ts'
import type { Runner } from '../station/api.ts'
import { openStation } from '../station/station.ts'
import { ignoreClosedPipes } from './closedPipes.ts'
import { withoutCoreDumps } from './coreDumps.ts'
import { makeDemoFolder, runDemo } from './demo.ts'
import { openLogFile } from './logFile.ts'
import { entriesFolder, packsFolder, projectVersion, rendererFolder } from './places.ts'
import { spawnChildFrom } from './spawnChild.ts'
import { openChromiumWindow } from './window/chromiumWindow.ts'
import { keepWindow } from './window/keepWindow.ts'
import { makeProfile } from './window/profile.ts'

interface Options {
  readonly browser: string
  readonly dataFolder: string
  readonly demo: boolean
  readonly passphrase: string | undefined
  readonly stop: AbortSignal
}

/** A page to show, and where its tokens come from. */
interface Shown {
  readonly origin: string
  readonly mintToken: () => Promise<string> | string
}

const report = (line: string) => process.stderr.write(`${line}\n`)

/** @throws VultusError request.invalid that names the option */
function readOptions(args: string[]): { browser: string; data: string | undefined; demo: boolean } {
  try {
    const { values } = parseArgs({
      args,
      options: { browser: { type: 'string' }, data: { type: 'string' }, demo: { type: 'boolean', default: false } },
    })
    const { browser, data, demo } = values
    if (browser === undefined) throw new VultusError('browser.missing', 'name it with --browser PATH')
    return { browser: resolve(browser), data, demo }
  } catch (error) {
    if (error instanceof VultusError) throw error
    throw new VultusError('request.invalid', error instanceof Error ? error.message.split('\n', 1)[0] : undefined)
  }
}

/** Shows a page in a window until it is closed. @returns the exit code */
async function showWindow(options: Options, shown: Shown, log: (line: string) => void): Promise<number> {
  const { browser, stop } = options
  const profile = makeProfile(options.dataFolder, isAlive)
  const tell = (line: string) => {
    report(line)
    log(line)
  }
  try {
    const end = await keepWindow({ open: () => openChromiumWindow({ browser, profile, ...shown, log }), stop, report: tell })
    return end === 'closed' ? exitCodes.done : exitCodes.internal
  } finally {
    profile.remove()
  }
}

/** Opens a station on the folder and shows its window; both end together. */
async function showStation(options: Options): Promise<number> {
  const { dataFolder, demo, passphrase, stop } = options
  const logFile = openLogFile(dataFolder)
  const { log } = logFile
  const ended = new AbortController()
  const spawn = spawnChildFrom(entriesFolder)
  const station = openStation({ dataFolder, packsFolder, version: projectVersion(), spawn, passphrase, log })
  try {
    const door = await openSocketDoor({ station, rendererFolder, dataFolder, log, simulatedCamera: demo })
    try {
      station.warm().catch((error: unknown) => log(`the station did not warm up: ${refusalOf(error).code}`))
      if (demo) void fillDemo(station, AbortSignal.any([stop, ended.signal]), log)
      return await showWindow(options, door, log)
    } finally {
      ended.abort()
      await door.close()
    }
  } finally {
    await station.close()
    logFile.close()
  }
}

/** Fills the demo vault while the window is open. What fails when the window was closed meanwhile is no fault. */
async function fillDemo(station: Runner, ended: AbortSignal, log: (line: string) => void): Promise<void> {
  try {
    await runDemo(station, (line) => {
      if (!ended.aborted) process.stdout.write(`${line}\n`)
    })
  } catch (error) {
    if (ended.aborted) return
    const { code, message } = refusalOf(error)
    log(`the demo ended early: ${code}`)
    report(`The demo ended early. ${message}`)
  }
}

/** A window on the station that is running on the folder already. @returns undefined where none is */
async function showRunning(options: Options): Promise<number | undefined> {
  const running = await attach(options.dataFolder)
  if (running === undefined) return undefined
  try {
    const { origin } = new URL(await running.singleUseAddress())
    const mintToken = async () => new URLSearchParams(new URL(await running.singleUseAddress()).hash.slice(1)).get('key') ?? ''
    report('The station is running already; this opens another window of it.')
    return await showWindow(options, { origin, mintToken }, () => undefined)
  } finally {
    running.close()
  }
}

async function start(passphrase: string | undefined): Promise<number> {
  const stop = stopSignal(process, (code) => process.exit(code))
  const { browser, data, demo } = readOptions(process.argv.slice(2))
  const shared = { browser, demo, passphrase, stop }
  if (!demo) {
    const options = { ...shared, dataFolder: dataFolderOf(data, process.env) }
    return (await showRunning(options)) ?? (await showStation(options))
  }
  const folder = makeDemoFolder()
  try {
    process.stdout.write('Demo: drawn subjects, a throw-away vault, the real path.\n')
    return await showStation({ ...shared, dataFolder: folder.path })
  } finally {
    folder.remove()
  }
}

async function main(): Promise<void> {
  // First of all: what is started inherits the one and must not inherit the other.
  withoutCoreDumps()
  const { passphrase } = takeSecrets(process.env)
  ignoreClosedPipes()
  try {
    process.exit(await start(passphrase))
  } catch (error) {
    const { code, message, remedy, detail } = refusalOf(error)
    report(`${message}${detail === undefined ? '' : ` (${detail})`} ${remedy}`)
    process.exit(errorTable[code].exit)
  }
}

await main()
