/** A link to a station that is running on a data folder, for commands of the same machine. */
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { failedOf, unwrap, VultusError } from '../../contract/errors.ts'
import { openLink } from '../../contract/link.ts'
import { limits } from '../../contract/types.ts'
import { type AttachedActor, callKind, type LocalDoorFunctions, tokenPrefix, wireProtocol } from '../../contract/wire.ts'
import type { CallerIdentity, Runner } from '../../station/api.ts'
import { decodeCall, encodeCall } from './codec.ts'
import { readStationNote, type StationNote } from './localSocket.ts'

export interface AttachedStation extends Runner {
  /** A new address of that station's window that works once, for a minute. @throws VultusError where it shows none or has ended */
  singleUseAddress(): Promise<string>
  close(): void
}

const connectTimeoutMs = 5000

/** @returns undefined where no station is running on the folder; what a dead one left behind is ignored */
export async function attach(dataFolder: string): Promise<AttachedStation | undefined> {
  const note = readStationNote(dataFolder)
  if (note === undefined) return undefined
  const socket = await openLocalSocket(note)
  return socket === undefined ? undefined : attachedOver(socket)
}

function openLocalSocket(note: StationNote): Promise<WebSocket | undefined> {
  const socket = new WebSocket('ws://localhost/', [wireProtocol, `${tokenPrefix}${note.token}`], {
    createConnection: () => connect(note.path),
    perMessageDeflate: false,
    handshakeTimeout: connectTimeoutMs,
    maxPayload: limits.requestBytesMax,
  })
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket))
    socket.once('error', () => resolve(undefined))
  })
}

function attachedOver(socket: WebSocket): AttachedStation {
  let hearCall: (message: unknown) => void = () => undefined
  const port = {
    post: (message: unknown) => {
      if (socket.readyState !== socket.OPEN) throw new VultusError('station.unreachable')
      socket.send(message as Uint8Array)
    },
    onMessage: (listener: (message: unknown) => void) => {
      hearCall = listener
    },
  }
  const link = openLink<LocalDoorFunctions, object>(port, {}, { timeoutMs: 0, serialize: encodeCall })
  socket.on('message', (data: Buffer) => {
    const message = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    if (message[0] !== callKind) return
    const call = decodeCall(message)
    if (call !== undefined) hearCall(call)
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => link.$close())
  return {
    run: async (name, input, identity) => {
      try {
        return await link.run(name, input, attachedActorOf(identity))
      } catch {
        return failedOf(new VultusError('station.unreachable'))
      }
    },
    singleUseAddress: async () => {
      const outcome = await link.singleUseAddress().catch(() => failedOf(new VultusError('station.unreachable')))
      return unwrap(outcome)
    },
    close: () => socket.close(1000),
  }
}

/** Windows have a door of their own: whoever attaches is a command or serves REST. */
function attachedActorOf({ role, door, clientKey }: CallerIdentity): AttachedActor {
  // Nobody is a verdict of the station, never a word of a door.
  return {
    role: role === 'nobody' ? 'operator' : role,
    door: door === 'rest' ? 'rest' : 'command',
    ...(clientKey === undefined ? {} : { clientKey }),
  }
}
