/**
 * The station's door for Electron's window. Electron's own objects are passed in, so that this file runs without it.
 * 1. Only the main frame of a window that was admitted, showing exactly our page's origin, is answered.
 * 2. Frames and live packets go past this process: each window has a channel of its own to the face process.
 */
import { failedOf, type Outcome, VultusError } from '../../contract/errors.ts'
import { ipcChannels } from '../../contract/wire.ts'
import type { Station } from '../../station/api.ts'
import { Caller } from '../caller.ts'
import { isWithinLimits } from './inputSize.ts'

/** What is needed of Electron's WebContents. */
export interface WindowContents {
  readonly id: number
  send(channel: string, ...parameters: unknown[]): void
  postMessage(channel: string, message: unknown, ports: unknown[]): void
  isDestroyed(): boolean
  on(event: 'destroyed' | 'did-navigate', listener: () => void): unknown
}
/** What is needed of Electron's events of ipcMain. */
export interface IpcEvent {
  readonly sender: { readonly id: number }
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null
}
/** What is needed of Electron's ipcMain. */
export interface IpcMain {
  handle(channel: string, listener: (event: IpcEvent, ...parameters: unknown[]) => Promise<unknown>): void
  on(channel: string, listener: (event: IpcEvent, ...parameters: unknown[]) => void): unknown
  removeHandler(channel: string): void
  removeAllListeners(channel: string): unknown
}

export interface IpcDoorOptions {
  readonly station: Station
  readonly ipc: IpcMain
  /** Address that every page of ours begins with: app://station/ */
  readonly pageBase: string
  /** Makes a message channel (MessageChannelMain). */
  readonly newChannel: () => { port1: unknown; port2: unknown }
  readonly log: (line: string) => void
}

export interface IpcDoor {
  /** Lets a window in until it is destroyed. */
  admit(contents: WindowContents): void
  close(): void
}

interface Admitted {
  readonly contents: WindowContents
  caller: Caller
  /** Whether the page asked for its channel to the face process. */
  live: boolean
}

/** The role counts until there are accounts; from then on the station asks who is signed in. */
const identity = { role: 'administrator', door: 'ipc' } as const

/** Opens the door. */
export function openIpcDoor({ station, ipc, pageBase, newChannel, log }: IpcDoorOptions): IpcDoor {
  const windows = new Map<number, Admitted>()

  const senderOf = (event: IpcEvent): Admitted | undefined => {
    const { senderFrame } = event
    const ours = senderFrame !== null && senderFrame.parent === null && senderFrame.url.startsWith(pageBase)
    const admitted = ours ? windows.get(event.sender.id) : undefined
    if (admitted === undefined) log('ipc door: a call of another sender was refused')
    return admitted
  }
  const connectLive = ({ contents }: Admitted) => {
    const { port1, port2 } = newChannel()
    station.connectLive(port1)
    contents.postMessage(ipcChannels.livePort, null, [port2])
  }
  const livingWindows = () => [...windows.values()].filter(({ contents }) => !contents.isDestroyed())

  ipc.handle(ipcChannels.run, async (event, name, input): Promise<Outcome<unknown>> => {
    const window = senderOf(event)
    if (window === undefined) return failedOf(new VultusError('permission.denied'))
    if (!isWithinLimits(input)) return failedOf(new VultusError('request.tooLarge'))
    return window.caller.run(name, input, identity)
  })
  ipc.on(ipcChannels.livePort, (event) => {
    const window = senderOf(event)
    if (window === undefined) return
    window.live = true
    connectLive(window)
  })
  const endEvents = station.onEvent((name, payload) => {
    for (const window of livingWindows()) {
      window.contents.send(ipcChannels.event, name, payload)
      // A face process that was started again has none of the channels of the one before.
      const restarted = name === 'station.health' && 'part' in payload && payload.part === 'face' && payload.state === 'ready'
      if (restarted && window.live) connectLive(window)
    }
  })
  return {
    admit: (contents) => {
      const admitted: Admitted = { contents, caller: new Caller(station, 'ipc'), live: false }
      windows.set(contents.id, admitted)
      contents.on('did-navigate', () => {
        admitted.caller.end()
        admitted.caller = new Caller(station, 'ipc')
        admitted.live = false
      })
      contents.on('destroyed', () => {
        admitted.caller.end()
        windows.delete(contents.id)
      })
    },
    close: () => {
      endEvents()
      ipc.removeHandler(ipcChannels.run)
      ipc.removeAllListeners(ipcChannels.livePort)
      for (const { caller } of windows.values()) caller.end()
      windows.clear()
    },
  }
}
