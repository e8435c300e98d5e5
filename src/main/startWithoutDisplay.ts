/** `vultus start` without a display: the demo if it is asked for, then the window on loopback until a signal. */
import { refusalOf } from '../contract/errors.ts'
import { exitCodes } from '../contract/exitCodes.ts'
import { aborted, unlessStopped } from '../doors/command/exit.ts'
import type { CommandHost, StartOptions } from '../doors/command/host.ts'
import { canAsk } from '../doors/command/passphrase.ts'
import type { Output } from '../doors/command/print.ts'
import { attach } from '../doors/socket/client.ts'
import { openSocketDoor } from '../doors/socket/socketDoor.ts'
import type { Station } from '../station/api.ts'
import { type DemoReport, makeDemoFolder, runDemo } from './demo.ts'
import { rendererFolder } from './places.ts'

function announceAddress(address: string, output: Output): void {
  output.line(`The station's window, for one browser and within 60 s: ${address}`)
}

/** Whoever comes late presses Enter, or runs `vultus start` again elsewhere, for another address. */
function offerNewAddresses(host: CommandHost, newAddress: () => string, output: Output): () => void {
  if (!canAsk(host.keyboard)) return () => undefined
  const onData = () => announceAddress(newAddress(), output)
  host.keyboard.on('data', onData)
  host.keyboard.resume()
  output.line('Enter gives another address; end with Ctrl-C.')
  return () => {
    host.keyboard.off('data', onData)
    host.keyboard.pause()
  }
}

/** Serves the window until the signal. */
async function serveWindow(station: Station, dataFolder: string, demo: boolean, host: CommandHost, output: Output): Promise<void> {
  const log = (line: string) => output.note(line)
  const door = await openSocketDoor({ station, rendererFolder, dataFolder, log, simulatedCamera: demo })
  try {
    const address = door.singleUseAddress()
    if (output.json) await output.answer({ address })
    else announceAddress(address, output)
    const offered = offerNewAddresses(host, () => door.singleUseAddress(), output)
    await aborted(host.stop)
    offered()
  } finally {
    await door.close()
  }
}

/** A station that is running already is not started again: it gives another address of its window. */
async function announceRunning(dataFolder: string, output: Output): Promise<boolean> {
  const running = await attach(dataFolder)
  if (running === undefined) return false
  try {
    const address = await running.singleUseAddress()
    if (output.json) await output.answer({ address })
    else announceAddress(address, output)
    return true
  } finally {
    running.close()
  }
}

async function startStation(options: StartOptions, host: CommandHost, output: Output): Promise<number> {
  if (await announceRunning(options.dataFolder, output)) return exitCodes.done
  const log = (line: string) => output.note(line)
  const station = host.open({ dataFolder: options.dataFolder, passphrase: options.passphrase, log })
  try {
    station.warm().catch((error: unknown) => log(`not everything is ready: ${refusalOf(error).message}`))
    await serveWindow(station, options.dataFolder, false, host, output)
    return exitCodes.done
  } finally {
    await station.close()
  }
}

const exitOf = ({ wrong }: DemoReport) => (wrong === 0 ? exitCodes.done : exitCodes.notMatched)

async function startDemo(options: StartOptions, host: CommandHost, output: Output): Promise<number> {
  const folder = makeDemoFolder()
  const station = host.open({ dataFolder: folder.path, passphrase: undefined, log: (line) => output.note(line) })
  try {
    output.line('Demo: drawn subjects, a throw-away vault, the real path.')
    const report = await unlessStopped(
      runDemo(station, (line) => output.line(line)),
      host.stop,
    )
    if (!options.exit) await serveWindow(station, folder.path, true, host, output)
    else if (output.json) await output.answer({ steps: report.steps.length, wrong: report.wrong })
    return exitOf(report)
  } finally {
    await station.close()
    folder.remove()
  }
}

/**
 * Runs the station without a display.
 * @returns the exit code: 1 after a demo in which an outcome was wrong
 */
export function startWithoutDisplay(options: StartOptions, host: CommandHost, output: Output): Promise<number> {
  return options.demo ? startDemo(options, host, output) : startStation(options, host, output)
}
