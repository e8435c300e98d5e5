/** One WebSocket connection to the station: calls, events and packets. When it has closed it is not used again. */
import { decode, encode } from '@msgpack/msgpack'
import type { Outcome } from '../../contract/errors.ts'
import type { EventName } from '../../contract/events.ts'
import { openLink, type Port } from '../../contract/link.ts'
import { callKind, type DoorFunctions, tokenPrefix, type Welcome, type WindowFunctions, wireProtocol } from '../../contract/wire.ts'

export interface SocketHearing {
  onWelcome(welcome: Welcome): void
  onEvent(name: EventName, payload: unknown): void
  onPacket(packet: Uint8Array): void
  /** welcomed tells whether the station ever accepted this connection. */
  onClose(welcomed: boolean): void
}

export interface SocketLink {
  run(name: string, input: unknown): Promise<Outcome<unknown>>
  sendFrame(packet: Uint8Array): boolean
  close(): void
}

/** Frames are dropped at the sender while more than this waits to be sent: an old frame is worth nothing. */
const frameBufferedBytesMax = 256 * 1024
const callBytesMin = 1

/** Opens a connection with a token that works once. */
export function openSocketLink(address: string, token: string, hearing: SocketHearing): SocketLink {
  const socket = new WebSocket(address, [wireProtocol, `${tokenPrefix}${token}`])
  socket.binaryType = 'arraybuffer'
  let welcomed = false
  let hearCall: (message: Uint8Array) => void = () => undefined
  const port: Port = {
    post: (message) => socket.send(message as Uint8Array<ArrayBuffer>),
    onMessage: (listener) => {
      hearCall = listener
    },
  }
  const local: WindowFunctions = {
    welcome: (welcome) => {
      welcomed = true
      hearing.onWelcome(welcome)
    },
    event: (name, payload) => hearing.onEvent(name, payload),
  }
  const link = openLink<DoorFunctions, WindowFunctions>(port, local, { timeoutMs: 0, serialize: encodeCall, deserialize: decodeCall })
  socket.onmessage = (event: MessageEvent) => {
    if (!(event.data instanceof ArrayBuffer)) return
    const message = new Uint8Array(event.data)
    if (message[0] === callKind && message.length > callBytesMin) hearCall(message)
    else hearing.onPacket(message)
  }
  socket.onclose = () => {
    link.$close()
    hearing.onClose(welcomed)
  }
  return {
    run: (name, input) => link.run(name, input),
    sendFrame: (packet) => {
      if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > frameBufferedBytesMax) return false
      socket.send(packet as Uint8Array<ArrayBuffer>)
      return true
    },
    close: () => socket.close(1000),
  }
}

function encodeCall(message: unknown): Uint8Array {
  const body = encode(message, { ignoreUndefined: true })
  const bytes = new Uint8Array(body.length + 1)
  bytes[0] = callKind
  bytes.set(body, 1)
  return bytes
}

function decodeCall(message: unknown): unknown {
  return decode((message as Uint8Array).subarray(1))
}
