/**
 * One WebSocket connection to a station, from a window or from a command of the same machine.
 * 1. Nothing reaches the station that is not a request for a function of this connection, or a frame of a session it opened.
 * 2. Whatever else arrives ends the connection: a page of ours never sends it.
 * 3. A caller that does not read its answers is let go: they would fill the station's memory.
 * 4. Sessions that it opened are closed when it ends, also those whose opening was still on its way; who is signed in is signed out.
 */
import type { WebSocket } from 'ws'
import type { Outcome } from '../../contract/errors.ts'
import { openLink } from '../../contract/link.ts'
import { framePacketBytesMax, sessionIdOf } from '../../contract/live.ts'
import { limits } from '../../contract/types.ts'
import { callKind, type Welcome, type WindowFunctions } from '../../contract/wire.ts'
import type { CallerIdentity, Station } from '../../station/api.ts'
import { Caller } from '../caller.ts'
import { decodeCall, encodeCall, isCallRequest } from './codec.ts'
import { LiveOutbox } from './liveOutbox.ts'

const frameKind = 1
/** Answers that may wait for a caller to read them. */
export const unreadBytesMax = 2 * limits.requestBytesMax
/** Close codes of RFC 6455: data of the wrong kind, and a message against the rules of this door. */
const closeCodes = { garbage: 1007, refused: 1008 } as const

type RunAs = (name: unknown, input: unknown, identity: CallerIdentity) => Promise<Outcome<unknown>>

export interface ConnectionOptions {
  readonly station: Station
  /** What a window is told first; commands are told nothing. */
  readonly welcome: Welcome | undefined
  /** The functions that this connection may call, made with the guarded run. */
  readonly functions: (run: RunAs) => Record<string, (...parameters: unknown[]) => unknown>
  readonly log: (line: string) => void
}

/** Serves a connection until it ends. */
export function serveConnection(socket: WebSocket, options: ConnectionOptions): void {
  const { station, log } = options
  let refused = false
  let hearCall: (message: unknown) => void = () => undefined

  const caller = new Caller(station, options.welcome === undefined ? 'command' : 'socket')
  const run: RunAs = (name, input, identity) => caller.run(name, input, identity)
  const functions = options.functions(run)
  const names = Object.keys(functions)
  const link = openLink<WindowFunctions, typeof functions>(
    {
      post: (message) => {
        if (socket.bufferedAmount <= unreadBytesMax) return socket.send(message as Uint8Array)
        log('socket door: a connection was ended: it does not read its answers')
        socket.terminate()
      },
      onMessage: (listener) => {
        hearCall = listener
      },
    },
    functions,
    { timeoutMs: 0, serialize: encodeCall },
  )
  const refuse = (code: number, what: string) => {
    refused = true
    log(`socket door: a connection was ended: ${what}`)
    socket.close(code)
  }
  const hearMessage = (message: Uint8Array) => {
    if (message[0] === frameKind) {
      // A frame of a session that has just ended is no fault; it is left out.
      if (message.length <= framePacketBytesMax && caller.owns(sessionIdOf(message))) station.pushFrame(message)
      return
    }
    if (message[0] !== callKind) return refuse(closeCodes.garbage, 'a message of no known kind')
    const call = decodeCall(message)
    if (call === undefined) return refuse(closeCodes.garbage, 'a message that cannot be read')
    if (!isCallRequest(call, names)) return refuse(closeCodes.refused, 'a message that is no call of this door')
    hearCall(call)
  }

  const outbox = new LiveOutbox((packet, sent) => socket.send(packet, sent))
  const endLive = station.onLive((packet) => {
    if (caller.owns(sessionIdOf(packet))) outbox.put(packet)
  })
  const toldEvents = options.welcome === undefined ? undefined : station.onEvent((name, payload) => void link.event.asEvent(name, payload))
  socket.on('message', (data: Buffer, isBinary) => {
    if (refused) return
    if (!isBinary) return refuse(closeCodes.garbage, 'a text message')
    hearMessage(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  })
  socket.on('error', (error: Error & { code?: string }) => log(`socket door: ${error.code ?? error.message}`))
  socket.on('close', () => {
    endLive()
    toldEvents?.()
    link.$close()
    caller.end()
  })
  if (options.welcome !== undefined) void link.welcome.asEvent(options.welcome)
}
