/**
 * What a window or a command says to a station and hears from it, whatever carries it: a WebSocket or Electron's ports.
 * On a WebSocket every message is binary and its first byte is its kind: 0 a call message (birpc in MessagePack),
 * 1 a frame packet, 2 a live packet (live.ts). Electron carries calls by its own ports and packets by a channel of their own.
 */
import type { Outcome } from './errors.ts'
import type { EventName, EventPayload } from './events.ts'
import type { Role } from './types.ts'

/** First byte of a call message. */
export const callKind = 0
/** The subprotocol that both ends of a WebSocket speak; the token travels beside it in the same header, never in an address. */
export const wireProtocol = 'vultus.1'
/** Precedes the token where it is offered as a subprotocol. */
export const tokenPrefix = 'key.'
/** Path of the WebSocket below the address of the window. */
export const wirePath = '/link'

/** What a station tells a window when it has connected. */
export interface Welcome {
  readonly shell: 'electron' | 'browser'
  /** The window feeds a drawn subject instead of a camera (demo only). */
  readonly simulatedCamera: boolean
}

/** Who a command line or a REST door acts for when it attached to a running station; the role counts until there are accounts. */
export interface AttachedActor {
  readonly role: Role
  readonly door: 'command' | 'rest'
  /** Of a program that asks by REST with a key of its own. */
  readonly clientKey?: string | undefined
}

/** What a window may call at the station. */
export interface DoorFunctions {
  /** Never rejects for an expected failure: refusals are outcomes. */
  run(name: string, input: unknown): Promise<Outcome<unknown>>
}

/** What a command may call at a running station over its local socket. */
export interface LocalDoorFunctions {
  run(name: string, input: unknown, actor: AttachedActor): Promise<Outcome<unknown>>
  /** A new address of the window that works once, for a minute. */
  singleUseAddress(): Promise<Outcome<string>>
}

/** What a station may call at a window. */
export interface WindowFunctions {
  welcome(welcome: Welcome): void
  event<Name extends EventName>(name: Name, payload: EventPayload<Name>): void
}

/** What Electron's preload exposes to the window as `window.vultusBridge`. */
export interface Bridge {
  readonly welcome: Welcome
  run(name: string, input: unknown): Promise<Outcome<unknown>>
  /** @returns ends the subscription */
  onEvent(listener: (name: EventName, payload: unknown) => void): () => void
  /** The path of a file or folder that was dropped on the window or chosen in it; empty where it has none. */
  pathOf(file: File): string
  /** Asks for the port of frames and live packets; it arrives as a window message of this type, again after a restart of the face process. */
  requestLivePort(): void
}

/** Electron's channels; the ipc door and the preload use them, nobody else. */
export const ipcChannels = { run: 'vultus.run', event: 'vultus.event', livePort: 'vultus.livePort' } as const
/** Argument of the preload that tells of a simulated camera. */
export const simulatedCameraArgument = '--vultus-simulated-camera'

/** Type of the window message that carries the port of frames and live packets. */
export const livePortMessage = 'vultus.livePort'

/** Function by which a page asks the host of its browser for a token, over the browser's pipe. */
export const hostBinding = 'vultusHost'
/** Function of the page that the host hands the token to. */
export const tokenReceiver = 'vultusToken'
